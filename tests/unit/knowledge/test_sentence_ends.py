"""Full stops that end no sentence: short forms, dates and numbers that count."""

import pytest

from lorewright.knowledge.words import sentences


def _split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Nicht genommener Urlaub verfällt am 31. März des Folgejahres.",
        "Die Rechnung ist bis zum 15. eines Monats zu zahlen.",
        "Im 3. Quartal steigt der Preis, im 4. Quartal fällt er.",
        "Mødet er flyttet til den 5. maj klokken ti.",
        "Zuschläge, z. B. für Nachtarbeit, regelt Abs. 2 des Vertrags.",
        "See art. 12 and p. 40 of the report from Jan. 5 on.",
        "1. Empty the tray.",
        "Owner: Dr. Hanna Weiss (dpo@example.org, ext. 512).",
        "Dr. Lee is responsible.",
    ],
)
def test_a_full_stop_within_a_sentence_does_not_end_it(text: str) -> None:
    """ "Leave expires on the 31st" without the month is no answer."""
    assert _split(text) == [text]


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("He loves art. She does not.", 2),
        ("The answer is no. Ask again.", 2),
        ("It seats 12. Parking is free.", 2),
        ("Every processor signs Annex B. Others may not.", 2),
        ("It seats 12. Marks on the floor show where.", 2),
        ("The model was trained in 2019. Marks were given later.", 2),
        ("Page 3 of 12. Summary follows.", 2),
    ],
)
def test_a_full_stop_at_the_end_of_a_sentence_ends_it(text: str, n: int) -> None:
    """Words and numbers that stand at the end as well."""
    assert len(_split(text)) == n
