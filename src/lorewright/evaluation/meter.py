"""What the check of answers notices: right answers as they are, and the same with one thing made wrong."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lorewright.evaluation.estimate import Estimate, estimate
from lorewright.evaluation.tampering import Tampered, exchange_name, exchange_number, names, negate
from lorewright.knowledge import check_claims
from lorewright.knowledge.support import unborne
from lorewright.knowledge.verdict import can_judge, judge_answer
from lorewright.models import Judge

Tamper = Callable[[str, str, Sequence[str], random.Random], Tampered | None]

KINDS: Mapping[str, Tamper] = {"number": exchange_number, "name": exchange_name, "negation": negate}


@dataclass(frozen=True, slots=True)
class Grounded:
    """A right answer and the texts that bear it."""

    answer: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Noticed:
    """The share of answers of a kind (`right`, or what was changed) that are marked, or withheld."""

    kind: str
    marked: Estimate
    withheld: Estimate


def measure_meter(
    answers: Iterable[Grounded],
    judge: Judge | None,
    *,
    style_words: frozenset[str] = frozenset(),
    seed: int = 0,
) -> list[Noticed]:
    """Return what is marked and withheld of right answers, and of the same with one thing changed.

    A kind of change that no answer allows is left out; without a judge only rules mark. `style_words`
    are lower-case and never facts.
    """
    answers = list(answers)
    strangers = sorted({each.answer[s:e] for each in answers for s, e in names(each.answer)})
    seen: dict[str, list[tuple[bool, bool]]] = {}
    draw = random.Random(seed)  # noqa: S311 - a sample, not a secret
    for kind, text, grounded in _tampered(answers, strangers, draw):
        seen.setdefault(kind, []).append(_noticed(text, grounded.texts, judge, style_words))
    return [
        Noticed(
            kind,
            estimate([float(marked) for marked, _ in outcomes]),
            estimate([float(withheld) for _, withheld in outcomes]),
        )
        for kind, outcomes in seen.items()
    ]


def _tampered(
    answers: Sequence[Grounded], strangers: Sequence[str], draw: random.Random
) -> Iterator[tuple[str, str, Grounded]]:
    for each in answers:
        yield "right", each.answer, each
    for kind, tamper in KINDS.items():
        for each in answers:
            made = tamper(each.answer, "\n".join(each.texts), strangers, draw)
            if made and made[0] != each.answer:
                yield kind, made[0], each


def _noticed(
    text: str, texts: Sequence[str], judge: Judge | None, style_words: frozenset[str]
) -> tuple[bool, bool]:
    """Return whether something of a text is marked, and whether all of it is withheld."""
    verdict = check_claims(text, texts, allowed=style_words)
    is_marked = bool(verdict.wrong or verdict.doubtful)
    if not is_marked and judge is not None and can_judge(text):
        is_marked = bool(unborne(text, judge_answer(text, texts, judge, style_words=style_words)))
    return is_marked, bool(verdict.wrong)
