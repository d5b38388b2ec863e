"""What a changed fact does to each arm."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from lorewright.evaluation.estimate import Estimate, estimate
from lorewright.evaluation.question import Question
from lorewright.evaluation.scorers.correctness import RIGHT_FROM, score
from lorewright.evaluation.scorers.staleness import is_stale
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer

Outcome = Literal["right", "stale", "other"]


@dataclass(frozen=True, kw_only=True, slots=True)
class DrillRow:
    """One question about a changed fact: what an arm said before and after the change."""

    arm: str
    question_id: str
    question: str
    target: str
    stale_target: str
    before: str
    after: str
    outcome: Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class DrillSummary:
    """What the changes did to one arm.

    `update_seconds` is the time from the changed documents to the first right answer: adding and
    answering where the arm retrieves, tuning again where it does not and so a lower bound, because
    the examples have to be rewritten first. `None` where the arm has no way to learn of a change.
    """

    arm: str
    share_right: Estimate
    share_stale: Estimate
    update_seconds: float | None
    is_lower_bound: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class UpdateDrill:
    """Documents changed in a copy of the index, the same questions asked before and after."""

    document_ids: tuple[str, ...]
    rows: tuple[DrillRow, ...]
    summaries: tuple[DrillSummary, ...]

    def summary(self, arm: str) -> DrillSummary | None:
        """Return what the changes did to an arm, if it took part."""
        return next((summary for summary in self.summaries if summary.arm == arm), None)


def questions_about(questions: Sequence[Question], document_ids: Collection[str]) -> list[Question]:
    """Return the questions about documents that changed; all of them where none is.

    One that has a stale target, or names no documents, is about a change.
    """
    about = [
        question
        for question in questions
        if question.stale_targets
        or not question.document_ids
        or any(name in document_ids for name in question.document_ids)
    ]
    return about or list(questions)


def drill_row(question: Question, before: Answer, after: Answer, context: ScoringContext) -> DrillRow:
    """Return what became of one changed fact; the question's targets are what is right after."""
    right = score(question, after, context)["correctness"] >= RIGHT_FROM[context.primary]
    stale = is_stale(after.text, question, context)
    return DrillRow(
        arm=after.arm,
        question_id=question.id,
        question=question.text,
        target=next(iter(question.targets), ""),
        stale_target=next(iter(question.stale_targets), ""),
        before=before.text,
        after=after.text,
        outcome="stale" if stale else "right" if right else "other",
    )


def summarise(
    arm: str,
    rows: Sequence[DrillRow],
    *,
    update_seconds: float | None,
    is_lower_bound: bool = False,
    seed: int = 0,
) -> DrillSummary:
    """Return what the changes did to an arm, over its rows, at least one."""
    return DrillSummary(
        arm=arm,
        share_right=estimate([float(row.outcome == "right") for row in rows], seed=seed),
        share_stale=estimate([float(row.outcome == "stale") for row in rows], seed=seed),
        update_seconds=update_seconds,
        is_lower_bound=is_lower_bound,
    )
