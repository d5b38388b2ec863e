"""The head-to-head table: eight aspects of every arm, each cell measured or an assumption with its source."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lorewright.advisor.amounts import interval_text, share_text
from lorewright.advisor.arms import STANDARD, ArmTraits, traits
from lorewright.advisor.costs import ArmCost
from lorewright.advisor.facts import Facts
from lorewright.amounts import seconds_text, usd_text
from lorewright.evaluation import Comparison, Estimate, Report

_TUNING_PACE = (
    "274 CPU seconds for 200 examples, 3 epochs, a 135M model on two cores; our benchmark, Nov 2026"
)
_INDEXING_PACE = "39 chunks of 200 tokens per CPU second; our benchmark, Nov 2026"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """A value as text, whether it was measured here, and its interval and n, or the assumption's source."""

    text: str
    is_measured: bool
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Aspect:
    """One row of the table: what is compared, and a cell for every arm."""

    name: str
    explanation: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class _Case:
    """One arm with everything known about it."""

    arm: ArmTraits
    report: Report | None
    cost: ArmCost | None
    comparison: Comparison | None
    facts: Facts


def head_to_head(comparison: Comparison | None, costs: Sequence[ArmCost], facts: Facts) -> tuple[Aspect, ...]:
    """Return the eight aspects for the measured arms, or for the standard ones before any measurement."""
    cost_of = {cost.arm: cost for cost in costs}
    names = comparison.arms if comparison else tuple(arm.name for arm in STANDARD)
    cases = [
        _Case(
            traits(name, comparison),
            comparison.report(name) if comparison else None,
            cost_of.get(name),
            comparison,
            facts,
        )
        for name in names
    ]
    return tuple(
        Aspect(name=name, explanation=explanation, cells={case.arm.name: cell(case) for case in cases})
        for name, explanation, cell in _ASPECTS
    )


def _set_up_time(case: _Case) -> Cell:
    if case.report:
        is_from_here = not (case.comparison and case.comparison.measured.origin)
        where = "one run on this machine" if is_from_here else "one run on another machine"
        return _measured(seconds_text(case.report.set_up.seconds), where)
    parts = []
    if case.arm.retrieves:
        parts.append("seconds to minutes of indexing")
    if case.arm.tuned:
        parts.append("minutes to hours of tuning")
    pace = _TUNING_PACE if case.arm.tuned else _INDEXING_PACE
    return _assumed(" and ".join(parts) or "none", pace if parts else "nothing to build")


def _data_needed(case: _Case) -> Cell:
    needs = []
    if case.arm.retrieves:
        needs.append(_counted(case.report.set_up.n_documents if case.report else None, "documents"))
    if case.arm.tuned:
        needs.append(_counted(case.report.set_up.n_examples if case.report else None, "examples"))
    elif case.arm.shows_examples:
        needs.append("a few examples")
    text = " and ".join(needs) or "none"
    if case.report:
        return _measured(text, "counted")
    is_plenty = "hundreds: see the first question of the decision tree"
    return _assumed(text, is_plenty if case.arm.tuned else "by design")


def _cost(case: _Case) -> Cell:
    if case.cost:
        set_up, month = usd_text(case.cost.set_up_usd), usd_text(case.cost.month_usd)
        return _measured(f"{set_up} once, {month} per month", "measured x price table")
    if case.arm.retrieves:
        return _assumed("a longer prompt for every answer", "three chunks, about 500 tokens per question")
    if case.arm.tuned:
        return _assumed("one-time tuning, then short prompts", _TUNING_PACE)
    return _assumed("the cheapest to run", "no chunks and no adapter")


def _update_speed(case: _Case) -> Cell:
    if case.report and case.report.update_seconds is not None:
        least = "at least " if case.report.is_update_lower_bound else ""
        return _measured(f"{least}{seconds_text(case.report.update_seconds)}", _drilled(case))
    if case.report and case.comparison and case.comparison.drill:
        is_late = case.arm.retrieves  # it can look the new fact up, and got none of them right
        return _measured("no right answer" if is_late else "never updates", _drilled(case))
    if case.arm.retrieves:
        return _assumed("seconds: add the document", "Lewis et al. 2020: the index is swapped, not the model")
    if case.arm.tuned:
        return _assumed("rewrite examples and tune again", "the facts are in the weights")
    return _assumed("a new model", "the facts are in the weights")


