"""What is different between two states of a dataset: added, gone, and said otherwise."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lorewright.datasets.split import normalised


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a dataset as far as people compare it: its id, what is asked and what is answered."""

    id: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What came, what went, and what changed (before, after)."""

    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    changed: tuple[tuple[Entry, Entry], ...]


def difference(before: Sequence[Entry], after: Sequence[Entry]) -> Difference:
    """Return what is different; a row is the same one if its id is, or else if its question is."""
    left, right = Counter(before), Counter(after)
    gone, new = list((left - right).elements()), list((right - left).elements())
    changed: list[tuple[Entry, Entry]] = []
    for key in (_by_id, _by_question):
        waiting: dict[str, list[Entry]] = {}
        for entry in new:
            waiting.setdefault(key(entry), []).append(entry)
        for entry in list(gone):
            if waiting.get(key(entry)):
                other = waiting[key(entry)].pop(0)
                gone.remove(entry)
                new.remove(other)
                if (entry.question, entry.answer) != (other.question, other.answer):
                    changed.append((entry, other))
    return Difference(tuple(new), tuple(gone), tuple(changed))


def _by_id(entry: Entry) -> str:
    return entry.id


def _by_question(entry: Entry) -> str:
    return normalised(entry.question)
