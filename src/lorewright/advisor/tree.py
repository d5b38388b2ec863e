"""The decision tree: enough examples, patterns to learn, changing information."""

from dataclasses import dataclass, replace
from typing import Literal

from lorewright.advisor.facts import Facts
from lorewright.evaluation import Comparison, Difference

Reply = Literal["yes", "no", "unknown"]

ENOUGH_EXAMPLES = 200
ENOUGH_PER_LABEL = 20
UNIFORM_FORM = 0.5
OFTEN_PER_MONTH = 1.0
OFTEN_SHARE = 0.1
_GAINS = (
    ("tuned", "few-shot", "form"),
    ("tuned", "few-shot", "correctness"),
    ("hybrid", "rag-few-shot", "correctness"),
    ("hybrid", "rag", "correctness"),
)
"""Where learned patterns show: a tuned arm against the arm that has the examples in its prompt."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TreeNode:
    """One question of the tree, its reply with the evidence, and where each reply leads.

    `leaning` is the reply to go on with: the reply itself, or the likelier one where it is unknown.
    `is_reached` says whether the way from the root comes by here.
    """

    question: str
    reply: Reply
    leaning: Literal["yes", "no"]
    evidence: str
    if_yes: str
    if_no: str
    is_reached: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Tree:
    """The three questions with their replies, and the arm that they lead to."""

    nodes: tuple[TreeNode, ...]
    leads_to: str

    @property
    def is_certain(self) -> bool:
        """Whether no reply on the way is a guess."""
        return all(node.reply != "unknown" for node in self.nodes if node.is_reached)

    @property
    def changes_often(self) -> Reply:
        """Return the reply to "Does information change often?"."""
        return self.nodes[2].reply


def build_tree(facts: Facts, comparison: Comparison | None) -> Tree:
    """Return the tree with every question answered from facts, and from measurements where there are any."""
    without_tuning = "rag" if facts.n_documents else "few-shot"
    enough = _enough_examples(facts, without_tuning)
    patterns = replace(_patterns(facts, comparison, without_tuning), is_reached=enough.leaning == "yes")
    is_tuning_worth_it = patterns.is_reached and patterns.leaning == "yes"
    changes = replace(_changes(facts), is_reached=is_tuning_worth_it)
    with_tuning = "hybrid" if facts.n_documents and changes.leaning == "yes" else "tuned"
    return Tree(
        nodes=(enough, patterns, changes),
        leads_to=with_tuning if is_tuning_worth_it else without_tuning,
    )


def _enough_examples(facts: Facts, without_tuning: str) -> TreeNode:
    n = facts.n_after_dedup if facts.n_after_dedup is not None else facts.n_examples
    reply: Reply = "unknown"
    evidence = "The examples have not been counted yet."
    if n is not None:
        n_double = (facts.n_examples or n) - n
        without = f", after removing {n_double} duplicates" if n_double else ""
        evidence = f"{_count(n, 'example')}{without}; “hundreds” means at least {ENOUGH_EXAMPLES}."
        reply = "yes" if n >= ENOUGH_EXAMPLES else "no" if n < ENOUGH_EXAMPLES / 4 else "unknown"
        if facts.n_labels:
            each = n / facts.n_labels
            evidence += (
                f" They have {facts.n_labels:,} labels: {each:.0f} for each, of {ENOUGH_PER_LABEL} wanted."
            )
            reply = "unknown" if reply == "yes" and each < ENOUGH_PER_LABEL else reply
        if reply == "unknown":
            evidence += " That is a borderline number: tune, and let the comparison decide."
    return TreeNode(
        question="Are there hundreds of quality examples?",
        reply=reply,
        leaning="yes" if n is not None and n >= ENOUGH_EXAMPLES / 4 else "no",
        evidence=evidence,
        if_yes="continue",
        if_no=without_tuning,
    )


def _patterns(facts: Facts, comparison: Comparison | None, without_tuning: str) -> TreeNode:
    reply, leaning, evidence = _measured_patterns(comparison) or _guessed_patterns(facts)
    return TreeNode(
        question="Are there patterns to learn, such as form, tone or decision rules?",
        reply=reply,
        leaning=leaning,
        evidence=evidence,
        if_yes="continue",
        if_no=without_tuning,
    )


def _measured_patterns(comparison: Comparison | None) -> tuple[Reply, Literal["yes", "no"], str] | None:
    """Return what tuning brought beyond examples in the prompt, if both were measured."""
    gains = [
        gain
        for tuned, untuned, metric in _GAINS
        if comparison and (gain := comparison.difference(tuned, untuned, metric))
    ]
    if not gains:
        return None
    gained = next((gain for gain in gains if gain.is_measurable and gain.mean > 0), None)
    if gained is not None:
        return "yes", "yes", f"Tuning adds what examples in the prompt do not: {describe(gained)}."
    return "no", "no", f"Tuning shows no measurable gain over examples in the prompt: {describe(gains[0])}."


def _guessed_patterns(facts: Facts) -> tuple[Reply, Literal["yes", "no"], str]:
    if facts.form is None:
        return "unknown", "no", "There are no examples to look for patterns in."
    leaning: Literal["yes", "no"] = "yes" if facts.form >= UNIFORM_FORM else "no"
    return (
        "unknown",
        leaning,
        f"Not measured yet. {facts.form:.0%} of the completions follow one common form, "
        f"which speaks {'for' if leaning == 'yes' else 'against'} it; measuring tuned and few-shot decides.",
    )


def _changes(facts: Facts) -> TreeNode:
    changes = facts.changes
    rate, counted = changes.per_month, f"{changes.n_changed} of {_count(changes.n_documents, 'document')}"
    is_seen_often = changes.n_changed > 0 and changes.share >= OFTEN_SHARE
    reply: Reply = "unknown"
    evidence = "Not set (traffic.changes_per_month), and observed for less than a week."
    if changes.stated_per_month is not None:
        reply = "yes" if changes.stated_per_month >= OFTEN_PER_MONTH else "no"
        evidence = f"lorewright.toml states {changes.stated_per_month:g} changed facts per month."
    elif is_seen_often:
        reply = "yes"
        evidence = f"{counted} changed or were removed between syncs ({changes.share:.0%})."
    elif rate is not None:
        reply = "yes" if rate >= OFTEN_PER_MONTH else "no"
        evidence = f"{counted} changed or were removed in {changes.days:.0f} days: {rate:.1f} per month."
    return TreeNode(
        question="Does the information change often?",
        reply=reply,
        leaning="no" if reply == "no" else "yes",  # unknown: an arm that retrieves is right either way
        evidence=evidence,
        if_yes="hybrid",
        if_no="tuned",
    )


def describe(difference: Difference) -> str:
    """Return a difference as a sentence's part, such as "tuned minus few-shot, form: +0.31 (95% …)"."""
    metric = difference.metric.replace("_", " ")
    return (
        f"{difference.left} minus {difference.right}, {metric}: {difference.mean:+.2f} "
        f"(95% {difference.low:+.2f} to {difference.high:+.2f}, n={difference.n})"
    )


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
