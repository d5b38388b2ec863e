"""Letters to Oakfold, a maker of tableware, and the answers of the house: always four lines."""

from random import Random

from benchmarks.templates.cases import Case, Material, from_wordings

INSTRUCTION = "You answer letters to Oakfold in the tone of the house."

NAMES = (
    "Priya", "Tomas", "Ines", "Walter", "Noor", "Agnes", "Kofi", "Marit", "Luis", "Hanne", "Sanjay", "Bea",
    "Oskar", "Yuki", "Clara", "Emeka", "Ruth", "Pavel", "Lina", "George", "Amira", "Stefan", "Joan", "Theo",
)  # fmt: skip
ITEMS = (
    "teapot", "butter dish", "soup plate", "milk jug", "cake stand", "salt cellar", "egg cup", "serving bowl",
    "pepper mill", "water carafe", "bread board", "sugar bowl", "breakfast cup", "gravy boat", "fruit bowl",
)  # fmt: skip

# What the house says of every kind of letter: the line that opens, and what is done.
LINES = {
    "broken": (
        "I am sorry that the {item} reached you broken.",
        "A new one leaves today; please keep the old one.",
    ),
    "late": (
        "I am sorry that you are still waiting for the {item}.",
        "We have asked the carrier and write again by tomorrow noon.",
    ),
    "wrong": (
        "I am sorry that we packed the wrong thing instead of the {item}.",
        "The right one leaves today, with a label for the other.",
    ),
    "return": ("Thank you for trying the {item}.", "Send it back within 40 days; a label is on its way."),
    "twice": (
        "I am sorry that the {item} was charged twice.",
        "We have returned the second payment; it arrives in three days.",
    ),
    "praise": ("Thank you for your kind words about the {item}.", "We have read them aloud in the workshop."),
    "care": (
        "Good that you ask before washing the {item}.",
        "Wash it by hand, without soda, and dry it at once.",
    ),
}  # fmt: skip

KINDS = {
    "broken": (
        (
            "{name} here. Opened the parcel and the {item} has a crack right through it.",
            "The {item} came in three pieces. What now? {name}",
            "My name is {name}. The handle of the {item} was off when I unpacked it.",
            "Hello, the {item} I ordered is chipped all around the rim. Regards, {name}",
            "Sadly your {item} did not survive the post, there are shards everywhere. {name}",
        ),
        (
            "Dear Oakfold, when I lifted the {item} out of the box its base stayed behind. {name}",
            "{name} writing: the {item} arrived shattered, though the box looks fine.",
        ),
    ),
    "late": (
        (
            "It has been two weeks and there is no sign of my {item}. {name}",
            "Where is the {item} I ordered? The tracking has not moved for days. {name}",
            "{name} again. The {item} was promised for Monday and today is Friday.",
            "I am still waiting for the {item}, has it even left? Best, {name}",
            "Could you find out where my parcel with the {item} is stuck? {name}",
        ),
        (
            "The birthday is over and the {item} never came. {name}",
            "Hello, this is {name}. Any news of the {item}? It should have been here last week.",
        ),
    ),
    "wrong": (
        (
            "I ordered a {item} and found something else in the box. {name}",
            "This is {name}. You sent me somebody else's order, mine was the {item}.",
            "Not what I bought! The {item} is on the invoice but not in the parcel. {name}",
            "There was a mix-up: instead of the {item} I received a candle holder. {name}",
            "The box says {item}, the content is another product. Yours, {name}",
        ),
        (
            "Imagine my face: I wanted the {item} and unwrapped a vase. {name}",
            "{name} here, the thing you delivered is no {item} at all.",
        ),
    ),
    "return": (
        (
            "The {item} is lovely but too large for us. Can I send it back? {name}",
            "I would like to return the {item}, how does that work? {name}",
            "{name} here. The colour of the {item} does not suit our kitchen, may I give it back?",
            "We were given the same {item} twice, so one can go back. Greetings, {name}",
            "Changed my mind about the {item}. What are the steps? {name}",
        ),
        (
            "Is it possible to hand the {item} back? It does not fit our shelf. {name}",
            "Good morning, {name} speaking, I do not want to keep the {item}.",
        ),
    ),
    "twice": (
        (
            "My card shows two payments for one {item}. {name}",
            "You took the money for the {item} twice! {name}",
            "{name} here: the bank lists the {item} two times, on the same day.",
            "I paid for the {item} once by card and once again, it seems. Please check. {name}",
            "There is a double charge for the {item} on my statement. Regards, {name}",
        ),
        (
            "Looking at my account I see the {item} billed double. {name}",
            "This is {name}. Why was the price of the {item} taken off two times?",
        ),
    ),
    "praise": (
        (
            "I just wanted to say how much we love the {item}. {name}",
            "The {item} is the most beautiful thing on our table. Thank you! {name}",
            "{name} here, with a compliment: your {item} pours without a drop going astray.",
            "Ten years with your {item} and it looks like new. Well done. {name}",
            "My guests would not stop talking about the {item}. {name}",
        ),
        (
            "No complaint this time: the {item} makes me smile every morning. {name}",
            "Please tell whoever made the {item} that it is wonderful. {name}",
        ),
    ),
    "care": (
        (
            "Can the {item} go into the dishwasher? {name}",
            "How should I clean the {item}? I do not want to ruin the glaze. {name}",
            "{name} here. Is it safe to use a scouring pad on the {item}?",
            "What is the best way to get tea stains off the {item}? Thanks, {name}",
            "May I soak the {item} overnight? {name}",
        ),
        (
            "Before I put the {item} in the machine: does it stand that? {name}",
            "Which soap do you advise for the {item}? Kind regards, {name}",
        ),
    ),
}  # fmt: skip


def material() -> Material:
    """Return the letters with their answers."""
    return from_wordings(KINDS, _write, instruction=INSTRUCTION, n_examples=140, n_questions=28, seed=11)


def _write(kind: str, wording: str, draw: Random) -> Case:
    name, item = draw.choice(NAMES), draw.choice(ITEMS)
    opening, step = LINES[kind]
    answer = f"Hello {name},\n{opening.format(item=item)}\n{step}\nWarmly, Oakfold"
    return Case(wording.format(name=name, item=item), answer)
