"""The arm to use, with its reasons."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lorewright.advisor.amounts import interval_text
from lorewright.advisor.arms import traits
from lorewright.advisor.come_back import come_back
from lorewright.advisor.costs import ArmCost, cost_table
from lorewright.advisor.facts import Facts
from lorewright.advisor.headtohead import Aspect, head_to_head
from lorewright.advisor.levers import Lever, levers
from lorewright.advisor.priorities import PRESETS, Weights, valued, weights_in
from lorewright.advisor.race import Power, Race, choose, is_shown_good, run_race
from lorewright.advisor.tree import Tree, build_tree
from lorewright.advisor.verdict import Contender, headline, listed, what_is_seen, why_chosen, why_not
from lorewright.amounts import usd_text
from lorewright.evaluation import REMEDIES, Comparison, Report, chances_of_best
from lorewright.flows.arm_names import CLASSIFIED
from lorewright.settings import Preset, Priorities, Settings

FEW_QUESTIONS = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Alternative:
    """Another arm, and why it was not chosen; `is_equal` if it is shown to be as good."""

    arm: str
    why: str
    is_equal: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Recommendation:
    """The arm to use, why, and what would change it.

    `is_measured` is false before any comparison: then the arm is where to start. `is_good_enough`
    is false where no arm is shown to be right often enough to be used alone. `is_decided` is false
    where the questions do not tell which arm is best: `contenders` are then those that may be,
    and about `n_to_decide` questions would tell. `power` is what so many questions can see. `levers`
    are what could help where nothing is good enough, the one that most answers wait for first.
    """

    arm: str
    headline: str
    reasons: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    would_change: tuple[str, ...]
    is_measured: bool
    is_good_enough: bool
    is_decided: bool
    contenders: tuple[Contender, ...]
    n_to_decide: int
    power: Power | None
    levers: tuple[Lever, ...]
    weights: Weights
    tree: Tree
    table: tuple[Aspect, ...]
    costs: tuple[ArmCost, ...]
    facts: Facts


def recommend(facts: Facts, comparison: Comparison | None, settings: Settings) -> Recommendation:
    """Return the arm to use.

    Measured: the cheapest at the stated traffic of the best arm by correctness and those that are
    shown to be as good to within a margin. Arms that cost the same to within a dollar a month or
    five per cent count as equally cheap: of those, the one that was right more often. Where the
    questions do not tell which arm is best, that is what it says first. Arms that answer with old
    facts are set aside where information changes often. The settings' priorities say what counts
    besides correctness, and how much. Not measured: what the tree says.
    """
    tree = build_tree(facts, comparison)
    if comparison is None or not comparison.reports:
        return _unmeasured(facts, tree, settings)
    weights = weights_in(settings.priorities)
    comparison = valued(comparison, weights)
    costs = cost_table(comparison, facts, settings)
    race = run_race(comparison, _standing(comparison, tree, weights), weights)
    price = {cost.arm: cost.spread_usd for cost in costs}
    chosen = choose(race, price)
    contenders = _contenders(race, comparison)
    is_good = is_shown_good(chosen, comparison)
    return Recommendation(
        arm=chosen.arm,
        headline=headline(chosen, race, contenders, comparison),
        reasons=tuple(_reasons(chosen, race, comparison, costs, settings, tree)),
        alternatives=tuple(_alternatives(chosen, race, comparison, price)),
        would_change=tuple(_would_change(chosen, race, facts, comparison, tree)),
        is_measured=True,
        is_good_enough=is_good,
        is_decided=not race.undecided,
        contenders=contenders,
        n_to_decide=race.n_to_decide,
        power=race.power,
        levers=() if is_good else levers(chosen, comparison),
        weights=weights,
        tree=tree,
        table=head_to_head(comparison, costs, facts),
        costs=costs,
        facts=facts,
    )


Races = dict[tuple[Weights, tuple[str, ...]], Race]


def chosen_arm(facts: Facts, comparison: Comparison, settings: Settings, races: Races) -> str:
    """Return the arm that `recommend` takes, without its reasons: for trying many assumptions.

    `races` remembers what does not depend on prices, by the weights and the arms that stand.
    """
    weights = weights_in(settings.priorities)
    standing = _standing(comparison, build_tree(facts, comparison), weights)
    key = (weights, tuple(report.arm for report in standing))
    if key not in races:
        worth = valued(comparison, weights)
        races[key] = run_race(
            worth, [worth_of for report in standing if (worth_of := worth.report(report.arm))], weights
        )
    price = {cost.arm: cost.spread_usd for cost in cost_table(comparison, facts, settings)}
    return choose(races[key], price).arm


def arm_by_preset(facts: Facts, comparison: Comparison, settings: Settings) -> dict[Preset, str]:
    """Return the arm that would be recommended under each named set of priorities."""
    races: Races = {}
    return {
        name: chosen_arm(facts, comparison, replace(settings, priorities=Priorities(preset=name)), races)
        for name in PRESETS
    }


def _contenders(race: Race, comparison: Comparison) -> tuple[Contender, ...]:
    """Return the arms that may be best, the likeliest first; none where it is decided."""
    if not race.undecided:
        return ()
    reports = [report for report in comparison.reports if report.arm in race.running]
    chances = chances_of_best(reports, race.weights.metric, seed=comparison.measured.seed)
    ranked = sorted(chances, key=lambda arm: -chances[arm])
    return tuple(Contender(arm=arm, chance=chances[arm]) for arm in ranked)


def _unmeasured(facts: Facts, tree: Tree, settings: Settings) -> Recommendation:
    weights = weights_in(settings.priorities)
    is_classified = facts.n_labels and settings.tuning.method != "lora"
    arm = CLASSIFIED if is_classified and tree.leads_to == CLASSIFIED.name else traits(tree.leads_to)
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
        is_decided=False,
        contenders=(),
        n_to_decide=0,
        power=None,
        levers=(),
        weights=weights,
        tree=tree,
        table=head_to_head(None, (), facts),
        costs=(),
        facts=facts,
    )


def _standing(comparison: Comparison, tree: Tree, weights: Weights) -> list[Report]:
    """Return the reports without arms that answer with old facts, where facts change often."""
    if tree.changes_often != "yes":
        return list(comparison.reports)
    fresh = [report for report in comparison.reports if not _stale_text(report, comparison, weights)]
    return fresh or list(comparison.reports)


def _stale_text(report: Report, comparison: Comparison, weights: Weights) -> str:
    """Return how stale an arm answers, in words, or nothing if it is not stale or was not measured."""
    summary = comparison.drill.summary(report.arm) if comparison.drill else None
    stale = summary.share_stale if summary else report.metrics.get("staleness")
    if stale is None or stale.mean * 100 < weights.stale_percent or stale.low <= 0.0:
        return ""
    return f"{interval_text(stale)} of changed facts were answered with the old fact"


def _reasons(
    chosen: Report,
    race: Race,
    comparison: Comparison,
    costs: Sequence[ArmCost],
    settings: Settings,
    tree: Tree,
) -> Iterator[str]:
    if comparison.measured.origin:
        yield f"This is based on a comparison {comparison.measured.origin}."
    yield from why_chosen(chosen, race, comparison)
    yield from what_is_seen(race, comparison)
    yield from _weighed(settings)
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


def _weighed(settings: Settings) -> Iterator[str]:
    """Yield what counts besides correctness, where somebody said so."""
    priorities, weights = settings.priorities, weights_in(settings.priorities)
    if weights == Weights():
        return
    name = priorities.preset if weights == PRESETS[priorities.preset] else f"{priorities.preset}, changed"
    yield (
        f"Your priorities ({name}): an unsupported claim counts as {weights.unsupported:g} right answers, a "
        f"second of waiting as {weights.second_points:g} points, and a cheaper arm may lose "
        f"{weights.cost_points:g} points."
    )


def _failures(chosen: Report) -> Iterator[str]:
    """Yield what goes wrong most with the chosen arm, with its remedy."""
    if not chosen.failures:
        return
    name, n = max(chosen.failures.items(), key=lambda item: item[1])
    remedy = next(text for label, text in REMEDIES.items() if label == name)
    yield f"Most common failure: “{name}”, {n} of {sum(chosen.failures.values())} wrong answers. {remedy}"


def _alternatives(
    chosen: Report, race: Race, comparison: Comparison, price: dict[str, float]
) -> Iterator[Alternative]:
    for report in sorted(comparison.reports, key=lambda report: -report.correctness.mean):
        if report is chosen:
            continue
        why = (
            f"Excluded because information changes often: {_stale_text(report, comparison, race.weights)}."
            if race.places[report.arm] == "stale"
            else why_not(report, chosen, race, comparison, price)
        )
        yield Alternative(arm=report.arm, why=why, is_equal=race.places[report.arm] in ("best", "as-good"))


def _would_change(
    chosen: Report, race: Race, facts: Facts, comparison: Comparison, tree: Tree
) -> Iterator[str]:
    n = comparison.n_questions
    if comparison.measured.origin:
        yield "Measuring it on this machine (lorewright compare): every figure comes from another machine."
    if names := comparison.measured.unknown_documents:
        yield (
            f"The document_ids of questions: {listed(names[:3])}{' and others' * (len(names) > 3)} "
            f"{'is' if len(names) == 1 else 'are'} not among the documents, so retrieval counts as missed."
        )
    if n_synthetic := comparison.measured.n_synthetic:
        yield (
            f"Questions that people asked: {n_synthetic:,} of {n:,} were made from the documents, in their "
            "words, so what searches is likely to look better than it is."
        )
    yield from (
        lever.text for lever in ([] if is_shown_good(chosen, comparison) else levers(chosen, comparison))
    )
    if race.undecided:
        yield (
            f"More held-out questions: about {race.n_to_decide:,} would tell {race.best.arm} and "
            f"{listed(race.undecided)} apart, if the differences are what they look like.{_unasked(n, facts)}"
        )
    elif n < FEW_QUESTIONS:
        yield f"More held-out questions: {n} leave wide intervals; {2 * FEW_QUESTIONS} would be more precise."
    arm = traits(chosen.arm, comparison)
    if not arm.retrieves and tree.changes_often != "no":
        yield f"Changing facts: {chosen.arm} retrieves nothing. Set traffic.changes_per_month."
    if not comparison.drill:
        yield "An update drill: how each arm handles a changed fact was not measured."
    if comparison.curve:
        yield comparison.curve.text
        yield from come_back(chosen, comparison.curve, comparison)
    elif tree.nodes[0].reply != "yes" and not arm.tuned:
        yield "More examples: with hundreds of them the tuned arms may win."
    yield from (
        f"Still unknown: {name}." for name in facts.unknown if not name.startswith("the effect of tuning")
    )


def _unasked(n: int, facts: Facts) -> str:
    """Return how to ask more: the held-out questions that were not asked, or else new ones."""
    n_there = facts.n_questions or 0
    if n_there > n:
        return f" You have {n_there:,}: lorewright compare --limit {n_there}."
    return " All there are were asked: add some to questions/, then run lorewright compare."
