"""Words of a query that must be met letter by letter: versions, error codes, names of functions."""

import re

from lorewright.knowledge.claims import claims

_YEAR = re.compile(r"[12]\d{3}")


def identifiers(query: str) -> list[str]:
    """Return the versions, codes and names with inner capitals in `query`, in lower case.

    Years, amounts and ordinals are not among them: they stand in too many chunks to tell one.
    """
    return [
        claim.text.lower()
        for claim in claims(query)
        if claim.kind != "date" and _identifies(claim.text) and not _YEAR.fullmatch(claim.text)
    ]


def share_held(wanted: list[str], text: str) -> float:
    """Return the share of `wanted` that `text` holds as whole words: 18.0 is not in 18.0.69."""
    text = text.lower()
    held = (re.search(rf"(?<![\w.]){re.escape(word)}(?!\w|[.]\w)", text) for word in wanted)
    return sum(found is not None for found in held) / len(wanted)


def _identifies(text: str) -> bool:
    if re.search(r"[$€£¥%,\s]|\d(?:st|nd|rd|th)$", text):
        return False
    return bool(re.search(r"\d|[a-z][A-Z]|_", text))
