"""What a template for tuning is made of: cases by kind, in wordings, some of which are only held out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from random import Random


@dataclass(frozen=True, slots=True)
class Case:
    """What somebody writes, and the answer that the house would give."""

    question: str
    answer: str
    document_ids: tuple[str, ...] = ()
    answerable: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """The material of a template; no wording of a held-out question occurs in an example."""

    instruction: str
    examples: tuple[Case, ...]
    questions: tuple[Case, ...]


def from_wordings(
    kinds: Mapping[str, tuple[Sequence[str], Sequence[str]]],
    write: Callable[[str, str, Random], Case],
    *,
    instruction: str,
    n_examples: int,
    n_questions: int,
    seed: int,
) -> Material:
    """Return cases of every kind in turn, from its wordings to learn from and its held-out ones.

    `write` fills a wording of a kind with words of its own choice; a question that was written
    before is written again.
    """
    draw, seen = Random(seed), set[str]()

    def cases(place: int, n: int) -> Iterator[Case]:
        turns = _in_turn([[(kind, wording) for wording in kinds[kind][place]] for kind in kinds])
        n_made = 0
        while n_made < n:
            for kind, wording in turns:
                case = write(kind, wording, draw)
                if case.question not in seen and n_made < n:
                    seen.add(case.question)
                    n_made += 1
                    yield case

    return Material(
        instruction=instruction, examples=tuple(cases(0, n_examples)), questions=tuple(cases(1, n_questions))
    )


def _in_turn(rows: Sequence[Sequence[tuple[str, str]]]) -> list[tuple[str, str]]:
    return [item for column in zip_longest(*rows) for item in column if item is not None]
