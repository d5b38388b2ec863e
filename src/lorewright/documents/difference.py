"""What two versions of a text have in common, and what they have not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

N_AROUND = 2
"""Lines shown before and after what changed."""


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a difference: `same`, `old`, `new`, or `gap` for lines in between that are the same."""

    kind: Literal["same", "old", "new", "gap"]
    text: str


def differences(old: str, new: str) -> list[DiffLine]:
    """Return the lines that were taken out and put in, with a few around them; none for equal texts."""
    if old == new:
        return []
    before, after = old.splitlines(), new.splitlines()
    groups = SequenceMatcher(None, before, after).get_grouped_opcodes(N_AROUND)
    lines: list[DiffLine] = []
    for place, group in enumerate(groups):
        if place or group[0][1] > 0:
            lines.append(DiffLine("gap", ""))
        for kind, old_from, old_to, new_from, new_to in group:
            if kind == "equal":
                lines += _lines("same", before[old_from:old_to])
                continue
            lines += [*_lines("old", before[old_from:old_to]), *_lines("new", after[new_from:new_to])]
    return lines


def _lines(kind: Literal["same", "old", "new"], texts: Sequence[str]) -> Iterator[DiffLine]:
    return (DiffLine(kind, text) for text in texts)
