"""What tools gave back, read from the conversation: what was said, and numbered passages."""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

_PASSAGE = re.compile(r"^\[(\d+)\] (\S.*\(.*\))$", re.MULTILINE)
_ANSWER = re.compile(r"\AAnswer of [^:]*: ")


@dataclass(frozen=True, slots=True)
class Passage:
    """A numbered passage, as a tool gave it back; its place is its document's name and its headings."""

    number: int
    place: str
    text: str

    @property
    def document(self) -> str:
        """The name of its document."""
        return self.place.partition(" (")[0].partition(", page ")[0]


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool gave back for one question; not `is_found` where nothing of it answers the question.

    `error` says why it gave nothing, '' where it did its work.
    """

    said: str
    passages: tuple[Passage, ...]
    is_found: bool = True
    error: str = ""

    @property
    def told(self) -> str:
        """What was answered, or the first passage."""
        said = _PASSAGE.split(_ANSWER.sub("", self.said))[0].strip()
        return said or (self.passages[0].text.strip() if self.passages else "")


def results_in(turns: Sequence[Mapping[str, Any]]) -> list[tuple[str, Result]]:
    """Return what the tools gave back so far, in order, each with the tool's name."""
    return [
        (str(turn.get("name", "")), _read(str(turn["content"]))) for turn in turns if turn["role"] == "tool"
    ]


def _read(content: str) -> Result:
    places = list(_PASSAGE.finditer(content))
    ends = [*(match.start() for match in places[1:]), len(content)][: len(places)]
    passages = tuple(
        Passage(int(match[1]), match[2], content[match.end() : end].strip())
        for match, end in zip(places, ends, strict=True)
    )
    said = content[: places[0].start()].strip() if places else content.strip()
    return Result(said, passages, bool(passages), _error_in(content))


def _error_in(content: str) -> str:
    """Return what a tool that failed says; its result is told as an object with nothing but the error."""
    if not content.startswith('{"error"'):
        return ""
    with suppress(ValueError):
        return str(json.loads(content)["error"])
    return ""
