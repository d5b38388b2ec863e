"""The verdict in sentences: which arm, whether that is decided, and why not another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lorewright.advisor.amounts import interval_text, share_text
from lorewright.advisor.arms import traits
from lorewright.advisor.priorities import CORRECTNESS, VALUE
from lorewright.advisor.race import (
    GOOD_ENOUGH,
    LEAST_QUESTIONS,
    USUAL_MARGIN,
    Race,
    is_by_chance,
    is_mostly_unsupported,
    is_same_cost,
    is_shown_good,
)
from lorewright.advisor.tree import describe
from lorewright.amounts import usd_text
from lorewright.evaluation import Comparison, Difference, Report, effect_of

MOST_APART = 1.2
"""The design effect from which grouped questions are worth a sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contender:
    """An arm that may be the best one, and its chance of that over questions resampled."""

    arm: str
    chance: float


def headline(chosen: Report, race: Race, contenders: Sequence[Contender], comparison: Comparison) -> str:
    """Return the verdict in a few sentences; what the questions cannot tell comes first."""
    arm, right = traits(chosen.arm, comparison), interval_text(chosen.share_right)
    if not chosen.share_right.mean:
        return (
            f"No arm answered any of the {comparison.n_questions} questions correctly, so none can be "
            "recommended."
        )
    it_answers = f"it answers {right} of the questions correctly"
    open_question = _open_question(race, contenders, comparison)
    if is_shown_good(chosen, comparison):
        if not open_question:
            return f"Use {arm.name}: {arm.summary}. I{it_answers[1:]}."
        return f"{open_question} Until then, use {arm.name}, {arm.summary}: {it_answers}."
    return " ".join(
        part
        for part in (
            _not_good_enough(chosen, comparison),
            open_question,
            f"The best starting point is {arm.name}, {arm.summary}: {it_answers}.",
        )
        if part
    )


def why_chosen(chosen: Report, race: Race, comparison: Comparison) -> Iterator[str]:
    """Yield what speaks for the chosen arm among those measured."""
    if chosen is race.best:
        yield _highest(chosen, race)
    elif race.places[chosen.arm] == "undecided":
        yield f"It is as good as {race.best.arm} on these questions, and cheaper."
    else:
        yield (
            f"It is as good as {race.best.arm} to within {_margin(race)} "
            f"({describe(race.gaps[chosen.arm])}), and it is cheaper or makes fewer unsupported claims."
        )
    beaten = [
        gap
        for report in comparison.reports
        if report is not chosen
        and (gap := comparison.difference(chosen.arm, report.arm))
        and gap.is_measurable
        and gap.mean > 0
    ]
    if beaten:
        nearest = min(beaten, key=lambda gap: gap.mean)
        yield (
            f"It is measurably better than {listed([gap.right for gap in beaten])}; {describe(nearest)}"
            f"{_allowed_for(nearest, comparison)}."
        )


def what_is_seen(race: Race, comparison: Comparison) -> Iterator[str]:
    """Yield how small a difference the questions show, and how many would show a smaller one."""
    power = race.power
    if power is None or not race.best.share_right.mean:
        return
    rival = comparison.report(power.rival)
    if rival and effect_of(race.weights.metric, race.best, rival) >= MOST_APART:
        yield (
            "Questions about the same document, or from one conversation, were right or wrong together: "
            "intervals are wider for it."
        )
    gap = comparison.difference(race.best.arm, power.rival)
    if gap and gap.is_measurable:
        return  # they saw it: what they could not have seen is no news
    points, usual = max(1, round(power.smallest * 100)), round(USUAL_MARGIN * 100)
    questions = f"{comparison.n_questions} questions"
    if points <= usual:
        yield f"{questions} show a difference of {points} points between {race.best.arm} and {power.rival}."
        return
    yield (
        f"{questions} cannot see a difference of less than {points} points between {race.best.arm} and "
        f"{power.rival} (95% confidence, 80% power); about {power.n_for_margin:,} would see {usual}."
    )


