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
    given = [Choice(id=name.replace("_", "-"), text=text) for name, text in choices.items()]
    return Step(
        topic=topic,
        question=question,
        why=why,
        choices=(*given, Choice(id=UNKNOWN, text="I don't know")),
    )


STEPS = (
    _step(
        "documents",
        "How many documents contain the answers?",
        "Facts in documents can be retrieved, so the model does not have to memorize them.",
        none="None: the answers are not written down",
        few="A few, up to 20",
        dozens="Dozens",
        hundreds="Hundreds or more",
    ),
    _step(
        "examples",
        "How many questions with good answers do you have, written by experts?",
        "Tuning learns from examples: it can pay off with hundreds of them, but not with a few.",
        none="None",
        few="Fewer than 50",
        dozens="50 to 200",
        hundreds="More than 200",
    ),
    _step(
        "form",
        "Do good answers follow a pattern, such as a fixed format, a tone or a decision rule?",
        "Tuning teaches patterns, not facts.",
        yes="Yes: all answers follow it",
        partly="Partly",
        no="No: every answer is different",
    ),
    _step(
        "changes",
        "How often does a correct answer become outdated?",
        "Retrieved facts are up to date as soon as the document is; learned facts require tuning again.",
        weekly="Weekly or more often",
        monthly="About once a month",
        yearly="A few times a year",
        never="Rarely or never",
    ),
    _step(
        "questions",
        "How many questions per month do you expect?",
        "Longer prompts add a small cost to every question; tuning is a one-time cost.",
        few="Fewer than 1,000",
        thousands="1,000 to 100,000",
        many="More than 100,000",
    ),
    _step(
        "stakes",
        "What are the consequences of a wrong answer?",
        "This determines how certain the measurement must be, and how many questions it takes.",
        little="Minor: somebody notices and moves on",
        some="It costs time or money",
        much="It harms somebody or violates a rule",
    ),
    _step(
        "model",
        "Where will the model run?",
        "Only models with local weights can be tuned.",
        here="On our own machine, without a GPU",
        gpu="On our own machine, with a GPU",
        remote="At a provider, through its API",
    ),
)


def check_answers(answers: Mapping[str, str]) -> None:
    """Raise `InvalidSetting` for an unknown question or an answer that is not among its choices."""
    steps = {step.topic: step for step in STEPS}
    for topic, answer in answers.items():
        step = steps.get(topic)  # type: ignore[call-overload]
        if step is None:
            raise InvalidSetting(
                f"Unknown question {topic!r}.", hint=f"Questions: {', '.join(map(str, steps))}."
            )
        known = [choice.id for choice in step.choices]
        if answer not in known:
            raise InvalidSetting(
                f"{answer!r} is not a valid answer to {topic!r}.", hint=f"Valid answers: {', '.join(known)}."
            )
