"""Personal data and secrets, by their form and their check digits."""

import pytest

from lorewright.datasets import Example
from lorewright.datasets.notes import notes_on
from lorewright.datasets.private import masked, private_in
from lorewright.messages import Message


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to ada@example.org", "e-mail address"),
        ("pay to DE89 3704 0044 0532 0130 00 please", "IBAN"),
        ("card 4111 1111 1111 1111", "payment card"),
        ("call +49 30 1234567", "phone number"),
        ("Tel. 030 1234567", "phone number"),
        ("SSN 219-09-9999", "US social security number"),
        ("DNI 12345678Z", "Spanish identity number"),
        ("NIR 2 55 08 14 168 025 38", "French insurance number"),
        ("AHV 756.9217.0769.85", "Swiss insurance number"),
        ("NI QQ 12 34 56 C is none, but AB 12 34 56 C", "UK insurance number"),
        ("key sk-abcdefghijklmnopqrstuvwx", "secret"),
    ],
)
def test_what_is_personal_is_found_and_masked(text: str, kind: str) -> None:
    """A model that learned a number says it to anybody."""
    [found] = private_in(text)

    assert found.kind == kind
    assert masked(text) == f"{text[: found.start]}[{kind}]{text[found.end :]}"


@pytest.mark.parametrize(
    "text",
    [
        "Order 1234567890123 is late",
        "DE89 3704 0044 0532 0130 01",
        "card 4111 1111 1111 1112",
        "Part 000-12-3456",
        "12345678A is a part",
        "Version 3.11.2 of 2024-05-01, page 1200",
        "It costs 1 000 000 000 euros",
    ],
)
def test_numbers_with_wrong_check_digits_are_ordinary_numbers(text: str) -> None:
    """Order numbers and versions must not be masked."""
    assert private_in(text) == []


def _examples(*completions: str) -> list[Example]:
    return [Example(str(n), (Message("user", f"q{n}"),), text) for n, text in enumerate(completions)]


def test_notes_name_what_only_the_whole_shows() -> None:
    """Three examples, one answer for all, a label that hardly occurs: known before the hours of a run."""
    assert "There are 3 examples" in next(notes_on(_examples("a", "b", "c")))
    assert list(notes_on(_examples(*["yes"] * 40))) == [
        "All examples have the same answer: only that answer would be learned."
    ]
    [note] = notes_on(_examples(*["refund"] * 30, *["loss"] * 2))
    assert "30 examples for 'refund', 2 for 'loss'" in note
    assert list(notes_on(_examples(*["refund"] * 15, *["loss"] * 15))) == []


@pytest.mark.parametrize("text", ["a" * 200_000, "a.b-" * 50_000, "a@b." * 50_000, "eyJ-" * 20_000])
def test_a_long_word_is_read_once(text: str) -> None:
    """Read once a letter, one row of base64 kept `data check` and `tune` busy for minutes."""
    assert private_in(text) == []
