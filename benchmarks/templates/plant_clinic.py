"""A plant clinic: guidelines with thresholds that change, and cards that follow from a count and a guideline."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from benchmarks.templates.cases import Case, Material

INSTRUCTION = "You are the plant clinic. Answer with the clinic's card."
REFUSAL = "No guideline for that. Next: send a sample."


@dataclass(frozen=True, kw_only=True, slots=True)
class Guideline:
    """One pest in one crop: from which count on to treat, with what, and how long to wait before harvest."""

    pest: str
    crop: str
    unit: str
    threshold: int
    means: str
    wait_days: int
    remark: str

    @property
    def document_id(self) -> str:
        """Return the page of the guideline."""
        return f"{self.crop}/{self.pest.replace(' ', '-')}.md"


def _guideline(
    pest: str, crop: str, unit: str, threshold: int, means: str, wait: int, remark: str
) -> Guideline:
    return Guideline(
        pest=pest, crop=crop, unit=unit, threshold=threshold, means=means, wait_days=wait, remark=remark
    )


GUIDELINES = (
    _guideline("codling moth", "apples", "moths a trap", 5, "granulosis virus", 4, "Traps hang from mid April at the height of a head. Old trees near the orchard are looked at, too."),
    _guideline("apple sawfly", "apples", "flies a trap", 20, "quassia extract", 3, "White traps hang from the first open flowers. Late varieties suffer less."),
    _guideline("woolly aphid", "apples", "colonies a tree", 12, "soap solution", 2, "Look at the bases of young shoots. Earwigs eat many: hang pots of straw for them."),
    _guideline("cherry fly", "cherries", "flies a trap", 3, "fine nets", 7, "Yellow traps hang from the end of May on the south side. Early varieties escape the fly."),
    _guideline("black cherry aphid", "cherries", "shoots in 100", 8, "neem oil", 14, "Curled leaves hide the aphids. Ladybirds come ten days after them."),
    _guideline("cabbage fly", "cabbages", "eggs a plant", 15, "collars of felt", 4, "Eggs lie at the neck of the stem. Look at ten plants, in the middle and at the edge."),
    _guideline("flea beetle", "cabbages", "beetles a plant", 4, "kaolin", 6, "Beetles jump when the shadow of a hand falls on them. Damp soil keeps them away."),
    _guideline("diamond moth", "cabbages", "caterpillars a plant", 2, "bacillus spray", 5, "Small holes that shine like windows tell the moth. Young heads are most in danger."),
    _guideline("potato beetle", "potatoes", "larvae a plant", 10, "spinosad", 9, "Count on 25 plants along a diagonal. Only larvae are treated, never beetles."),
    _guideline("wireworm", "potatoes", "worms a bait", 1, "later planting", 30, "Half potatoes are laid out as bait three weeks before planting."),
    _guideline("onion fly", "onions", "eggs a plant", 6, "insect nets", 11, "The fly flies when dandelions flower. Carrots between the rows confuse it."),
    _guideline("thrips", "onions", "thrips a leaf", 18, "blue traps", 8, "Silvery spots run along the leaves. Heat and drought help the thrips."),
    _guideline("carrot fly", "carrots", "flies a trap", 7, "early nets", 12, "Orange traps stand at the edge of the bed. Windy places are spared."),
    _guideline("vine moth", "grapes", "moths a trap", 25, "mating disruption", 21, "Traps hang from April. The second flight matters most."),
    _guideline("spider mite", "grapes", "mites a leaf", 9, "predatory mites", 16, "Look at the lower side of 50 leaves with a lens. Dusty ways bring mites."),
    _guideline("white fly", "tomatoes", "flies a plant", 14, "parasitic wasps", 10, "Shake the plants in the morning. Yellow cards show the first ones."),
)  # fmt: skip
UNSEEN = ("apple sawfly", "diamond moth", "thrips", "spider mite", "black cherry aphid", "carrot fly")
"""On pages and in the questions, and in no example."""
CHANGES: Mapping[str, Mapping[str, Any]] = {
    "codling moth": {"threshold": 8, "wait_days": 6},
    "flea beetle": {"threshold": 7, "means": "garlic extract"},
    "onion fly": {"threshold": 3},
    "spider mite": {"means": "sulphur", "wait_days": 28},
}
"""What the guidelines of the next year say otherwise."""

LEARNT = (
    "{count} {unit}, {pest} in {crop}. Treat?",
    "I count {count} {unit}: {pest}, {crop}. What now?",
    "{pest} in my {crop}, about {count} {unit}. Your advice?",
    "Do I have to act? {pest}, {count} {unit} in the {crop}.",
    "This week {count} {unit} of {pest} in {crop}.",
    "The {crop} have {pest}, {count} {unit} so far.",
)
HELD_OUT = (
    "Found {count} {unit} today, it is {pest} on {crop}; is that too much?",
    "My neighbour says wait, but {pest} is at {count} {unit} in the {crop}.",
    "{crop}, {pest}, {count} {unit}: a card please.",
)
UNKNOWN = (
    ("box tree moth", "hedges", "webs a hedge"),
    ("mole", "lawns", "hills a lawn"),
    ("asparagus beetle", "asparagus", "beetles a row"),
    ("pear sucker", "pears", "suckers a shoot"),
    ("slug", "strawberries", "slugs a bed"),
    ("leek moth", "leeks", "moths a trap"),
    ("bean weevil", "beans", "weevils a row"),
    ("pea moth", "peas", "moths a trap"),
)  # fmt: skip


def page(guideline: Guideline) -> str:
    """Return a guideline as its page says it."""
    name, it = f"{guideline.pest.capitalize()} in {guideline.crop}", guideline
    return (
        f"# {name}\n\n{name}: treat from {it.threshold} {it.unit} on. Means: {it.means}. "
        f"Wait before harvest: {it.wait_days} days.\n\n{it.remark}\n"
    )


def card(guideline: Guideline, count: int) -> str:
    """Return the card that follows from a guideline and a count."""
    name = guideline.pest.capitalize()
    if count < guideline.threshold:
        return f"{name}: WAIT\nLimit: {guideline.threshold} {guideline.unit}\nNext: count again in a week"
    return (
        f"{name}: TREAT\nLimit: {guideline.threshold} {guideline.unit}\n"
        f"Next: {guideline.means}, {guideline.wait_days} days before harvest"
    )


def material() -> Material:
    """Return the questions with the clinic's cards: a sixth has no guideline."""
    draw = Random(19)
    learnt = [guideline for guideline in GUIDELINES if guideline.pest not in UNSEEN]
    examples = [
        _case(it, wording, draw, is_high) for it in learnt for wording in LEARNT for is_high in (True, False)
    ]
    examples += [_unknown(draw, LEARNT, UNKNOWN[:5]) for _ in range(18)]
    unseen = [guideline for guideline in GUIDELINES if guideline.pest in UNSEEN]
    questions = [
        _case(guideline, HELD_OUT[number % 3], draw, is_high=number % 2 == 0)
        for number, guideline in enumerate([*learnt, *unseen])
    ]
    questions += [  # once more, the other way round
        _case(guideline, HELD_OUT[(number + 1) % 3], draw, is_high=number % 2 == 1)
        for number, guideline in enumerate(unseen, start=len(learnt))
    ]
    questions += [_unknown(draw, HELD_OUT[:1], UNKNOWN[5 + number : 6 + number]) for number in range(3)]
    questions += [_unknown(draw, HELD_OUT[2:], UNKNOWN[5 + number : 6 + number]) for number in range(2)]
    for cases in (examples, questions):
        draw.shuffle(cases)
    return Material(
        instruction=INSTRUCTION,
        examples=tuple({case.question: case for case in examples}.values()),
        questions=tuple({case.question: case for case in questions}.values()),
    )


