"""Requests for small functions, and how they are written in the code of a harbour's planning system."""

from random import Random

from benchmarks.templates.cases import Case, Material, from_wordings

INSTRUCTION = "You write Python in the style of the harbour code."

# Things with the number that is asked of them: class, plural, attribute.
THINGS = (
    ("Crate", "crates", "weight"), ("Ship", "ships", "length"), ("Berth", "berths", "depth"),
    ("Truck", "trucks", "load"), ("Crane", "cranes", "reach"), ("Pallet", "pallets", "height"),
    ("Barge", "barges", "draught"), ("Wagon", "wagons", "axles"), ("Tank", "tanks", "volume"),
    ("Ticket", "tickets", "price"), ("Pilot", "pilots", "hours"), ("Shed", "sheds", "area"),
)  # fmt: skip

KINDS = {
    "total": (
        (
            "Add up the {attribute} of all {plural}.",
            "I need the sum of every {thing}'s {attribute}.",
            "Function for the total {attribute} of some {plural}.",
            "How much {attribute} do the {plural} have together?",
        ),
        ("Give me the {attribute} of the {plural}, all of it in one number.", "Sum the {plural} by {attribute}."),
    ),
    "largest": (
        (
            "Find the {thing} with the largest {attribute}.",
            "Which of the {plural} has the most {attribute}?",
            "I want the top {thing} by {attribute}.",
            "Return the {thing} whose {attribute} is the highest.",
        ),
        ("Of many {plural}, pick the one that has the maximum {attribute}.", "The biggest {thing}, judged by {attribute}."),
    ),
    "smallest": (
        (
            "Find the {thing} with the smallest {attribute}.",
            "Which of the {plural} has the least {attribute}?",
            "I want the lowest {thing} by {attribute}.",
            "Return the {thing} whose {attribute} is the lowest.",
        ),
        ("Of many {plural}, pick the one that has the minimum {attribute}.", "The least {thing}, judged by {attribute}."),
    ),
    "sorted": (
        (
            "Sort the {plural} by {attribute}.",
            "Put the {plural} in order of their {attribute}.",
            "I need the {plural} ordered by {attribute}, small ones first.",
            "Order {plural} so that {attribute} grows.",
        ),
        ("Line the {plural} up by {attribute}.", "A sorted list of {plural}, please, {attribute} ascending."),
    ),
    "above": (
        (
            "Keep only the {plural} whose {attribute} is above a limit.",
            "Which {plural} exceed a given {attribute}?",
            "Filter the {plural}: {attribute} over a limit.",
            "Return all {plural} with more {attribute} than allowed.",
        ),
        ("Drop every {thing} that stays under a limit of {attribute}.", "The {plural} beyond some {attribute}, as a list."),
    ),
    "by": (
        (
            "Make a dictionary of {plural} by {attribute}.",
            "Look up {plural} quickly by their {attribute}.",
            "Map each {attribute} to its {thing}.",
            "Index the {plural} under {attribute}.",
        ),
        ("Let me reach a {thing} through its {attribute}.", "A mapping from {attribute} to {thing}."),
    ),
}  # fmt: skip

BODIES = {
    "total": (
        "def total_{attribute}({plural}: Crew[{type}]) -> int:",
        "sum(it.{attribute} for it in {plural})",
    ),
    "largest": (
        "def largest_by_{attribute}({plural}: Crew[{type}]) -> {type} | None:",
        "max({plural}, key=by.{attribute}, default=None)",
    ),
    "smallest": (
        "def smallest_by_{attribute}({plural}: Crew[{type}]) -> {type} | None:",
        "min({plural}, key=by.{attribute}, default=None)",
    ),
    "sorted": (
        "def sorted_by_{attribute}({plural}: Crew[{type}]) -> Crew[{type}]:",
        "crew(sorted({plural}, key=by.{attribute}))",
    ),
    "above": (
        "def above_{attribute}({plural}: Crew[{type}], limit: int) -> Crew[{type}]:",
        "crew(it for it in {plural} if it.{attribute} > limit)",
    ),
    "by": (
        "def by_{attribute}({plural}: Crew[{type}]) -> dict[int, {type}]:",
        "{{it.{attribute}: it for it in {plural}}}",
    ),
}


def material() -> Material:
    """Return the requests with the code."""
    return from_wordings(KINDS, _write, instruction=INSTRUCTION, n_examples=132, n_questions=24, seed=3)


def _write(kind: str, wording: str, draw: Random) -> Case:
    type_, plural, attribute = draw.choice(THINGS)
    words = {"type": type_, "thing": type_.lower(), "plural": plural, "attribute": attribute}
    head, body = BODIES[kind]
    return Case(wording.format(**words), f"{head.format(**words)}\n    return {body.format(**words)}")
