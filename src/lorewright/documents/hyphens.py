"""Words that a line's end tore: put together again."""

import re
from collections.abc import Sequence

_TORN = re.compile(r"(?<![\w-])(?P<head>[^\W\d_]{2,})-(?P<gap>[ \t]*\n[ \t]*| )(?P<tail>[^\W\d_]{2,})")
_WORD = re.compile(r"[^\W\d_]{2,}(?:-[^\W\d_]{2,})*")
# Words behind which a hyphen stands for the rest of a word that follows: "pre- and post-test".
_LINKS = frozenset(
    (
        "and", "or", "und", "oder", "bzw", "sowie", "bis", "to", "et", "ou", "y", "o", "e", "u",
        "en", "of", "och", "eller", "og", "i", "lub", "a", "nebo", "és", "vagy", "ve", "veya",
        "als", "wie", "nor", "but", "für", "von", "mit", "in", "on", "at", "by", "the",
    )
)  # fmt: skip


def without_line_hyphens(pages: Sequence[str]) -> list[str]:
    """Return texts in which words torn at line ends are whole.

    What the texts themselves write elsewhere decides: "well-known" keeps its hyphen where it stands
    somewhere in a line. Otherwise only words in lower case are joined.
    """
    if not any(_TORN.search(page) for page in pages):
        return list(pages)
    known = {word.casefold() for page in pages for word in _WORD.findall(_TORN.sub(" ", page))}

    def whole(torn: re.Match[str]) -> str:
        head, tail = torn["head"], torn["tail"]
        if tail in _LINKS or not tail[0].islower() or head.isupper():
            return torn[0]
        if f"{head}-{tail}".casefold() in known:
            return f"{head}-{tail}"
        is_word = (head + tail).casefold() in known
        are_words = head.casefold() in known and tail.casefold() in known
        return head + tail if "\n" in torn["gap"] or is_word or not are_words else torn[0]

    return [_TORN.sub(whole, page) for page in pages]


def with_hyphens_of(text: str, plain: str) -> str:
    """Return a text in which a hyphen that stands for the rest of a word is back: "pre- and post-test".

    Whoever made the text joined the lines of `plain` at every hyphen.
    """
    for torn in _TORN.finditer(plain):
        if torn["tail"] in _LINKS:
            joined = re.compile(rf"\b{torn['head']}{torn['tail']}\b")
            text = joined.sub(f"{torn['head']}- {torn['tail']}", text)
    return text
