"""Short cases of a practice, and the notes of its senior physician."""

from random import Random

from benchmarks.templates.cases import Case, Material, from_wordings

INSTRUCTION = "You note what the senior physician would note on a case."

# The note on every picture, and the signs it is made of; made up from what is generally known.
NOTES = {
    "migraine": ("migraine", "this week", "does light hurt"),
    "hay fever": ("hay fever", "this month", "which weeks of the year"),
    "kidney stone": ("kidney stone", "today", "is there blood in the urine"),
    "appendicitis": ("appendicitis", "at once", "does letting go hurt more"),
    "heart attack": ("heart attack", "at once", "since which minute"),
    "gout": ("gout", "this week", "what was eaten the day before"),
    "ankle sprain": ("ankle sprain", "this week", "can four steps be walked"),
}
SIGNS = {
    "migraine": ("throbbing pain on one side of the head", "nausea", "flickering before the eyes", "wants a dark room", "attacks that last a day"),
    "hay fever": ("sneezing in rows", "itching eyes", "a running nose in spring", "worse on meadows", "clear discharge"),
    "kidney stone": ("waves of pain in the flank", "cannot keep still", "pain that runs to the groin", "vomiting with the pain", "drinks very little"),
    "appendicitis": ("pain that moved from the navel to the lower right", "no appetite since yesterday", "a slight fever", "walks bent forward", "pain on every step"),
    "heart attack": ("pressure on the chest", "pain into the left arm", "cold sweat", "fear of dying", "short of breath at rest"),
    "gout": ("a red and hot big toe", "woke at night from the toe", "cannot bear the blanket on the foot", "had such an attack before", "a feast the evening before"),
    "ankle sprain": ("twisted the foot on a stair", "swelling around the outer ankle", "a bruise below the ankle", "hurts on stepping", "heard a crack while playing"),
}  # fmt: skip
PEOPLE = (
    "Woman of {age}", "Man of {age}", "Teacher, {age}", "Farmer, {age}", "Student, {age}", "Driver, {age}",
    "Retired nurse, {age}", "Cook, {age}", "Patient aged {age}",
)  # fmt: skip
LEARNT = (
    "{person}: {one}, {two}.",
    "{person}. Reports {one} and {two}. Also {three}.",
    "{person} comes because of {one}; {two} as well.",
    "{person}, main complaint {one}. On asking: {two}, {three}.",
)
HELD_OUT = (
    "{person}. Since this morning {one}, in addition {two}.",
    "Case of the day: {person}, {one}, then {two} and {three}.",
)


def material() -> Material:
    """Return the cases with their notes."""
    kinds = dict.fromkeys(NOTES, (LEARNT, HELD_OUT))
    return from_wordings(kinds, _write, instruction=INSTRUCTION, n_examples=126, n_questions=28, seed=7)


def _write(picture: str, wording: str, draw: Random) -> Case:
    one, two, three = draw.sample(SIGNS[picture], 3)
    person = draw.choice(PEOPLE).format(age=draw.randint(19, 79))
    think, urgency, ask = NOTES[picture]
    answer = f"Think of: {think}\nSeen by a physician: {urgency}\nAsk: {ask}"
    return Case(wording.format(person=person, one=one, two=two, three=three), answer)
