"""How well a way retrieves, measured on the domain's own questions; against another way, and fitted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from lorewright.errors import NothingMeasured
from lorewright.evaluation import Difference, Estimate, Question, difference, estimate
from lorewright.evaluation.ranked import Marks, documents_of, first_right, marks
from lorewright.flows.query import query_from
from lorewright.knowledge import Known, fit_weight
from lorewright.models import Stopped, never
from lorewright.progress import Progress, quiet
from lorewright.workspace.retrieval.bench import RetrievalTest
from lorewright.workspace.retrieval.options import RetrievalOptions

METRICS = ("recall", "ndcg", "reciprocal_rank")
N_FOLDS = 5
MIN_FITTED = 10
"""Questions with known documents that a weight is fitted on at least."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """Marks and the rank of the first right document (0: none found) by question id.

    `n_refused` of the `n_answerable` questions would count as not in the documents, as would
    `n_rightly_refused` of the `n_unanswerable` ones.
    """

    marks: Mapping[str, Marks]
    ranks: Mapping[str, int]
    n_answerable: int = 0
    n_refused: int = 0
    n_unanswerable: int = 0
    n_rightly_refused: int = 0

    def mean(self, metric: str) -> Estimate:
        """Return the mean of a metric with its interval."""
        return estimate([getattr(one, metric) for one in self.marks.values()])


@dataclass(frozen=True, kw_only=True, slots=True)
class Fitted:
    """The weight that ranks best, and what such a weight gains on questions it was not fitted on.

    `gain` is in the reciprocal rank, against the weight that holds: of every fifth of the questions
    with the weight that the other four fifths gave (`fold_weights`).
    """

    weight: float
    held_weight: float
    gain: Difference
    fold_weights: tuple[float, ...]


def measurable(questions: Sequence[Question]) -> list[Question]:
    """Return the questions whose documents are known."""
    return [question for question in questions if question.answerable and question.document_ids]


def measure(
    test: RetrievalTest, questions: Sequence[Question], way: RetrievalOptions, *, progress: Progress = quiet,
    stopped: Stopped = never,
) -> Measured:  # fmt: skip
    """Return how a way does on questions; raise `NothingMeasured` where no document is known of any."""
    test.need("evaluate")
    known = {question.id for question in measurable(questions)}
    if not known:
        raise NothingMeasured(
            "No saved question has a relevant document.",
            hint="Ask a question and mark a hit as relevant, or set document_ids of a question.",
        )
    test.look_again()
    marks_by_question: dict[str, Marks] = {}
    ranks: dict[str, int] = {}
    n_refused = {True: 0, False: 0}
    n_asked = {True: 0, False: 0}
    for done, question in enumerate(questions):
        if stopped():
            break
        progress(done, len(questions))
        result = test.find(query_from(question.conversation), way)
        n_asked[question.answerable] += 1
        n_refused[question.answerable] += not result.is_covered
        if question.id in known:
            ranked = documents_of(result.hits)
            marks_by_question[question.id] = marks(ranked, documents_of(result.kept), question.document_ids)
            ranks[question.id] = first_right(ranked, question.document_ids)
    progress(len(questions), len(questions))
    return Measured(
        marks=marks_by_question, ranks=ranks, n_answerable=n_asked[True], n_refused=n_refused[True],
        n_unanswerable=n_asked[False], n_rightly_refused=n_refused[False],
    )  # fmt: skip


def change(metric: str, tried: Measured, saved: Measured) -> Difference:
    """Return how much more of a metric one way has than another, over the same questions."""
    names = [name for name in tried.marks if name in saved.marks]
    scores = ([getattr(one.marks[name], metric) for name in names] for one in (tried, saved))
    left, right = scores
    return difference(metric, ("tried", left), ("saved", right))


def fit(
    test: RetrievalTest, questions: Sequence[Question], way: RetrievalOptions, *, progress: Progress = quiet,
) -> Fitted:  # fmt: skip
    """Return the weight that suits questions with known documents, and what it gains on others.

    Raises `NothingMeasured` for fewer than ten: a weight would be fitted to chance.
    """
    test.need("evaluate")
    known = measurable(questions)
    if len(known) < MIN_FITTED:
        raise NothingMeasured(
            f"Only {len(known)} saved questions have relevant documents; "
            f"optimizing needs at least {MIN_FITTED}.",
            hint="Ask more questions and mark their relevant hits.",
        )
    plain = replace(way, reranker="none")
    sides = {}
    for done, question in enumerate(known):
        progress(done, len(known))
        sides[question.id] = _known(test, question, plain)
    folds = [[one for one in known if _fold(one.id) == fold] for fold in range(N_FOLDS)]
    weights, tried = [], dict[str, float]()
    for fold in folds:
        others = [sides[one.id] for one in known if one not in fold]
        weight = fit_weight(others, default=way.dense_weight)
        weights.append(weight)
        for one in fold:
            tried[one.id] = _reciprocal_rank(test, one, replace(plain, dense_weight=weight))
    saved_ranks = {one.id: _reciprocal_rank(test, one, plain) for one in known}
    names = list(saved_ranks)
    progress(len(known), len(known))
    return Fitted(
        weight=fit_weight(list(sides.values()), default=way.dense_weight),
        held_weight=way.dense_weight,
        gain=difference(
            "reciprocal_rank", ("fitted", [tried[name] for name in names]),
            ("saved", [saved_ranks[name] for name in names]),
        ),
        fold_weights=tuple(weights),
    )  # fmt: skip


def _known(test: RetrievalTest, question: Question, way: RetrievalOptions) -> Known[str]:
    retrieved = test.sides(query_from(question.conversation), way)
    sides = (retrieved.text[: way.n_candidates], retrieved.dense[: way.n_candidates])
    right = {chunk.id for side in sides for chunk, _ in side if chunk.document_id in question.document_ids}
    text, dense = ({chunk.id: score for chunk, score in side} for side in sides)
    return Known(text, dense, frozenset(right))


def _reciprocal_rank(test: RetrievalTest, question: Question, way: RetrievalOptions) -> float:
    ranked = documents_of(test.find(query_from(question.conversation), way).hits)
    return marks(ranked, (), question.document_ids).reciprocal_rank


def _fold(question_id: str) -> int:
    """Return the part a question is in: always the same, and the kinds of question in every one."""
    return blake2b(question_id.encode()).digest()[0] % N_FOLDS
