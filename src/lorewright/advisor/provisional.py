"""A first answer from what somebody said about their domain: never measured, and never shown as such."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from lorewright.advisor.arms import traits
from lorewright.advisor.facts import Changes, Facts
from lorewright.advisor.interview import STEPS, UNKNOWN, check_answers
from lorewright.advisor.tree import ENOUGH_EXAMPLES, OFTEN_PER_MONTH, Tree, build_tree

Confidence = Literal["medium", "low", "very low"]

_DOCUMENTS = {"none": 0, "few": 10, "dozens": 50, "hundreds": 500}
_EXAMPLES = {"none": 0, "few": 20, "dozens": 100, "hundreds": 400}
_FORM = {"yes": 0.9, "partly": 0.5, "no": 0.1}
_CHANGES = {"weekly": 8.0, "monthly": 1.0, "yearly": 0.25, "never": 0.0}
_UNKNOWN = "Unknown so far."
_TOPICS = ("examples", "form", "changes")
"""The topic that each question of the tree depends on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Provisional:
    """Where to start, from what was said: nothing was counted and nothing measured.

    `arm` is empty where there is nothing to answer from yet. `firm_up` says what would make it
    more than that, the most telling first.
    """

    arm: str
    headline: str
    confidence: Confidence
    reasons: tuple[str, ...]
    firm_up: tuple[str, ...]
    tree: Tree
    is_measured: Literal[False] = False


def provisional(answers: Mapping[str, str]) -> Provisional:
    """Return where to start, by the same tree as ever, from answers by topic; what is missing is unknown."""
    check_answers(answers)
    given: dict[str, str] = {step.topic: answers.get(step.topic, UNKNOWN) for step in STEPS}
    tree = _with_given_answers(build_tree(_facts(given), None), given)
    arm = tree.leads_to
    if given["model"] == "remote" and traits(arm).tuned:
        arm = "rag-few-shot" if given["documents"] != "none" else "few-shot"
    if given["examples"] == "none" and arm == "few-shot":
        arm = "" if given["documents"] == "none" else "base"
    return Provisional(
        arm=arm,
        headline=_headline(arm),
        confidence=_confidence(tree, given),
        reasons=tuple(_reasons(tree, arm, given)),
        firm_up=tuple(_firm_up(arm, given)),
        tree=tree,
    )


def _facts(given: Mapping[str, str]) -> Facts:
    return Facts(
        n_examples=_EXAMPLES.get(given["examples"]),
        n_documents=_DOCUMENTS.get(given["documents"], _DOCUMENTS["few"]),  # unknown: most have some
        form=_FORM.get(given["form"]),
        changes=Changes(stated_per_month=_CHANGES.get(given["changes"])),
    )


def _with_given_answers(tree: Tree, given: Mapping[str, str]) -> Tree:
    """Return the tree with what was said as its evidence: the counts in it are only stand-ins."""
    nodes = [
        replace(node, evidence=_evidence(topic, given))
        for node, topic in zip(tree.nodes, _TOPICS, strict=True)
    ]
    return replace(tree, nodes=tuple(nodes))


def _evidence(topic: str, given: Mapping[str, str]) -> str:
    text = _text(topic, given[topic])
    if given[topic] == UNKNOWN:
        return _UNKNOWN
    meanings = {
        "examples": f"“Hundreds” means at least {ENOUGH_EXAMPLES}.",
        "form": "Only tuning and measuring shows whether a model learns it.",
        "changes": f"“Often” means at least {OFTEN_PER_MONTH:g} per month.",
    }
    return f"You said: “{text}”. {meanings[topic]}"


def _headline(arm: str) -> str:
    if not arm:
        return "Start with documents or examples: there is nothing to answer from yet."
    return f"Start with {arm}: {traits(arm).summary}."


def _confidence(tree: Tree, given: Mapping[str, str]) -> Confidence:
    """Return how far to trust it: an unmeasured answer is never more than medium."""
    n_unknown = sum(given[topic] == UNKNOWN for topic in ("documents", *_TOPICS))
    if n_unknown >= 3:
        return "very low"
    is_between = given["examples"] == "dozens" or given["form"] == "partly"
    is_on_the_way = any(
        node.is_reached and given[topic] == UNKNOWN for node, topic in zip(tree.nodes, _TOPICS, strict=True)
    )
    return "low" if is_between or is_on_the_way or given["documents"] == UNKNOWN else "medium"


def _reasons(tree: Tree, arm: str, given: Mapping[str, str]) -> Iterator[str]:
    for node in tree.nodes:
        if node.is_reached:
            reply = node.leaning if node.reply == "unknown" else node.reply
            is_guess = node.evidence == _UNKNOWN
            yield (
                f"{node.question} {_UNKNOWN} Continuing with “{reply}”."
                if is_guess
                else (f"{node.question} {reply}. {node.evidence}")
            )
    if arm != tree.leads_to and given["model"] == "remote":
        yield f"The tree suggests {tree.leads_to}, but a model behind an API cannot be tuned here."
    if given["questions"] == "many" and arm and traits(arm).retrieves:
        yield "At this many questions, long prompts cost money: compare with the tuned arm before deciding."
    if given["documents"] == "none" and arm:
        yield "Without documents, nothing can be retrieved or cited."


def _firm_up(arm: str, given: Mapping[str, str]) -> Iterator[str]:
    if given["documents"] in ("none", UNKNOWN):
        yield "Add the documents that contain the answers: lorewright add."
    if given["examples"] in ("none", "few", UNKNOWN):
        yield "Collect questions with good answers: 50 to measure on, hundreds to tune on."
    if given["changes"] == UNKNOWN:
        yield "Count for one month how often a correct answer becomes outdated."
    n_needed = {"much": 400, "some": 100}.get(given["stakes"], 50)
    yield (
        f"Measure it: lorewright compare asks every arm held-out questions. For your requirements, use at "
        f"least {n_needed} questions."
    )
    if given["stakes"] == "much":
        yield "Set a bar on unsupported claims before you promote it: lorewright deploy."
    if arm and not traits(arm).tuned and given["examples"] in ("dozens", "hundreds"):
        yield "Tune once and compare: it takes minutes to find out whether tuning pays off."


def _text(topic: str, choice_id: str) -> str:
    step = next(step for step in STEPS if step.topic == topic)
    return next(choice.text for choice in step.choices if choice.id == choice_id)
