"""The arm to use, with its reasons."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lorewright.advisor.amounts import interval_text
from lorewright.advisor.arms import traits
from lorewright.advisor.costs import ArmCost, cost_table
from lorewright.advisor.facts import Facts
from lorewright.advisor.headtohead import Aspect, head_to_head
from lorewright.advisor.tree import Tree, build_tree, describe
from lorewright.amounts import usd_text
from lorewright.evaluation import REMEDIES, Comparison, Difference, Report
from lorewright.settings import Settings

GOOD_ENOUGH = 0.5
STALE_SHARE = 0.2
FEW_QUESTIONS = 50
SAME_COST_USD = 1.0
SAME_COST_SHARE = 0.05


@dataclass(frozen=True, kw_only=True, slots=True)
class Alternative:
    """Another arm, and why it was not chosen."""

    arm: str
    why: str
    is_equal: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Recommendation:
    """The arm to use, why, and what would change it.

    `is_measured` is false before any comparison: then the arm is where to start. `is_good_enough`
    is false where even the best measured arm is right too rarely to be used alone.
    """

    arm: str
    headline: str
    reasons: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    would_change: tuple[str, ...]
    is_measured: bool
    is_good_enough: bool
    tree: Tree
    table: tuple[Aspect, ...]
    costs: tuple[ArmCost, ...]
    facts: Facts


def recommend(facts: Facts, comparison: Comparison | None, settings: Settings) -> Recommendation:
    """Return the arm to use.

    Measured: the best by correctness; of all arms without a measurable difference to it, in
    correctness or in unsupported claims, the cheapest at the stated traffic. Arms that cost the
    same to within a dollar a month or five per cent count as equally cheap: of those, the one
    that was right more often. Arms that answer with old facts are set aside where information
    changes often. Not measured: what the tree says.
    """
    tree = build_tree(facts, comparison)
    if comparison is None or not comparison.reports:
        return _unmeasured(facts, tree)
    costs = cost_table(comparison, facts, settings)
    price = {cost.arm: cost.spread_usd for cost in costs}
    standing, best, equals, chosen = _weigh(comparison, tree, price)
    is_good_enough = chosen.share_right.mean >= GOOD_ENOUGH
    return Recommendation(
        arm=chosen.arm,
        headline=_headline(chosen, comparison, is_good_enough=is_good_enough),
        reasons=tuple(_reasons(chosen, best, equals, comparison, costs, settings, tree)),
        alternatives=tuple(_alternatives(chosen, best, equals, standing, comparison, price)),
        would_change=tuple(_would_change(chosen, best, facts, comparison, tree)),
        is_measured=True,
        is_good_enough=is_good_enough,
        tree=tree,
        table=head_to_head(comparison, costs, facts),
        costs=costs,
        facts=facts,
    )


def chosen_arm(facts: Facts, comparison: Comparison, settings: Settings) -> str:
    """Return the arm that `recommend` takes, without its reasons: for trying many assumptions."""
    price = {cost.arm: cost.spread_usd for cost in cost_table(comparison, facts, settings)}
    return _weigh(comparison, build_tree(facts, comparison), price)[3].arm


def _weigh(
    comparison: Comparison, tree: Tree, price: dict[str, float]
) -> tuple[list[Report], Report, list[Report], Report]:
    """Return the arms that stand, the best of them, those equal to it, and the one to take."""
    standing = _standing(comparison, tree)
    best = max(standing, key=lambda report: report.correctness.mean)
    equals = [report for report in standing if report is best or _is_equal(report, best, comparison)]
    return standing, best, equals, _choose(equals, price)


def _unmeasured(facts: Facts, tree: Tree) -> Recommendation:
    arm = traits(tree.leads_to)
    next_step = "Run lorewright compare: it measures every arm on held-out questions."
    if not facts.n_documents and not facts.n_examples:
        next_step = "Add documents (lorewright add) or examples: there is nothing to answer from yet."
    reasons = [f"{node.question} {node.reply}: {node.evidence}" for node in tree.nodes if node.is_reached]
    return Recommendation(
        arm=arm.name,
        headline=f"Start with {arm.name}: {arm.summary}. Not measured yet.",
        reasons=tuple(reasons),
        alternatives=(),
        would_change=(next_step, *(f"Still unknown: {name}." for name in facts.unknown)),
        is_measured=False,
        is_good_enough=False,
        tree=tree,
        table=head_to_head(None, (), facts),
        costs=(),
        facts=facts,
    )


def _standing(comparison: Comparison, tree: Tree) -> list[Report]:
    """Return the reports without arms that answer with old facts, where facts change often."""
    if tree.changes_often != "yes":
        return list(comparison.reports)
    fresh = [report for report in comparison.reports if not _stale_text(report, comparison)]
    return fresh or list(comparison.reports)


def _stale_text(report: Report, comparison: Comparison) -> str:
    """Return how stale an arm answers, in words, or nothing if it is not stale or was not measured."""
    summary = comparison.drill.summary(report.arm) if comparison.drill else None
    stale = summary.share_stale if summary else report.metrics.get("staleness")
    if stale is None or stale.mean < STALE_SHARE or stale.low <= 0.0:
        return ""
    return f"{interval_text(stale)} of changed facts were answered with the old fact"


def _is_equal(report: Report, best: Report, comparison: Comparison) -> bool:
    """Whether an arm is not measurably worse than the best, in correctness or in unsupported claims."""
    gap = comparison.difference(best.arm, report.arm)
    claims = comparison.difference(report.arm, best.arm, "hallucination_rate")
    is_as_right = gap is not None and not gap.is_measurable
    return is_as_right and not (claims and claims.is_measurable and claims.mean > 0)


def _choose(equals: Sequence[Report], price: dict[str, float]) -> Report:
    """Return the cheapest arm; of those that cost about the same, the one that was right more often."""
    cheapest = min(price[report.arm] for report in equals)
    about_as_cheap = [report for report in equals if _is_same_cost(price[report.arm], cheapest)]
    return max(about_as_cheap, key=lambda report: report.correctness.mean)


def _is_same_cost(one_usd: float, other_usd: float) -> bool:
    return abs(one_usd - other_usd) <= max(SAME_COST_USD, SAME_COST_SHARE * min(one_usd, other_usd))


def _headline(chosen: Report, comparison: Comparison, *, is_good_enough: bool) -> str:
    arm, right = traits(chosen.arm, comparison), interval_text(chosen.share_right)
    if is_good_enough:
        return f"Use {arm.name}: {arm.summary}. It answers {right} of the questions correctly."
    return (
        f"No arm is good enough to use on its own. The best starting point is {arm.name}, {arm.summary}: "
        f"it answers {right} of the questions correctly."
    )


def _reasons(
    chosen: Report,
    best: Report,
    equals: Sequence[Report],
    comparison: Comparison,
    costs: Sequence[ArmCost],
    settings: Settings,
    tree: Tree,
) -> Iterator[str]:
    if comparison.measured.origin:
        yield f"This is based on a comparison {comparison.measured.origin}."
    if chosen is best:
        yield f"It has the highest correctness: {interval_text(best.correctness)}."
    else:
        gap = comparison.difference(best.arm, chosen.arm)
        if gap:
            yield (f"There is no measurable difference to {best.arm} ({describe(gap)}), and it is cheaper.")
    beaten = [
        gap
        for report in comparison.reports
        if report not in equals
        and (gap := comparison.difference(chosen.arm, report.arm))
        and gap.is_measurable
    ]
    if beaten:
        nearest = min(beaten, key=lambda gap: abs(gap.mean))
        yield f"It is measurably better than {_listed([gap.right for gap in beaten])}; {describe(nearest)}."
    cost = next(cost for cost in costs if cost.arm == chosen.arm)
    n_questions = settings.traffic.questions_per_month
    yield (
        f"It costs {usd_text(cost.set_up_usd)} to set up and {usd_text(cost.month_usd)} per month "
        f"at {n_questions:,} questions."
    )
    summary = comparison.drill.summary(chosen.arm) if comparison.drill else None
    if summary:
        right = interval_text(summary.share_right)
        yield f"After facts changed, it answered {right} of the questions about them correctly."
    yield from _failures(chosen)
    if tree.leads_to == chosen.arm:
        yield "The decision tree suggests the same arm."
    else:
        yield f"The decision tree alone would suggest {tree.leads_to}; measurements take precedence."


def _failures(chosen: Report) -> Iterator[str]:
    """Yield what goes wrong most with the chosen arm, with its remedy."""
    if not chosen.failures:
        return
    name, n = max(chosen.failures.items(), key=lambda item: item[1])
    remedy = next(text for label, text in REMEDIES.items() if label == name)
    yield f"Most common failure: “{name}”, {n} of {sum(chosen.failures.values())} wrong answers. {remedy}"


def _alternatives(
    chosen: Report,
    best: Report,
    equals: Sequence[Report],
    standing: Sequence[Report],
    comparison: Comparison,
    price: dict[str, float],
) -> Iterator[Alternative]:
    for report in sorted(comparison.reports, key=lambda report: -report.correctness.mean):
        if report is chosen:
            continue
        gap = comparison.difference(report.arm, chosen.arm)
        measured = f"; {describe(gap)}" if gap else ""
        if report not in standing:
            why = f"Excluded because information changes often: {_stale_text(report, comparison)}."
        elif report in equals:
            if _is_same_cost(price[report.arm], price[chosen.arm]):
                why = f"No measurable difference, at about the same cost{measured}."
            else:
                more = usd_text(max(0.0, price[report.arm] - price[chosen.arm]))
                why = "No measurable difference, but more expensive: "
                why += f"it costs {more} more per month{measured}."
        elif gap and gap.is_measurable and gap.mean < 0:
            why = f"Measurably less correct{measured}."
        else:
            why = f"Makes more unsupported claims than {best.arm}{measured}."
        yield Alternative(arm=report.arm, why=why, is_equal=report in equals)


def _would_change(
    chosen: Report, best: Report, facts: Facts, comparison: Comparison, tree: Tree
) -> Iterator[str]:
    n = comparison.n_questions
    if comparison.measured.origin:
        yield "Measuring it on this machine (lorewright compare): every figure comes from another machine."
    if n < FEW_QUESTIONS:
        yield f"More held-out questions: {n} leave wide intervals; {2 * FEW_QUESTIONS} would be more precise."
    if chosen is not best and (gap := comparison.difference(best.arm, chosen.arm)) and gap.mean > 0:
        yield (
            f"About {_questions_to_tell(gap):,} questions would make a difference of {gap.mean:.2f} "
            f"between {best.arm} and {chosen.arm} measurable, if it is real."
        )
    arm = traits(chosen.arm, comparison)
    if not arm.retrieves and tree.changes_often != "no":
        yield f"Changing facts: {chosen.arm} retrieves nothing. Set traffic.changes_per_month."
    if not comparison.drill:
        yield "An update drill: how each arm handles a changed fact was not measured."
    if tree.nodes[0].reply != "yes" and not arm.tuned:
        yield "More examples: with hundreds of them the tuned arms may win."
    yield from (
        f"Still unknown: {name}." for name in facts.unknown if not name.startswith("the effect of tuning")
    )


def _questions_to_tell(gap: Difference) -> int:
    """Return how many questions would make a difference of this size measurable, were it real."""
    half_width = max((gap.high - gap.low) / 2, 1e-9)
    return max(gap.n + 1, round(gap.n * (half_width / max(abs(gap.mean), 1e-3)) ** 2))


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
