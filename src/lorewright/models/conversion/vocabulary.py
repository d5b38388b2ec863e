"""A tokenizer of the Hugging Face kind in GGUF's words: its tokens, how it splits and merges."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
from tokenizers import Tokenizer

from lorewright.errors import UnknownModel
from lorewright.models.conversion.splitting import describe_splitting, splitting_name

PLAIN_TEMPLATE = (
    "{% for message in messages %}{% if message['role'] == 'system' %}{{ message['content'] }}\n\n"
    "{% elif message['role'] == 'user' %}User:\n{{ message['content'] }}\n\n"
    "{% else %}Assistant:\n{{ message['content'] }}{{ eos_token }}\n\n{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}Assistant:\n{% endif %}"
)
"""How a model that comes without a chat template is asked: in plain words."""

Merge = tuple[str, str]
_SPACE = "\u2581"  # how a sentencepiece vocabulary writes a space


@dataclass(frozen=True, kw_only=True, slots=True)
class Vocabulary:
    """What a GGUF file says of a tokenizer.

    `model` is `gpt2` for byte-pair merging of bytes, which `merges` order, and `llama` for
    sentencepiece, which `scores` order. `specials` are ids by role: `bos`, `eos`, `eot` …; with
    `strips_after` white space after a special token is not read.
    """

    model: str
    splitting: str
    tokens: tuple[str, ...]
    types: tuple[int, ...]
    merges: tuple[str, ...]
    scores: tuple[float, ...]
    specials: Mapping[str, int]
    begins_with_bos: bool
    ends_with_eos: bool
    has_space_prefix: bool
    strips_after: bool
    chat_template: str

    def write(self, writer: gguf.GGUFWriter) -> None:
        """Write it into a GGUF file's header."""
        writer.add_tokenizer_model(self.model)
        writer.add_tokenizer_pre(self.splitting)
        writer.add_token_list(self.tokens)
        writer.add_token_types(self.types)
        if self.merges:
            writer.add_token_merges(self.merges)
        if self.scores:
            writer.add_token_scores(self.scores)
            writer.add_add_space_prefix(self.has_space_prefix)
        for role, token in self.specials.items():
            writer.add_uint32(f"tokenizer.ggml.{role}_token_id", token)
        writer.add_add_bos_token(self.begins_with_bos)
        writer.add_add_eos_token(self.ends_with_eos)
        if self.chat_template:
            writer.add_chat_template(self.chat_template)


def read_vocabulary(folder: Path, *, n_rows: int) -> Vocabulary:
    """Return the vocabulary of a model whose embedding has `n_rows`.

    Raises `UnknownModel` for a tokenizer that llama.cpp has no counterpart of.
    """
    path = folder / "tokenizer.json"
    if not path.is_file():
        raise UnknownModel(f"{folder.name} contains no tokenizer.json.", hint="Add that file.")
    tokenizer: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    model = tokenizer["model"]
    is_pieces = bool(model.get("byte_fallback")) and _SPACE in json.dumps(
        [tokenizer.get("normalizer"), tokenizer.get("pre_tokenizer")], ensure_ascii=False
    )
    splitting = "default" if is_pieces else splitting_name(tokenizer)
    if model.get("type") != "BPE" or not splitting:
        raise UnknownModel(
            f"the tokenizer of {folder.name} splits text in a way that llama.cpp does not have "
            f"({model.get('type')}, {describe_splitting(tokenizer)})."
        )
    by_id = {number: token for token, number in model["vocab"].items()}
    added = {int(token["id"]): token for token in tokenizer.get("added_tokens", ())}
    by_id |= {number: str(token["content"]) for number, token in added.items()}
    if max(by_id) >= n_rows:
        raise UnknownModel(f"{folder.name} has token {max(by_id)}, but weights for {n_rows} tokens only.")
    tokens = [by_id.get(number, f"[PAD{number}]") for number in range(n_rows)]
    merges = [_merge(merge) for merge in model["merges"]]
    begins, ends = _ends(Tokenizer.from_file(str(path)), folder)
    return Vocabulary(
        model="llama" if is_pieces else "gpt2",
        splitting=splitting,
        tokens=tuple(tokens),
        types=tuple(_types(tokens, by_id, added, is_pieces=is_pieces, unknown=model.get("unk_token"))),
        merges=() if is_pieces else tuple(" ".join(merge) for merge in merges),
        scores=tuple(_scores(tokens, merges, model["vocab"], folder)) if is_pieces else (),
        specials=_specials(folder, {token: number for number, token in by_id.items()}, begins),
        begins_with_bos=begins is not None,
        ends_with_eos=ends,
        has_space_prefix=_has_space_prefix(tokenizer),
        strips_after=any(token.get("special") and token.get("rstrip") for token in added.values()),
        chat_template=_chat_template(folder),
    )


def _merge(merge: str | Sequence[str]) -> Merge:
    left, right = merge.split(" ") if isinstance(merge, str) else merge
    return left, right


