"""From two versions of a page to the question about what changed: its old answer and its new one."""

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from lorewright.evaluation.compared import is_in
from lorewright.evaluation.question import Question

LEAST_ALIKE = 0.5
"""How alike a line and its new version are, in words, at least."""
MOST_WORDS = 12
_PUNCTUATION = ".,;:!?()[]|*\"'"
_WORD = re.compile(r"\S+")


def about_the_change(question: Question, old: str, new: str) -> Question | None:
    """Return a question with the answer that the new text gives, and its old one as stale.

    `None` where the answer did not change, or no line of the new text takes the old one's place.
    """
    for target in question.targets:
        if len(target.split()) > MOST_WORDS or is_in(target, new) or not is_in(target, old):
            continue
        changed = new_value(target, old, new)
        if changed and not is_in(target, changed):
            return replace(question, targets=(changed,), stale_targets=question.targets)
    return None


def new_value(target: str, old: str, new: str) -> str:
    """Return what stands in the new text where the target stood in the old one, '' if that is not clear."""
    kept = {line.strip() for line in old.splitlines()}
    added = [line for line in new.splitlines() if line.strip() and line.strip() not in kept]
    for line in (line for line in old.splitlines() if is_in(target, line)):
        before = _WORD.findall(line)
        place = _place(_plain(target.split()), _plain(before))
        if place is None:
            continue
        for candidate in sorted(added, key=lambda other: -_likeness(line, other)):
            if _likeness(line, candidate) < LEAST_ALIKE:
                break
            value = _replaced(before, _WORD.findall(candidate), place)
            if value:
                return value
    return ""


def _replaced(before: Sequence[str], after: Sequence[str], place: tuple[int, int]) -> str:
    """Return the words that took the place of those from `place[0]` to `place[1]`."""
    start, end = place
    taken: list[str] = []
    matcher = SequenceMatcher(a=_plain(before), b=_plain(after), autojunk=False)
    for kind, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if old_end <= start or old_start >= end:
            continue
        if kind == "equal":
            first = new_start + max(0, start - old_start)
            taken += after[first : new_start + min(old_end, end) - old_start]
        else:
            taken += after[new_start:new_end]
    return " ".join(taken).strip(_PUNCTUATION + " ")


def _place(wanted: Sequence[str], there: Sequence[str]) -> tuple[int, int] | None:
    for start in range(len(there) - len(wanted) + 1):
        if list(there[start : start + len(wanted)]) == list(wanted):
            return start, start + len(wanted)
    return None


def _plain(words: Sequence[str]) -> list[str]:
    return [word.strip(_PUNCTUATION).casefold() for word in words]


def _likeness(left: str, right: str) -> float:
    return SequenceMatcher(a=_plain(left.split()), b=_plain(right.split()), autojunk=False).ratio()
