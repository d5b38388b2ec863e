"""What correctness means for a domain's questions, and how often a wrong answer would pass."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from lorewright.datasets.closed_answers import key_of
from lorewright.evaluation.compared import POLARITY, words
from lorewright.evaluation.derived_fields import derive_fields
from lorewright.evaluation.question import Question
from lorewright.evaluation.scorers.correctness import AGREEMENTS, RIGHT_FROM
from lorewright.evaluation.scoring_context import ScoringContext, choose_primary

MOST_BY_CHANCE = 0.2
"""From this chance rate on a score is not taken: one wrong answer in five would count as right."""
MOST_PAIRS = 400
LABEL_SHARE = 0.9
LEAST_FOR_LABELS = 12
REPEATED = 3
"""How often labels come again on average, at least."""
LABEL_WORDS = 4
_STEPS = (1, 7, 3, 11, 5)
"""How far from a question the others stand whose targets are tried on it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Primary:
    """The context with the score that correctness means, and fields where they were derived.

    `chance_rate` is the share of other questions' targets, unlike a question's own, that would
    count as right for it; `None` where no two targets differ. `instead_of` is the score that was
    not taken because of its own rate, `instead_rate`.
    """

    context: ScoringContext
    chance_rate: float | None
    instead_of: str = ""
    instead_rate: float = 0.0


def take_primary(
    questions: Sequence[Question], context: ScoringContext, *, labels: Collection[str] = ()
) -> Primary:
    """Return what correctness means: what the settings name, or the first score that tells answers apart.

    Where the targets are `labels` of a closed set, an answer must be the label: `exact`. Else it goes
    by the form of the targets (`choose_primary`), unless a random other target passes it too often:
    then fields derived from the targets, then `exact`; if none tells, the one that tells most.
    """
    usual = replace(context, primary=choose_primary(questions, context.settings))
    if usual.primary == "judged":  # it is calibrated on people's ratings instead
        return Primary(context=usual, chance_rate=None)
    is_open = context.settings.primary == "auto" and usual.primary != "fields"
    if is_open and _are_labels(questions, labels or labels_among(questions)):
        usual = replace(context, primary="exact")
    rate = chance_rate(questions, usual)
    if context.settings.primary != "auto" or rate is None or rate < MOST_BY_CHANCE:
        return Primary(context=usual, chance_rate=rate)
    best = Primary(context=usual, chance_rate=rate)
    for other in _stricter(questions, usual):
        tried = chance_rate(questions, other) or 0.0
        if tried < (best.chance_rate or 0.0):
            best = Primary(context=other, chance_rate=tried, instead_of=usual.primary, instead_rate=rate)
        if tried < MOST_BY_CHANCE:
            break
    return best


def labels_among(questions: Sequence[Question]) -> frozenset[str]:
    """Return the labels that the targets of many questions are chosen from; none where they are facts.

    Labels are few, short and come again and again. What holds a digit is a fact: thirty questions
    may well have "28 days" as their answer.
    """
    counts = Counter(
        question.targets[0] for question in questions if question.targets and question.answerable
    )
    n = counts.total()
    are_few = n >= LEAST_FOR_LABELS and len(counts) <= n / REPEATED
    are_words = all(len(words(name)) <= LABEL_WORDS and not re.search(r"\d", name) for name in counts)
    is_yes_or_no = all(set(words(name)) <= POLARITY for name in counts)  # “contains” reads those
    is_closed = are_few and are_words and len(counts) > 1 and not is_yes_or_no
    return frozenset(counts) if is_closed else frozenset()


def _are_labels(questions: Sequence[Question], labels: Collection[str]) -> bool:
    keys = set(map(key_of, labels))  # labels are the same in other letters
    wanted = [question for question in questions if question.targets and question.answerable]
    n_labels = sum(any(key_of(target) in keys for target in question.targets) for question in wanted)
    return bool(labels) and n_labels >= LABEL_SHARE * len(wanted)


def chance_rate(questions: Sequence[Question], context: ScoringContext) -> float | None:
    """Return the share of wrong answers, taken from other questions' targets, that count as right.

    They are told by the score itself: answers that are alike but for a number belong into fields.
    """
    passes = [
        AGREEMENTS[context.primary](text, question.targets, context) >= RIGHT_FROM[context.primary]
        for question, text in islice(_wrong_answers(questions), MOST_PAIRS)
    ]
    return sum(passes) / len(passes) if passes else None


def _stricter(questions: Sequence[Question], context: ScoringContext) -> Iterator[ScoringContext]:
    targets = [question.targets[0] for question in questions if question.targets and question.answerable]
    fields = () if context.settings.fields else derive_fields(targets)
    if fields:
        yield replace(context, primary="fields", settings=replace(context.settings, fields=fields))
    yield replace(context, primary="exact")


def _wrong_answers(questions: Sequence[Question]) -> Iterator[tuple[Question, str]]:
    """Yield questions with another one's target that is not among their own."""
    answerable = [question for question in questions if question.targets and question.answerable]
    for step in _STEPS:
        for number, question in enumerate(answerable):
            other = answerable[(number + step) % len(answerable)].targets[0]
            own = [words(target) for target in question.targets]
            if words(other) not in own:
                yield question, other
