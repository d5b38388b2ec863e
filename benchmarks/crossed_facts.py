"""Pages about like things, and claims that join the name of one with the number of another."""

import random
from collections.abc import Iterator, Sequence

from benchmarks.judged_texts import Given

NAMES = [
    "Basic",
    "Premium",
    "Team",
    "Startup",
    "Aurora",
    "Lisbon",
    "Hamburg",
    "Kestrel",
    "Falcon",
    "Otter",
    "Nimbus",
    "Cobalt",
    "Saffron",
    "Willow",
    "Granite",
    "Juniper",
]
FORMS: Sequence[tuple[str, Sequence[str]]] = (
    (
        "{name} plan\n\nThe {name} plan costs {a} euros a month and has {b} GB of storage. "
        "It can be cancelled within {c} days.",
        (
            "The {name} plan costs {a} euros a month.",
            "With {name}, you pay {a} euros per month.",
            "The {name} plan has {b} GB of storage.",
            "You can cancel the {name} plan within {c} days.",
        ),
    ),
    (
        "Plans > {name}\n\nPrice: {a} euros a month\nStorage: {b} GB\nCancellation: within {c} days",
        (
            "The {name} plan costs {a} euros a month.",
            "{name} comes with {b} GB of storage.",
            "You can cancel {name} within {c} days.",
        ),
    ),
    (
        "Branch {name}\n\nThe branch in {name} opens at {a} and has {b} parking spaces. "
        "Parcels are kept for {c} days.",
        (
            "The branch in {name} opens at {a}.",
            "The {name} branch has {b} parking spaces.",
            "In {name}, parcels are kept for {c} days.",
        ),
    ),
    (
        "| Model | Weight | Ports | Warranty |\n| {name} | {a} kg | {b} ports | {c} months |",
        (
            "The {name} weighs {a} kg.",
            "{name} has {b} ports.",
            "The warranty of the {name} is {c} months.",
        ),
    ),
    (
        "{name} server\n\nOur {name} server was installed in 20{a}. It holds {b} disks, "
        "and backups stay there for {c} days.",
        (
            "The {name} server was installed in 20{a}.",
            "The {name} server holds {b} disks.",
            "Backups stay on {name} for {c} days.",
        ),
    ),
)
"""Pages with the claims that can be made of them."""


def crossed_facts(*, n: int = 150, seed: int = 3) -> Iterator[Given]:
    """Yield `n` claims that one of two to four pages bears, each with the same about another's number."""
    draw = random.Random(seed)
    for _ in range(n):
        page, claims = draw.choice(FORMS)
        names = draw.sample(NAMES, draw.choice((2, 3, 4)))
        values = draw.sample(range(10, 99), 3 * len(names))
        things: list[dict[str, str | int]] = [
            {"name": name, "a": values[3 * at], "b": values[3 * at + 1], "c": values[3 * at + 2]}
            for at, name in enumerate(names)
        ]
        pages, claim = tuple(page.format(**thing) for thing in things), draw.choice(claims)
        one, other = draw.sample(things, 2)
        yield Given(claim.format(**one), pages, is_good=True)
        yield Given(claim.format(**{**other, "name": one["name"]}), pages, is_good=False)