def why_not(
    report: Report, chosen: Report, race: Race, comparison: Comparison, price: Mapping[str, float]
) -> str:
    """Return why an arm was not taken."""
    gap = _difference(report, chosen, race, comparison)
    measured = f"; {describe(gap)}" if gap else ""
    place = race.places[report.arm]
    if place == "nothing-right":
        return f"It answered none of the {report.share_right.n} questions correctly."
    if place == "unsupported":
        claims = report.metrics["hallucination_rate"]
        return f"Most of its answers hold a claim that nothing supports: {interval_text(claims)}{measured}."
    if place == "undecided":
        return f"Undecided: it may be better or worse{measured}."
    if place == "more-claims":
        return f"As correct, but it may make more unsupported claims than {race.best.arm}{measured}."
    if place == "worse":
        if gap and gap.is_measurable and gap.mean < 0:
            less = "less correct" if gap.metric == CORRECTNESS else "worth less"
            return f"Measurably {less}{measured}."
        metric = race.weights.metric
        end, best = report.metrics[metric].high, race.best.metrics[metric]
        return (
            f"{'Less correct' if metric == CORRECTNESS else 'Worth less'}: its interval ends at "
            f"{end * 100:.0f}%, below the {share_text(best)} of {race.best.arm}{measured}."
        )
    level = (
        f"Better by less than {_margin(race)}" if place == "best" else f"As good to within {_margin(race)}"
    )
    if report not in race.pool:
        return f"{level}, but it makes more unsupported claims{measured}."
    if is_same_cost(price[report.arm], price[chosen.arm]):
        return f"{level}, at about the same cost{measured}."
    more = usd_text(max(0.0, price[report.arm] - price[chosen.arm]))
    return f"{level}, but it costs {more} more per month{measured}."


def listed(names: Sequence[str]) -> str:
    """Return names as a list in a sentence."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _open_question(race: Race, contenders: Sequence[Contender], comparison: Comparison) -> str:
    """Return what the questions leave open, or nothing."""
    if not contenders:
        return ""
    chances = listed([f"{one.arm} ({one.chance:.0%})" for one in contenders])
    return (
        f"{comparison.n_questions} questions cannot tell which arm is best; about {race.n_to_decide:,} "
        f"would. Chance of being the best: {chances}."
    )


def _not_good_enough(chosen: Report, comparison: Comparison) -> str:
    right = chosen.share_right
    if right.mean < GOOD_ENOUGH:
        return "No arm is good enough to use on its own."
    if is_mostly_unsupported(chosen):
        claims = interval_text(chosen.metrics["hallucination_rate"])
        return f"No arm is good enough to use on its own: {claims} of the answers hold an unsupported claim."
    if comparison.chance_rate is not None and is_by_chance(comparison):
        return (
            f"These figures recommend no arm: {comparison.chance_rate:.0%} of the answers to other questions "
            "would count as right, too. Set evaluation.primary or evaluation.fields."
        )
    if right.n < LEAST_QUESTIONS:
        return f"{right.n} questions are too few to recommend an arm: ask at least {LEAST_QUESTIONS}."
    return f"{right.n} questions do not show that an arm is right at least half of the time."


def _highest(chosen: Report, race: Race) -> str:
    if race.weights.metric == CORRECTNESS:
        return f"It has the highest correctness: {interval_text(chosen.correctness)}."
    return (
        f"By your priorities its answers are worth the most: {interval_text(chosen.metrics[VALUE])}, "
        f"where a right answer without an unsupported claim is worth 100%."
    )


def _difference(report: Report, chosen: Report, race: Race, comparison: Comparison) -> Difference | None:
    """Return an arm minus the chosen one, by what the arms are ranked by where that was tested."""
    if race.weights.metric != CORRECTNESS and chosen is race.best and report.arm in race.gaps:
        gap = race.gaps[report.arm]
        return replace(gap, left=report.arm, right=chosen.arm, mean=-gap.mean, low=-gap.high, high=-gap.low)
    return comparison.difference(report.arm, chosen.arm)


def _allowed_for(gap: Difference, comparison: Comparison) -> str:
    """Return how many pairs the p values allow for, where there are several."""
    n_pairs = sum(other.metric == gap.metric for other in comparison.differences)
    return "" if gap.p_adjusted is None or n_pairs < 2 else f", allowing for {n_pairs} pairs of arms (Holm)"


def _margin(race: Race) -> str:
    return f"{race.weights.cost_points:g} points"