def _types(
    tokens: Sequence[str],
    by_id: Mapping[int, str],
    added: Mapping[int, Mapping[str, Any]],
    *,
    is_pieces: bool,
    unknown: str | None,
) -> Iterator[int]:
    for number, token in enumerate(tokens):
        if number not in by_id:
            yield gguf.TokenType.UNUSED
        elif is_pieces and token == unknown:
            yield gguf.TokenType.UNKNOWN
        elif number in added:
            is_special = added[number].get("special")
            yield gguf.TokenType.CONTROL if is_special else gguf.TokenType.USER_DEFINED
        elif is_pieces and _is_byte(token):
            yield gguf.TokenType.BYTE
        else:
            yield gguf.TokenType.NORMAL


def _is_byte(token: str) -> bool:
    return len(token) == 6 and token.startswith("<0x") and token.endswith(">")


def _scores(
    tokens: Sequence[str], merges: Sequence[Merge], vocabulary: Mapping[str, int], folder: Path
) -> Iterator[float]:
    """Yield a score for every token: llama.cpp joins the two neighbours whose sum scores highest.

    It joins any two whose sum is a token, so the merges must name all of those, as they do where
    they were made from a sentencepiece model.
    """
    ranks: dict[str, int] = {}
    for rank, (left, right) in enumerate(merges):
        ranks.setdefault(left + right, rank)
    named = set(merges)
    for token in ranks:
        for cut in range(1, len(token)):
            pair = (token[:cut], token[cut:])
            if pair not in named and all(part in vocabulary and _is_made(part, ranks) for part in pair):
                raise UnknownModel(
                    f"the tokenizer of {folder.name} joins fewer pieces than llama.cpp would "
                    f"({pair[0]!r} and {pair[1]!r} among them)."
                )
    for token in tokens:
        yield -float(ranks.get(token, len(merges)))


def _is_made(token: str, ranks: Mapping[str, int]) -> bool:
    return len(token) == 1 or token in ranks


def text_start(folder: Path) -> int | None:
    """Return the id that begins every text of the model in `folder`, if one does."""
    return _ends(Tokenizer.from_file(str(folder / "tokenizer.json")), folder)[0]


def _ends(tokenizer: Tokenizer, folder: Path) -> tuple[int | None, bool]:
    """Return the id that begins every text, if one does, and whether a mark ends it."""
    plain = tokenizer.encode("a", add_special_tokens=False).ids
    whole = tokenizer.encode("a", add_special_tokens=True).ids
    n_before = next((n for n in range(len(whole)) if whole[n : n + len(plain)] == plain), 0)
    begins = whole[0] if n_before else None
    config = _json(folder / "tokenizer_config.json")
    bos = config.get("bos_token")
    content = bos.get("content") if isinstance(bos, dict) else bos
    wants = config.get("add_bos_token")
    if wants is False:
        begins = None
    elif wants and begins is None and content:
        begins = tokenizer.token_to_id(content)
    return begins, len(whole) > n_before + len(plain)


_ROLES = {"bos_token": "bos", "eos_token": "eos", "unk_token": "unknown", "pad_token": "padding"}


def _specials(folder: Path, ids: Mapping[str, int], begins: int | None) -> dict[str, int]:
    """Return the ids of special tokens by GGUF's names for their roles."""
    said = _json(folder / "special_tokens_map.json") | _json(folder / "tokenizer_config.json")
    specials = {}
    for name, role in _ROLES.items():
        token = said.get(name)
        content = token.get("content") if isinstance(token, dict) else token
        if isinstance(content, str) and content in ids:
            specials[role] = ids[content]
    if begins is not None:
        specials["bos"] = begins
    ends = _json(folder / "generation_config.json").get("eos_token_id")
    ends = _json(folder / "config.json").get("eos_token_id") if ends is None else ends
    for end in ends if isinstance(ends, list) else [ends]:
        if isinstance(end, int) and end in ids.values():
            specials.setdefault("eos", end)
            if end != specials["eos"]:
                specials.setdefault("eot", end)
    return specials


def _has_space_prefix(tokenizer: Mapping[str, Any]) -> bool:
    """Return whether a space is put before a text."""
    written = json.dumps([tokenizer.get("normalizer"), tokenizer.get("pre_tokenizer")], ensure_ascii=False)
    return '"Prepend"' in written or '"always"' in written or '"first"' in written


def _chat_template(folder: Path) -> str:
    file = folder / "chat_template.jinja"
    if file.is_file():
        return file.read_text(encoding="utf-8").strip() or PLAIN_TEMPLATE
    given = _json(folder / "tokenizer_config.json").get("chat_template") or ""
    if isinstance(given, list):  # several by name
        return str(next((one["template"] for one in given if one["name"] == "default"), PLAIN_TEMPLATE))
    return str(given) or PLAIN_TEMPLATE


def _json(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return values
