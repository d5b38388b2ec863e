"""Judging texts: whether they help with a question, hold its answer, bear what was said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lorewright.registry import Registry

SHIPPED_JUDGE = Path(__file__).parent / "judge_weights" / "judge.onnx"
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text is worth for a question, as probabilities.

    `relevance` says that it helps with the question, `answerability` that it holds the answer;
    `answer` is where in the text the answer most likely stands, None where nothing looks like one.
    """

    relevance: float
    answerability: float
    answer: Span | None = None


@dataclass(frozen=True, slots=True)
class Support:
    """Whether a text bears a claim: three probabilities that add up to one.

    `doubt` is the highest probability that one of the claim's words is wrong by the text, and
    `doubted` are the spans of the claim where it is more likely than not.
    """

    supported: float
    contradicted: float
    not_stated: float
    doubt: float = 0.0
    doubted: tuple[Span, ...] = ()


class Judge(Protocol):
    """Reads a question or a claim together with a text; the same two give the same verdict anywhere."""

    @property
    def name(self) -> str:
        """Identify the judge and its weights: figures of two judges are not comparable."""

    @property
    def max_tokens(self) -> int:
        """How many tokens a question or claim and a text have together; what comes after is not seen."""

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        """Return what each text is worth for the question, in order."""

    def support(self, claims: Sequence[tuple[str, str]]) -> list[Support]:
        """Return for each claim and text whether the text bears the claim, in order."""


JUDGES: Registry[Callable[[], Judge]] = Registry(
    "judge",
    {
        "auto": "lorewright.models.judge:shipped",
        "shipped": "lorewright.models.judge:shipped",
        "words": "lorewright.models.fakes:WordJudge",
    },
)


def open_judge(name: str = "auto") -> Judge:
    """Return the judge called `name`; `auto` is the one that comes with lorewright.

    Raises `UnknownName`, and `UnusableJudge` where its file is missing or not as it was shipped:
    whoever catches that judges by rules and says so.
    """
    return JUDGES.load(name)()


def shipped() -> Judge:
    """Return the judge that comes with lorewright: English, about 10 ms a text."""
    from lorewright.models.engines.judge import OnnxJudge, checked  # loads onnxruntime

    return OnnxJudge(checked(SHIPPED_JUDGE))
