"""A few questions for somebody who has nothing yet, and what can be said from the answers alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lorewright.errors import InvalidSetting

Topic = Literal["documents", "examples", "form", "changes", "questions", "stakes", "model"]
UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One answer that can be given: its id, and its text."""

    id: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One question of the interview, why it is asked, and the answers to choose from."""

    topic: Topic
    question: str
    why: str
    choices: tuple[Choice, ...]


def _step(topic: Topic, question: str, why: str, **choices: str) -> Step:
    made = [Choice(id=name.replace("_", "-"), text=text) for name, text in choices.items()]
    return Step(
        topic=topic,
        question=question,
        why=why,
        choices=(*made, Choice(id=UNKNOWN, text="I do not know")),
    )


STEPS = (
    _step(
        "documents",
        "How many documents hold what should be answered?",
        "Facts that stand in documents can be looked up, and then nothing has to be learned by heart.",
        none="None: it is in nobody's files",
        few="A few, up to 20",
        dozens="Dozens",
        hundreds="Hundreds or more",
    ),
    _step(
        "examples",
        "How many questions with good answers do you have, written by people who know?",
        "Tuning learns from examples: with hundreds it can pay, with a few it cannot.",
        none="None",
        few="Some, under 50",
        dozens="50 to 200",
        hundreds="More than 200",
    ),
    _step(
        "form",
        "Do good answers follow a pattern: a fixed form, a tone, a way to decide?",
        "Patterns are what tuning teaches; facts are not.",
        yes="Yes: anyone would see that they belong together",
        partly="Partly",
        no="No: every answer is its own",
    ),
    _step(
        "changes",
        "How often does something that was right become wrong?",
        "What was looked up is right again as soon as the page is; what was learned must be learned again.",
        weekly="Every week or more often",
        monthly="About every month",
        yearly="A few times a year",
        never="Hardly ever",
    ),
    _step(
        "questions",
        "How many questions a month will be asked?",
        "Longer prompts cost a little for every question; tuning costs once.",
        few="Fewer than 1,000",
        thousands="1,000 to 100,000",
        many="More than 100,000",
    ),
    _step(
        "stakes",
        "What does a wrong answer do?",
        "It decides how sure an answer must be, and how many questions it takes to know.",
        little="Little: somebody notices and goes on",
        some="It costs time or money",
        much="It harms somebody, or breaks a rule",
    ),
    _step(
        "model",
        "Where will the model run?",
        "Only models whose weights are at hand can be tuned.",
        here="On a machine of ours, without a GPU",
        gpu="On a machine of ours, with a GPU",
        remote="At a provider, over its API",
    ),
)


def check_answers(answers: Mapping[str, str]) -> None:
    """Raise `InvalidSetting` for an answer to what was not asked, or that cannot be given."""
    steps = {step.topic: step for step in STEPS}
    for topic, said in answers.items():
        step = steps.get(topic)  # type: ignore[call-overload]
        if step is None:
            raise InvalidSetting(
                f"{topic!r} is not asked.", hint=f"What is asked: {', '.join(map(str, steps))}."
            )
        known = [choice.id for choice in step.choices]
        if said not in known:
            raise InvalidSetting(
                f"{said!r} is no answer about {topic}.", hint=f"Answers: {', '.join(known)}."
            )
