"""Whether llama.cpp reads a vocabulary as its own tokenizer does: tried on texts that are hard to split."""

import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory

from tokenizers import Tokenizer

from lorewright.errors import UnknownModel
from lorewright.models.conversion.to_gguf import write_vocabulary_only
from lorewright.models.engines.llama_server import LlamaServer

_TEXTS = (
    "Hello, world!", "  two leading and two trailing  ", "a  b   c\t\td\n\ne \n f\r\n\r\ng",
    "In 2024, 1234567 people paid 3.14 \u20ac (12%) for 007.", "don't won't I'LL they'd WE'RE o'clock",
    "Gr\u00f6\u00dfe, na\u00efve, \u00c0\u00c9\u00ce, \u0142\u00f3d\u017a",
    "\u65e5\u672c\u8a9e \ud55c\uad6d\uc5b4 \u0440\u0443\u0441\u0441\u043a\u0438\u0439",
    "\U0001f642\U0001f44d\U0001f3fd \U0001f1e9\U0001f1ea", "def f(x):\n    return {'a': [1, 2]}  # comment\n",
    "https://example.org/a_b-c?q=1&r=%20#top", "...!!!???---===+++", "camelCase snake_case X1Y2", "\n", " ",
)  # fmt: skip
_WITH_MARKS = (
    "\u0939\u093f\u0928\u094d\u0926\u0940 \u0e44\u0e17\u0e22\u0e40\u0e1b\u0e47\u0e19",
    "e\u0301a\u0300 o\u0302",
)


def check_tokens(folder: Path) -> str:
    """Compare the tokens of some texts; return what a user must know of small differences, or ''.

    Raises `UnknownModel` where common texts become other tokens than the model was trained on.
    """
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    with TemporaryDirectory() as place:
        path = Path(place) / "vocabulary.gguf"
        vocabulary = write_vocabulary_only(folder, path)
        server = LlamaServer(
            path,
            name=folder.name,
            adapter=None,
            context_tokens=64,
            n_threads=1,
            n_prompt_threads=1,
            n_slots=1,
        )
        specials = [vocabulary.tokens[number] for number in vocabulary.specials.values()]
        turns = [f"a{token} b\n{token}\nc" for token in dict.fromkeys(specials)]
        wrong = [text for text in (*_TEXTS, *turns) if _differs(server, tokenizer, text)]
        marked = [text for text in _WITH_MARKS if _differs(server, tokenizer, text)]
        server.close()
    if wrong:
        raise UnknownModel(f"llama.cpp splits {wrong[0]!r} into other tokens than its own tokenizer")
    return (
        "Words with combining marks (such as Hindi or Thai) are split a little differently." if marked else ""
    )


def _differs(server: LlamaServer, tokenizer: Tokenizer, text: str) -> bool:
    composed = unicodedata.normalize("NFC", text)
    wanted = tokenizer.encode(composed, add_special_tokens=False).ids
    return server.tokens(composed, add_special=False) != wanted
