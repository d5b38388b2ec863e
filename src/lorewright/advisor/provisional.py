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
"""What each question of the tree rests on."""


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
    said: dict[str, str] = {step.topic: answers.get(step.topic, UNKNOWN) for step in STEPS}
    tree = _told(build_tree(_facts(said), None), said)
    arm = tree.leads_to
    if said["model"] == "remote" and traits(arm).tuned:
        arm = "rag-few-shot" if said["documents"] != "none" else "few-shot"
    if said["examples"] == "none" and arm == "few-shot":
        arm = "" if said["documents"] == "none" else "base"
    return Provisional(
        arm=arm,
        headline=_headline(arm),
        confidence=_confidence(tree, said),
        reasons=tuple(_reasons(tree, arm, said)),
        firm_up=tuple(_firm_up(arm, said)),
        tree=tree,
    )


def _facts(said: Mapping[str, str]) -> Facts:
    return Facts(
        n_examples=_EXAMPLES.get(said["examples"]),
        n_documents=_DOCUMENTS.get(said["documents"], _DOCUMENTS["few"]),  # unknown: most have some
        form=_FORM.get(said["form"]),
        changes=Changes(stated_per_month=_CHANGES.get(said["changes"])),
    )


def _told(tree: Tree, said: Mapping[str, str]) -> Tree:
    """Return the tree with what was said as its evidence: the counts in it are only stand-ins."""
    nodes = [
        replace(node, evidence=_evidence(topic, said))
        for node, topic in zip(tree.nodes, _TOPICS, strict=True)
    ]
    return replace(tree, nodes=tuple(nodes))


def _evidence(topic: str, said: Mapping[str, str]) -> str:
    text = _text(topic, said[topic])
    if said[topic] == UNKNOWN:
        return _UNKNOWN
    told = {
        "examples": f"“Hundreds” means at least {ENOUGH_EXAMPLES}.",
        "form": "Only tuning and measuring shows whether a model learns it.",
        "changes": f"“Often” means at least {OFTEN_PER_MONTH:g} per month.",
    }
    return f"You said: “{text}”. {told[topic]}"


def _headline(arm: str) -> str:
    if not arm:
        return "Start with documents or examples: there is nothing to answer from yet."
    return f"Start with {arm}: {traits(arm).summary}."


def _confidence(tree: Tree, said: Mapping[str, str]) -> Confidence:
    """Return how far to trust it: an unmeasured answer is never more than medium."""
    n_unknown = sum(said[topic] == UNKNOWN for topic in ("documents", *_TOPICS))
    if n_unknown >= 3:
        return "very low"
    is_between = said["examples"] == "dozens" or said["form"] == "partly"
    is_on_the_way = any(
        node.is_reached and said[topic] == UNKNOWN for node, topic in zip(tree.nodes, _TOPICS, strict=True)
    )
    return "low" if is_between or is_on_the_way or said["documents"] == UNKNOWN else "medium"


def _reasons(tree: Tree, arm: str, said: Mapping[str, str]) -> Iterator[str]:
    for node in tree.nodes:
        if node.is_reached:
            reply = node.leaning if node.reply == "unknown" else node.reply
            is_guess = node.evidence == _UNKNOWN
            yield (
                f"{node.question} {_UNKNOWN} Continuing with “{reply}”."
                if is_guess
                else (f"{node.question} {reply}. {node.evidence}")
            )
    if arm != tree.leads_to and said["model"] == "remote":
        yield f"The tree leads to {tree.leads_to}, and a model behind an API cannot be tuned here."
    if said["questions"] == "many" and arm and traits(arm).retrieves:
        yield "At this many questions, long prompts cost money: compare with the tuned arm before deciding."
    if said["documents"] == "none" and arm:
        yield "Without documents, nothing can be retrieved or cited."


def _firm_up(arm: str, said: Mapping[str, str]) -> Iterator[str]:
    if said["documents"] in ("none", UNKNOWN):
        yield "Put the documents that hold the answers into a folder: lorewright add."
    if said["examples"] in ("none", "few", UNKNOWN):
        yield "Collect questions with good answers: 50 to measure on, hundreds to tune on."
    if said["changes"] == UNKNOWN:
        yield "Count for one month how often a correct answer becomes outdated."
    n_needed = {"much": 400, "some": 100}.get(said["stakes"], 50)
    yield (
        f"Measure it: lorewright compare asks every arm held-out questions. For your requirements, use at "
        f"least {n_needed} questions."
    )
    if said["stakes"] == "much":
        yield "Set a bar on unsupported claims before it goes live: lorewright deploy."
    if arm and not traits(arm).tuned and said["examples"] in ("dozens", "hundreds"):
        yield "Tune once and compare: it takes minutes to find out whether tuning pays off."


def _text(topic: str, choice_id: str) -> str:
    step = next(step for step in STEPS if step.topic == topic)
    return next(choice.text for choice in step.choices if choice.id == choice_id)
