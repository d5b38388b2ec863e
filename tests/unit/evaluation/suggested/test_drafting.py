"""Drafts from the structure of documents."""

from lorewright.documents import Document
from lorewright.evaluation.suggested.draft import Draft
from lorewright.evaluation.suggested.drafting import comparisons, drafts_of
from lorewright.evaluation.suggested.near_misses import unanswerable

PLANS = """# Plans and prices

| Plan | Monthly price | Seats |
|---|---|---|
| Starter | 19 € | 3 |
| Team | 79 € | 15 |
"""
NEST = """# Nest Sync

Nest Sync is a program that keeps folders on two computers identical.

- **Released**: 2026-03-18
- **Licence**: proprietary
- **Contact**: Jonas Weber
"""
PERCH = """# Perch Backup

- **Released**: 2025-11-04
- **Contact**: Mina Okafor
"""


def _drafts(name: str, text: str) -> list[Draft]:
    return drafts_of(Document(name, text.splitlines()[0].strip("# "), text))[0]


def _asked(name: str, text: str) -> dict[str, str]:
    return {draft.question: draft.answer for draft in _drafts(name, text)}


def test_a_cell_is_asked_by_its_row_and_its_column() -> None:
    """Prices and limits stand in tables; what is asked for must be what the column means."""
    asked = _asked("plans.md", PLANS)

    assert asked["How much does Team cost per month?"] == "79 €"
    assert asked["How many seats does Starter have?"] == "3"


def test_a_field_is_asked_of_the_thing_that_the_document_is_about() -> None:
    """Cards of products and people are lists of fields."""
    asked = _asked("nest.md", NEST)

    assert asked["When was Nest Sync released?"] == "2026-03-18"
    assert asked["Who is the contact for Nest Sync?"] == "Jonas Weber"
    assert asked["What is the licence of Nest Sync?"] == "proprietary"


def test_the_evidence_is_the_place_word_for_word() -> None:
    """Who accepts a question looks at where its answer stands."""
    for draft in _drafts("plans.md", PLANS):
        [evidence] = draft.evidence
        assert PLANS[evidence.start : evidence.end] == evidence.text
        assert draft.answer in evidence.text


def test_a_question_of_the_document_keeps_its_words_and_takes_the_answer_below() -> None:
    """Frequent questions are what people ask."""
    asked = _asked("faq.md", "# Help\n\n## Can I change my plan?\n\nYes, under Settings at any time.\n")

    assert asked == {"Can I change my plan?": "Yes, under Settings at any time."}


def test_two_documents_are_compared_by_a_property_of_both() -> None:
    """What stands in two places is found only by who looks at both."""
    cells = [cell for name, text in (("nest.md", NEST), ("perch.md", PERCH))
             for cell in drafts_of(Document(name, text.splitlines()[0][2:], text))[1]]  # fmt: skip

    [draft] = [one for one in comparisons(cells, most=9) if "released" in one.question]

    assert draft.answer == ("Perch Backup" if "earlier" in draft.question else "Nest Sync")
    assert set(draft.document_ids) == {"nest.md", "perch.md"}


def test_a_property_that_only_its_neighbours_have_is_a_near_miss() -> None:
    """A refusal is measured by what nearly stands there, not by what is far away."""
    third = PERCH.replace("Perch Backup", "Wren Mail").replace(
        "- **Contact", "- **Licence**: free\n- **Contact"
    )
    drafts, cells = [], []
    for name, text in (("nest.md", NEST), ("perch.md", PERCH), ("wren.md", third)):
        found, properties = drafts_of(Document(name, text.splitlines()[0][2:], text))
        drafts += found
        cells += properties

    questions = [draft.question for draft in unanswerable(cells, drafts)]

    assert "What is the licence of Perch Backup?" in questions


def test_german_french_and_spanish_ask_too() -> None:
    """A domain in another language must be measurable as well."""
    german = _asked(
        "urlaub.md", "# Urlaub\n\nDie Auszubildenden erhalten 32 Tage Urlaub im Jahr und sind froh.\n"
    )
    french = _asked(
        "conges.md", "# Congés\n\nLes salariés reçoivent 25 jours de congé par an dans le groupe.\n"
    )
    spanish = _asked(
        "vacaciones.md", "# Vacaciones\n\nLos empleados tienen 23 días de vacaciones en el año.\n"
    )

    assert (
        german["Wie viele Tage Urlaub erhalten die Auszubildenden im Jahr und sind froh?"] == "32 Tage Urlaub"
    )
    assert "Combien de jours de congé est-ce que les salariés reçoivent par an dans le groupe ?" in french
    assert "¿Cuántos días de vacaciones tienen los empleados en el año?" in spanish


def test_a_document_of_one_line_or_in_a_language_without_templates_gives_no_nonsense() -> None:
    """Nothing is better than something wrong."""
    assert _drafts("one.md", "Hello") == []
    assert _drafts("ja.md", "# 休暇\n\n社員は年間30日の休暇があります。\n") == []
