"""A held-out question never occurs in training."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lorewright.datasets import Duplicate, Example, spoken
from lorewright.evaluation.question import Question


@dataclass(frozen=True, kw_only=True, slots=True)
class Leak:
    """An example that asks what a held-out question asks."""

    example_id: str
    question_id: str
    question: str
    similarity: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Clean:
    """The examples that may be trained on, and those left out as similar to held-out questions."""

    kept: tuple[Example, ...]
    leaks: tuple[Leak, ...]


def held_out_texts(questions: Iterable[Question]) -> dict[str, str]:
    """Return what every question asks by its id, as `datasets.near_duplicates` wants it."""
    return {question.id: spoken(question.conversation) for question in questions}


def held_out_clean(
    questions: Iterable[Question], examples: Sequence[Example], duplicates: Sequence[Duplicate]
) -> Clean:
    """Return the examples without those in `duplicates`, the result of `datasets.near_duplicates`.

    The examples give way, never the questions: a report stays comparable when examples are added.
    """
    text_of = {question.id: question.text for question in questions}
    leaking = {pair.dropped_id: pair for pair in duplicates if pair.kept_id in text_of}
    return Clean(
        kept=tuple(example for example in examples if example.id not in leaking),
        leaks=tuple(
            Leak(
                example_id=pair.dropped_id,
                question_id=pair.kept_id,
                question=text_of[pair.kept_id],
                similarity=pair.similarity,
            )
            for pair in leaking.values()
        ),
    )
