"""One answer as measured: what was asked and said, every score, and why it is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from lorewright.errors import BrokenPlugin
from lorewright.evaluation.evidence import unsupported_claims
from lorewright.evaluation.failure import failure_of
from lorewright.evaluation.groups import group_of
from lorewright.evaluation.question import Question, tags_of
from lorewright.evaluation.scorers import SCORERS, Scorer
from lorewright.evaluation.scorers.correctness import RIGHT_FROM
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer


@dataclass(frozen=True, kw_only=True, slots=True)
class Cited:
    """Where an answer says its support stands, as a reader needs it."""

    document_id: str
    title: str
    quote: str
    page: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One answer of one arm to one question, with its scores by metric name.

    `failure` is empty where the answer is right. `unsupported` are claims that nothing supports.
    `tags` say what the question is about. `cpu_seconds` is what the answer took of the processors,
    `None` where that was not measured. Questions of one `group` stand and fall together.
    """

    question_id: str
    question: str
    targets: tuple[str, ...]
    answerable: bool
    text: str
    refused: bool
    citations: tuple[Cited, ...]
    scores: Mapping[str, float]
    is_right: bool
    failure: str
    unsupported: tuple[str, ...]
    latency_ms: float
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int = 0
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    cpu_seconds: float | None = None
    group: str = ""


def score_answer(
    question: Question, answer: Answer, context: ScoringContext, *, cpu_seconds: float | None = None
) -> Row:
    """Return the answer with its scores by every registered scorer, and the CPU time it took."""
    scores: dict[str, float] = {}
    for name, scorer in _scorers():
        given = scorer(question, answer, context)
        if twice := scores.keys() & given.keys():
            raise BrokenPlugin(
                f"The scorer {name!r} returns {', '.join(sorted(twice))}, as another scorer does.",
                hint="Uninstall its package; see: lorewright doctor --plugins",
            )
        scores.update(given)
    is_right = scores["correctness"] >= (RIGHT_FROM[context.primary] if question.answerable else 1.0)
    return Row(
        question_id=question.id,
        question=question.text,
        targets=question.targets,
        answerable=question.answerable,
        text=answer.text,
        refused=bool(scores.get("over_refusal") or scores.get("right_refusal")),
        citations=tuple(
            Cited(document_id=cited.document_id, title=cited.title, quote=cited.quote, page=cited.page)
            for cited in answer.citations
        ),
        scores=scores,
        is_right=is_right,
        failure="" if is_right else failure_of(question, answer, scores, context),
        unsupported=(
            unsupported_claims(question, answer, context) if scores.get("hallucination_rate") else ()
        ),
        latency_ms=answer.latency_ms,
        prompt_tokens=answer.usage.prompt_tokens,
        completion_tokens=answer.usage.completion_tokens,
        cached_tokens=answer.usage.cached_tokens,
        timings_ms=dict(answer.timings_ms),
        tags=tags_of(question.metadata),
        cpu_seconds=cpu_seconds,
        group=group_of(question.metadata, question.document_ids),
    )


@cache  # looking for plugins takes longer than scoring
def _scorers() -> tuple[tuple[str, Scorer], ...]:
    """Return every scorer by its name, those of plug-ins behind our own."""
    plugins = SCORERS.plugin_names()
    own = [name for name in SCORERS.names() if name not in plugins]
    return tuple((name, SCORERS.load(name)) for name in [*own, *plugins])
