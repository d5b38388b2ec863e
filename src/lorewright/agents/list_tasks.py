"""Tasks that list what a document says of something: every line of it, in order."""

import re
from collections.abc import Sequence

from lorewright.agents.passages import Passage, Result
from lorewright.agents.values import words_of, words_of_place
from lorewright.knowledge.words import sentences

_LIST = re.compile(
    r"^\s*(?:please\s+)?(?:list|show|name|give|liste|nenne|zeige?)\b(?:\s+me)?\s+(?:(?:all|every|alle)\s+)?"
    r"(?P<what>\S.{0,80}?)\s+(?:in|of|from|im|aus|von)\s+(?P<where>\S.{0,120}?)[.?!\s]*$",
    re.IGNORECASE,
)
_MARK = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")
_PART = re.compile(r"Characters [\d,]+ to ([\d,]+) of ([\d,]+)")
_LEAST_SHARE = 0.5


def document_to_list(task: str, passages: Sequence[Passage]) -> str:
    """Return the document that a task wants a list from, '' where it wants none or names none."""
    match = _LIST.match(task)
    if match is None:
        return ""
    where = words_of(match["where"])
    scored = [
        (len(where & words_of_place(passage.place)), -place, passage.document)
        for place, passage in enumerate(passages)
    ]
    score, _, document = max(scored, default=(0, 0, ""))
    return document if score and score >= _LEAST_SHARE * len(where) else ""


def listed(task: str, result: Result) -> str:
    """Return the lines of a document that say what a task lists, each with its place; '' without any."""
    match = _LIST.match(task)
    what = words_of(match["what"]) if match else frozenset()
    lines = [
        f"- {' '.join(_MARK.sub('', passage.text[start:end]).split())} [{passage.number}]"
        for passage in result.passages
        for start, end in sentences(passage.text)
        if what and what <= words_of(passage.text[start:end]) and not passage.text[start:end].startswith("#")
    ]
    if lines and (part := _PART.search(result.said)) and part[1] != part[2]:
        lines.append(f"Only the first {part[1]} of {part[2]} characters of the document were read.")
    return "\n".join(dict.fromkeys(lines))
