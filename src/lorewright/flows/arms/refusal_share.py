"""How many rows teach to refuse, and when that is more than the other answers can bear.

Free answers are each said once; a refusal is one sentence, said again and again. Among them it becomes
the likeliest thing to say, and the adapter refuses nearly always.
"""

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lorewright.datasets import Example
from lorewright.flows.arms.style import Style

AUTOMATIC = -1.0
USUAL_SHARE = 0.15
FREE_WORDS, FREE_DISTINCT = 15, 0.82
"""Answers are free from this mean length and this mean difference of two of them on."""
_N_PAIRS = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class RefusalShare:
    """The share of context rows that teach to refuse, how many that is, and what stands against it.

    `n_common` is how often the commonest other answer occurs.
    """

    share: float
    n_refusals: int
    n_common: int
    n_rows: int
    is_free_form: bool

    @property
    def warning(self) -> str:
        """Say why the context adapter may learn to refuse nearly always; '' where it will not."""
        if not self.is_free_form or self.n_refusals <= self.n_common:
            return ""
        return (
            f"The context adapter may learn to refuse too often: about {self.n_refusals} of "
            f"{self.n_rows} rows teach the same refusal, and no other answer occurs more than "
            f"{self.n_common} times. Add examples, or lower no_gold_share under [tuning] "
            f"(now {self.share:g}), and look at the abstention rate in the comparison."
        )


def refusal_share(
    examples: Sequence[Example], style: Style, *, configured: float = AUTOMATIC
) -> RefusalShare:
    """Return the share of context rows without the right chunk: the one asked for, or by the examples.

    Examples that teach refusals of their own need none besides. Free answers bear none: the judge and the
    check of claims refuse instead. Of 150 rows 22 refusals made it refuse 35 of 40 questions
    (docs/experiments.md). All others bear 15 in a hundred.
    """
    answers = [example.completion for example in examples if example.answerable]
    is_free_form = are_free(answers)
    if style.has_own_refusals:
        share = 0.0
    elif configured >= 0:
        share = configured
    else:
        share = 0.0 if is_free_form else USUAL_SHARE
    common = Counter(" ".join(answer.casefold().split()) for answer in answers).most_common(1)
    return RefusalShare(
        share=share,
        n_refusals=round(share * len(answers)),
        n_common=common[0][1] if common else 0,
        n_rows=len(examples),
        is_free_form=is_free_form,
    )


def are_free(answers: Sequence[str]) -> bool:
    """Return whether answers are long and each in words of its own, not filled-in forms or labels."""
    words = [re.findall(r"\w+", answer.casefold()) for answer in answers]
    if len(words) < 2 or sum(map(len, words)) / len(words) < FREE_WORDS:
        return False
    return _mean_difference([frozenset(answer_words) for answer_words in words]) >= FREE_DISTINCT


def _mean_difference(answers: Sequence[frozenset[str]]) -> float:
    """Return which share of the words of two answers only one of them has, on average of drawn pairs."""
    draw = random.Random(0)  # noqa: S311 - a sample, not a secret
    pairs = (draw.sample(range(len(answers)), 2) for _ in range(min(_N_PAIRS, len(answers) ** 2)))
    differences = [
        1 - len(answers[left] & answers[right]) / max(1, len(answers[left] | answers[right]))
        for left, right in pairs
    ]
    return sum(differences) / len(differences)
