"""Which score correctness means."""

from collections.abc import Sequence
from statistics import median

from lorewright.evaluation.compared import words
from lorewright.evaluation.question import Question
from lorewright.settings import Evaluation

SHORT_WORDS = 6
"""A date, a version, a name, a few words: such a target can be looked for in a longer answer."""


def choose_primary(questions: Sequence[Question], settings: Evaluation) -> str:
    """Return the name of the score that correctness means for these questions.

    What the settings name, else by the targets: `fields` where patterns for them are given,
    `contains` where at least half of the questions have a short target, else `token_f1`. That
    follows human ratings of long answers better than the cosine of MiniLM's vectors does
    (Spearman .39 against .27, n=270, MTRAG), so `semantic` is only taken when asked for.
    """
    if settings.primary != "auto":
        return settings.primary
    if settings.fields:
        return "fields"
    lengths = [
        min(len(words(text)) for text in question.targets) for question in questions if question.targets
    ]
    return "contains" if lengths and median(lengths) <= SHORT_WORDS else "token_f1"