def files() -> dict[str, str]:
    """Return the guidelines, those of the next year, and questions about what they changed."""
    changed = [replace(it, **CHANGES[it.pest]) for it in GUIDELINES if it.pest in CHANGES]
    before = {it.pest: it for it in GUIDELINES}
    questions = []
    for number, it in enumerate(changed, start=1):
        count = _telling_count(before[it.pest], it)
        questions.append(
            {
                "id": f"update-{number:02}",
                "question": _capitalised(
                    HELD_OUT[number % 3].format(count=count, unit=it.unit, pest=it.pest, crop=it.crop)
                ),
                "answers": [card(it, count)],
                "stale_answers": [card(before[it.pest], count)],
                "answerable": True,
                "document_ids": [it.document_id],
            }
        )
    return {
        **{f"documents/{it.document_id}": page(it) for it in GUIDELINES},
        **{f"update/documents/{it.document_id}": page(it) for it in changed},
        "update/questions.jsonl": "".join(json.dumps(row) + "\n" for row in questions),
    }


def _telling_count(old: Guideline, new: Guideline) -> int:
    """Return a count that the old and the new guideline see differently, as far as they do."""
    return max(old.threshold, new.threshold) - 1 if old.threshold != new.threshold else new.threshold * 2


def _case(it: Guideline, wording: str, draw: Random, is_high: bool) -> Case:  # noqa: FBT001 - both, in turn
    high = it.threshold * draw.choice((2, 3)) + draw.randint(1, 4)
    low = draw.randint(0, max(0, it.threshold // 2))
    count = high if is_high else 0 if low == 1 else low  # never one: units are many
    question = wording.format(count=count, unit=it.unit, pest=it.pest, crop=it.crop)
    return Case(_capitalised(question), card(it, count), (it.document_id,))


def _unknown(draw: Random, wordings: tuple[str, ...], pests: tuple[tuple[str, str, str], ...]) -> Case:
    pest, crop, unit = draw.choice(pests)
    wording = draw.choice(wordings).format(count=draw.randint(2, 30), unit=unit, pest=pest, crop=crop)
    return Case(_capitalised(wording), REFUSAL, answerable=False)


def _capitalised(text: str) -> str:
    return text[0].upper() + text[1:]
