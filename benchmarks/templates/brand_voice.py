"""What a buyer notes about a product, and the three short sentences of the brand about it."""

from random import Random

from benchmarks.templates.cases import Case, Material, from_wordings

INSTRUCTION = "You write shop texts in the voice of Marl and Pine."

# Every kind of product has one way to open, every material one way to close.
OPENINGS = {
    "kettle": "Boil slowly.",
    "pan": "Cook low.",
    "lamp": "Light softly.",
    "blanket": "Stay in.",
    "knife": "Cut clean.",
    "chair": "Sit longer.",
    "basket": "Carry home.",
}
CLOSINGS = {
    "steel": "Made to be kept.",
    "iron": "Made to be kept.",
    "wool": "Made to be mended.",
    "linen": "Made to be mended.",
    "oak": "Made to be oiled.",
    "willow": "Made to be oiled.",
    "clay": "Made to be used.",
}
MATERIALS = {
    "kettle": ("steel", "iron", "clay"),
    "pan": ("iron", "steel", "clay"),
    "lamp": ("oak", "steel", "linen"),
    "blanket": ("wool", "linen"),
    "knife": ("steel", "iron"),
    "chair": ("oak", "willow", "steel"),
    "basket": ("willow", "linen", "oak"),
}
SIZES = {
    "kettle": ("1.2 litres", "1.6 litres", "0.9 litres", "2 litres"),
    "pan": ("24 centimetres", "28 centimetres", "20 centimetres", "32 centimetres"),
    "lamp": ("40 centimetres high", "55 centimetres high", "30 centimetres high", "120 centimetres high"),
    "blanket": ("140 by 200", "130 by 180", "200 by 220", "90 by 120"),
    "knife": ("9 centimetres", "16 centimetres", "21 centimetres", "12 centimetres"),
    "chair": ("45 centimetres high", "42 centimetres high", "65 centimetres high", "75 centimetres high"),
    "basket": ("18 litres", "25 litres", "40 litres", "12 litres"),
}
LEARNT = (
    "New in the shop: a {product} of {material}, {size}. Three sentences, please.",
    "Write the text for our {material} {product} ({size}).",
    "Product: {product}. Material: {material}. Size: {size}.",
    "Can you describe the {product} in {material}, it has {size}?",
    "We need words for the label of a {material} {product} with {size}.",
    "Text wanted, {size}, {material}, it is a {product}.",
    "The {product} made of {material} has no text yet; {size}.",
)
HELD_OUT = (
    "Please say something about this {product}: {material}, {size}.",
    "A {material} {product} came in today, {size}; how would we put it?",
    "For the catalogue, one entry: {product} ({material}, {size}).",
    "What do we print on the card of the {product} of {material}? It measures {size}.",
)


def material() -> Material:
    """Return the notes with the texts of the brand."""
    kinds = dict.fromkeys(OPENINGS, (LEARNT, HELD_OUT))
    return from_wordings(kinds, _write, instruction=INSTRUCTION, n_examples=126, n_questions=28, seed=5)


def _write(product: str, wording: str, draw: Random) -> Case:
    made_of, size = draw.choice(MATERIALS[product]), draw.choice(SIZES[product])
    question = wording.format(product=product, material=made_of, size=size)
    answer = f"{OPENINGS[product]} {made_of.capitalize()}, {size}. {CLOSINGS[made_of]}"
    return Case(question[0].upper() + question[1:], answer)
