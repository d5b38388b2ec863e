"""What tools gave back, read from the conversation: what was said, and numbered passages."""

import re
from collections.abc import Mapping, Sequence
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
    """What a tool gave back for one question."""

    said: str
    passages: tuple[Passage, ...]

    @property
    def is_found(self) -> bool:
        """Whether anything was found that may answer."""
        return bool(self.passages)

    @property
    def told(self) -> str:
        """What was answered, or the first passage."""
        said = _PASSAGE.split(_ANSWER.sub("", self.said))[0].strip()
        return said or self.passages[0].text.strip()


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
    return Result(content[: places[0].start()].strip() if places else content.strip(), passages)
