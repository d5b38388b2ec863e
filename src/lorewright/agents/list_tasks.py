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
_AND = re.compile(r"\s*,\s*(?:and\s+|und\s+)?|\s+(?:and|und)\s+")
_THINGS = re.compile(
    r"\b(?:points?|items?|things?|entries|lines?|tasks?|punkte|einträge|dinge)\b", re.IGNORECASE
)
_LEAST_SHARE = 0.5
_MARKED_WORDS = 3


def documents_to_list(task: str, passages: Sequence[Passage]) -> list[str]:
    """Return the documents that a task wants a list from, none where it wants none or names none.

    "The minutes of March and April" are two: each is named by its own words and by those before them.
    """
    match = _LIST.match(task)
    if match is None:
        return []
    first, *others = _AND.split(match["where"])
    common = " ".join(first.split()[:-1])
    wanted = [words_of(first), *(words_of(f"{common} {other}") for other in others)]
    return list(dict.fromkeys(name for words in wanted if (name := _document(words, passages))))


def _document(where: frozenset[str], passages: Sequence[Passage]) -> str:
    scored = [
        (len(where & words_of_place(passage.place)), -place, passage.document)
        for place, passage in enumerate(passages)
    ]
    score, _, document = max(scored, default=(0, 0, ""))
    return document if score and score >= _LEAST_SHARE * len(where) else ""


def listed(task: str, result: Result, *, is_marked: bool = False) -> str:
    """Return the lines of a document that say what a task lists, each with its place; '' without any.

    With `is_marked` only lines count that begin with it, such as "Decision: …".
    """
    match = _LIST.match(task)
    what = words_of(_THINGS.sub(" ", match["what"])) if match else frozenset()
    lines = [
        f"- {' '.join(_MARK.sub('', passage.text[start:end]).split())} [{passage.number}]"
        for passage in result.passages
        for start, end in sentences(passage.text)
        if _says(passage.text[start:end], what, is_marked=is_marked)
    ]
    if lines and (part := _PART.search(result.said)) and part[1] != part[2]:
        lines.append(f"Only the first {part[1]} of {part[2]} characters of the document were read.")
    return "\n".join(dict.fromkeys(lines))


def _says(line: str, what: frozenset[str], *, is_marked: bool) -> bool:
    if not what or line.startswith("#") or not what <= words_of(line):
        return False
    return not is_marked or what <= words_of(" ".join(_MARK.sub("", line).split()[:_MARKED_WORDS]))
