"""Every question with what all arms answered, and the ones of them that somebody wants to read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lorewright.evaluation.comparison import Comparison
from lorewright.evaluation.row import Row


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionInAllArms:
    """One question, and what every arm made of it."""

    question_id: str
    question: str
    targets: tuple[str, ...]
    answerable: bool
    tags: tuple[str, ...]
    rows: Mapping[str, Row]

    @property
    def is_disputed(self) -> bool:
        """Whether some arms were right and others wrong."""
        return len({row.is_right for row in self.rows.values()}) > 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """Which questions to read; everything asked for must hold.

    The arms of `right` and `wrong` must have been so. `failure` is a label, of the arm `failed`
    or of any (''). `search` is looked for in questions, targets and answers. `is_unsupported` asks
    for an answer with a claim that nothing supports.
    """

    right: frozenset[str] = field(default_factory=frozenset)
    wrong: frozenset[str] = field(default_factory=frozenset)
    failure: str = ""
    failed: str = ""
    tag: str = ""
    search: str = ""
    is_disputed: bool = False
    is_unsupported: bool = False


def questions_in(comparison: Comparison) -> tuple[QuestionInAllArms, ...]:
    """Return every question once, in the order they were asked, with the answers of all arms."""
    rows: dict[str, dict[str, Row]] = {}
    for report in comparison.reports:
        for row in report.rows:
            rows.setdefault(row.question_id, {})[report.arm] = row
    return tuple(_question_in_all_arms(answers) for answers in rows.values())


def select(questions: Sequence[QuestionInAllArms], selection: Selection) -> list[QuestionInAllArms]:
    """Return the questions for which everything holds that the selection asks for."""
    return [question for question in questions if all(_holds(question, selection))]


def tags_in(questions: Sequence[QuestionInAllArms]) -> tuple[str, ...]:
    """Return every tag of the questions, the most used first."""
    counts: dict[str, int] = {}
    for question in questions:
        for tag in question.tags:
            counts[tag] = counts.get(tag, 0) + 1
    return tuple(sorted(counts, key=lambda tag: (-counts[tag], tag)))


def _question_in_all_arms(answers: Mapping[str, Row]) -> QuestionInAllArms:
    first = next(iter(answers.values()))
    return QuestionInAllArms(
        question_id=first.question_id,
        question=first.question,
        targets=first.targets,
        answerable=first.answerable,
        tags=first.tags,
        rows=answers,
    )


def _holds(question: QuestionInAllArms, selection: Selection) -> Iterator[bool]:
    """Yield whether each thing that is asked for holds, the cheap ones first."""
    rows = question.rows
    yield not selection.is_disputed or question.is_disputed
    yield not selection.tag or selection.tag in question.tags
    yield all(arm in rows and rows[arm].is_right for arm in selection.right)
    yield all(arm in rows and not rows[arm].is_right for arm in selection.wrong)
    if selection.failure:
        of = [rows[selection.failed]] if selection.failed in rows else rows.values()
        yield any(row.failure == selection.failure for row in of)
    if selection.is_unsupported:
        yield any(row.unsupported for row in rows.values())
    if selection.search.strip():
        yield _is_in(selection.search.strip().casefold(), question)


def _is_in(wanted: str, question: QuestionInAllArms) -> bool:
    texts = (question.question, *question.targets, *(row.text for row in question.rows.values()))
    return any(wanted in text.casefold() for text in texts)