def _kind_of_knowledge(case: _Case) -> Cell:
    if case.report:
        labels = {"correctness": "answers", "form": "form"}
        metrics = case.report.metrics
        parts = [f"{label} {share_text(metrics[name])}" for name, label in labels.items() if name in metrics]
        return _measured(f"{_knows(case.arm)}: {', '.join(parts)}", _interval(case.report.correctness))
    return _assumed(_knows(case.arm), "Ovadia et al. 2023; Gekhman et al. 2024; Zhang et al. 2024 (RAFT)")


def _hallucination(case: _Case) -> Cell:
    rate = case.report.metrics.get("hallucination_rate") if case.report else None
    if rate:
        return _measured(f"{share_text(rate)} of answers", _interval(rate))
    if case.arm.retrieves:
        return _assumed(
            "lower: answers are based on chunks", "Shuster et al. 2021; checked by retrieval.grounding"
        )
    if case.arm.tuned:
        return _assumed("higher on facts outside the examples", "Gekhman et al. 2024")
    return _assumed("high on your own facts", "the model never saw them")


def _customisation(case: _Case) -> Cell:
    metrics = case.report.metrics if case.report else {}
    if "form" in metrics:
        return _measured(f"{share_text(metrics['form'])} in the right form", _interval(metrics["form"]))
    if "token_f1" in metrics:
        shared = metrics["token_f1"]
        return _measured(f"{share_text(shared)} word overlap (F1)", _interval(shared))
    if case.arm.tuned:
        return _assumed("form and tone from the examples", "LoRA, Hu et al. 2021; measured after tuning")
    if case.arm.shows_examples:
        return _assumed("form by imitation", "in-context learning, Brown et al. 2020")
    return _assumed("by instruction only", "nothing else shapes the answer")


def _latency(case: _Case) -> Cell:
    if case.report:
        half, most = case.report.latency_p50_ms, case.report.latency_p95_ms
        interval = f"p50 {seconds_text(half.low / 1000)} to {seconds_text(half.high / 1000)}, n={half.n}"
        return _measured(f"{seconds_text(half.mean / 1000)}, p95 {seconds_text(most.mean / 1000)}", interval)
    if case.arm.retrieves:
        return _assumed("longer prompts, slower answers", "three more chunks to read for every answer")
    return _assumed("the shortest prompts", "no chunks to read")


_ASPECTS: Sequence[tuple[str, str, Callable[[_Case], Cell]]] = (
    ("set-up time", "from raw material to the first answer", _set_up_time),
    ("data needed", "what it was built from", _data_needed),
    ("cost", "to set up, and per month at the stated traffic", _cost),
    ("update speed", "from a changed fact to the first right answer", _update_speed),
    ("kind of knowledge", "what it knows, and how well", _kind_of_knowledge),
    ("hallucination", "answers with an unsupported claim", _hallucination),
    ("customisation", "how well it follows your form and tone", _customisation),
    ("latency", "from question to complete answer", _latency),
)


def _knows(arm: ArmTraits) -> str:
    if arm.retrieves and arm.tuned:
        return "facts in documents, patterns from examples"
    if arm.retrieves:
        return "facts in documents"
    return (
        "patterns from examples"
        if arm.tuned or arm.shows_examples
        else "what the model learned in pre-training"
    )


def _drilled(case: _Case) -> str:
    summary = (
        case.comparison.drill.summary(case.arm.name) if case.comparison and case.comparison.drill else None
    )
    if summary is None:
        return "measured once"
    return f"{interval_text(summary.share_right)} right in the drill"


def _interval(share: Estimate) -> str:
    return f"{share.low * 100:.0f} to {share.high * 100:.0f}%, n={share.n}"


def _counted(n: int | None, noun: str) -> str:
    return noun if n is None else f"{n:,} {noun}"


def _measured(text: str, source: str) -> Cell:
    return Cell(text=text, is_measured=True, source=source)


def _assumed(text: str, source: str) -> Cell:
    return Cell(text=text, is_measured=False, source=source)
