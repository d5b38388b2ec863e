"""Short facts about goods with a defect, and how a firm reasons: issue, rule of the house, result, next step."""

from random import Random

from benchmarks.templates.cases import Case, Material, from_wordings

INSTRUCTION = "You write the first note on a case of defective goods as the firm does."

GOODS = (
    "a pump", "a batch of tiles", "an oven", "a forklift", "six office chairs", "a water tank", "a printing press",
    "a load of timber", "a milking machine", "solar panels", "a lathe", "a cold store door",
)  # fmt: skip
IN_TIME = (
    "the next morning",
    "two days later",
    "within the week",
    "on the same afternoon",
    "after three days",
)
LATE = (
    "after five months",
    "half a year later",
    "only in the following season",
    "after four months",
    "a year later",
)
VISIBLE = (
    "the paint was scratched all over", "two parts were missing", "the wrong colour had come",
    "the frame was visibly bent", "the glass was cracked across",
)  # fmt: skip
HIDDEN = (
    "a weld inside had been left open", "the bearing had been assembled dry", "the core was rotten below the surface",
    "a seal inside was of the wrong rubber", "the control board had a cold joint",
)  # fmt: skip

# By what the facts are: was the defect open to see, and was it complained of in time.
NOTES = {
    ("visible", "in time"): ("notice in time", "claim stands", "ask for replacement within 14 days"),
    ("visible", "late"): ("notice too late", "claim lost", "ask for goodwill, without threats"),
    ("hidden", "in time"): ("hidden defect", "claim stands", "secure the part and have it examined"),
    ("hidden", "late"): ("hidden defect", "claim stands", "prove the day of discovery first"),
    ("visible", "never"): ("no notice yet", "claim open", "give notice in writing today"),
}
KINDS = {
    "visible in time": (
        (
            "The client bought {goods}; {defect}, which anyone could see. He complained {when}.",
            "On unpacking {goods} our client saw that {defect}. She wrote to the seller {when}.",
            "{goods} arrived and {defect}. The complaint went out {when}.",
        ),
        ("With {goods} it was plain at delivery that {defect}; the seller heard of it {when}.",),
    ),
    "visible late": (
        (
            "The client bought {goods}; {defect}, which anyone could see. He complained {when}.",
            "On unpacking {goods} our client saw that {defect}. She wrote to the seller {when}.",
            "{goods} arrived and {defect}. The complaint went out {when}.",
        ),
        ("With {goods} it was plain at delivery that {defect}; the seller heard of it {when}.",),
    ),
    "hidden in time": (
        (
            "Once {goods} broke down it turned out that {defect}. The client complained {when}.",
            "An expert opened {goods} and found that {defect}; notice was given {when}.",
            "Nobody could see that in {goods} {defect}. When it came out the seller was told {when}.",
        ),
        ("Deep within {goods}, as the repair showed, {defect}; our client reported it {when}.",),
    ),
    "hidden late": (
        (
            "Once {goods} broke down it turned out that {defect}. The client complained {when}.",
            "An expert opened {goods} and found that {defect}; notice was given {when}.",
            "Nobody could see that in {goods} {defect}. When it came out the seller was told {when}.",
        ),
        ("Deep within {goods}, as the repair showed, {defect}; our client reported it {when}.",),
    ),
    "visible never": (
        (
            "The client took {goods} yesterday; {defect}. Nothing has been said to the seller so far.",
            "{goods} came this week and {defect}. Our client has not written to anybody yet.",
            "Since Monday {goods} stands in the yard, {defect}, and the seller knows nothing.",
        ),
        ("Fresh case: {goods}, {defect}, no word to the seller until now.",),
    ),
}


def material() -> Material:
    """Return the facts with the notes of the firm."""
    return from_wordings(KINDS, _write, instruction=INSTRUCTION, n_examples=135, n_questions=25, seed=13)


def _write(kind: str, wording: str, draw: Random) -> Case:
    seen, _, when = kind.partition(" ")
    facts = {
        "goods": draw.choice(GOODS),
        "defect": draw.choice(VISIBLE if seen == "visible" else HIDDEN),
        "when": draw.choice(LATE if when == "late" else IN_TIME),
    }
    rule, result, step = NOTES[(seen, when)]
    question = wording.format(**facts)
    return Case(question[0].upper() + question[1:], f"Rule: {rule}\nResult: {result}\nNext: {step}")
