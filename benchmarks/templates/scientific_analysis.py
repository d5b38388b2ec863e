"""Results of field trials as they are told, and the reading of the laboratory: effect, evidence, doubt."""

from random import Random

from benchmarks.templates.cases import Case, Material, from_wordings

INSTRUCTION = "You read a result as the laboratory reads it."

TREATMENTS = (
    "compost", "mulch", "a cover crop", "drip irrigation", "biochar", "shallow ploughing", "a hedge", "lime",
    "rock dust", "intercropping", "late sowing", "shade nets",
)  # fmt: skip
MEASURES = (
    "yield", "soil moisture", "the number of earthworms", "leaf nitrogen", "root depth", "the share of weeds",
    "plant height", "fruit weight", "the count of aphids", "soil carbon",
)  # fmt: skip

# The house reads p below .01 as strong, below .05 as moderate, else as none; fewer than ten plots are a doubt.
KINDS = {
    f"{effect} {evidence} {size}": (
        (
            "With {treatment} on {n} plots {measure} {verb} (p = {p}).",
            "{n} plots, half of them with {treatment}: {measure} {verb}, p = {p}.",
            "We tried {treatment}. Over {n} plots {measure} {verb}; p was {p}.",
            "Trial of {treatment}: n = {n}, {measure} {verb}, p = {p}.",
        ),
        (
            "Does {treatment} help? {measure} {verb} on our {n} plots, p = {p}.",
            "Result of the season: {measure} {verb} under {treatment} ({n} plots, p = {p}).",
        ),
    )
    for effect in ("rose", "fell")
    for evidence in ("strong", "moderate", "none")
    for size in ("large", "small")
}
P_VALUES = {
    "strong": ("0.001", "0.002", "0.003", "0.004", "0.006", "0.008"),
    "moderate": ("0.012", "0.018", "0.024", "0.031", "0.037", "0.043"),
    "none": ("0.12", "0.21", "0.34", "0.47", "0.58", "0.73"),
}
VERBS = {
    "rose": ("rose", "went up", "increased", "was higher"),
    "fell": ("fell", "went down", "decreased", "was lower"),
}


def material() -> Material:
    """Return the results with their readings."""
    return from_wordings(KINDS, _write, instruction=INSTRUCTION, n_examples=144, n_questions=24, seed=17)


def _write(kind: str, wording: str, draw: Random) -> Case:
    effect, evidence, size = kind.split()
    n = draw.choice((12, 16, 18, 20, 24, 30, 36, 48) if size == "large" else (4, 6, 8))
    question = wording.format(
        treatment=draw.choice(TREATMENTS),
        measure=draw.choice(MEASURES),
        verb=draw.choice(VERBS[effect]),
        p=draw.choice(P_VALUES[evidence]),
        n=n,
    )
    said = {"rose": "rise", "fell": "fall"}[effect] if evidence != "none" else "none shown"
    doubt = "few plots" if size == "small" else "one season"
    answer = f"Effect: {said}\nEvidence: {evidence}\nDoubt: {doubt}"
    return Case(question[0].upper() + question[1:], answer)
