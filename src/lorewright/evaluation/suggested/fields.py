"""Lines such as "Support ends: 2027-03-01": a thing's properties, one a line."""

import re
from collections.abc import Iterator

from lorewright.evaluation.suggested.english_words import GERUNDS
from lorewright.evaluation.suggested.outline import Part, bare
from lorewright.evaluation.suggested.tables import Cell, is_value
from lorewright.evaluation.suggested.values import kind_of

_FIELD = re.compile(
    r"^[ \t]*(?:[-*+•] +)?(?:\*\*|__)?(?P<name>[^\W\d_][^:\n*_|]{1,40}?)(?:\*\*|__)?[ \t]*:(?:\*\*"
    r"|__)?[ \t]+(?P<value>\S[^\n]*?)[ \t]*$",
    re.MULTILINE,
)
_MOST_NAME_WORDS, _MOST_VALUE_WORDS = 4, 5


def fields(part: Part) -> Iterator[Cell]:
    """Yield the properties that lines name, for the thing that the section is about."""
    if part.block.kind not in ("paragraph", "item"):
        return
    lines = part.text.count("\n") + 1
    found = list(_FIELD.finditer(part.text))
    if not found or (part.block.kind == "paragraph" and len(found) < lines):
        return  # prose with a colon in it
    thing = part.topic
    if not thing or thing.split()[0].lower() in GERUNDS:
        return
    for match in found:
        name, value = bare(match["name"]), bare(match["value"]).rstrip(".")
        if len(name.split()) > _MOST_NAME_WORDS or not is_value(value) or not _is_short(value):
            continue
        start = part.block.start + match.start() + len(match[0]) - len(match[0].lstrip())
        yield Cell(
            thing, "", thing, name, value, part.evidence(start, part.block.start + match.end()), is_row=False
        )


def _is_short(value: str) -> bool:
    """Return whether a text is a value, and no explanation that follows a colon."""
    if kind_of(value) != "text":
        return True
    is_phrase = (
        re.match(r"(?:the|an?|how|to|use|your?|if|when|this)\b|\w+ing\b", value, re.IGNORECASE) is not None
    )
    return len(value.split()) <= _MOST_VALUE_WORDS and not is_phrase and value[-1] not in "?!:,"
