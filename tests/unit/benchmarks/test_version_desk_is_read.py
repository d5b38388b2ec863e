"""The bundled domain, as the product reads it."""

import re

from benchmarks.version_desk.build import DOMAIN
from benchmarks.version_desk.wording import REFUSAL

from lorewright.datasets import read_examples
from lorewright.evaluation import read_questions
from lorewright.settings import read_settings


def test_examples_name_the_pages_they_were_written_from() -> None:
    """The adapter for retrieved context needs them."""
    examples = read_examples(DOMAIN / "examples").examples
    pages = {page for example in examples for page in example.document_ids}
    assert len(examples) == 254
    assert all((DOMAIN / "documents" / page).is_file() for page in pages)
    assert {example.completion for example in examples if not example.answerable} == {REFUSAL}


def test_questions_carry_answers_and_what_is_stale() -> None:
    """The update drill counts stale answers."""
    held_out, updated = read_questions(DOMAIN / "questions"), read_questions(DOMAIN / "update")
    assert (len(held_out), len(updated)) == (60, 20)
    assert all(question.targets for question in held_out)
    assert all(question.stale_targets for question in updated)


def test_every_part_of_a_card_can_be_scored_alone() -> None:
    """Facts count in any form, the form counts without the facts."""
    settings = read_settings(DOMAIN / "lorewright.toml")
    card = "Node.js 18: AMBER\nFixes until: 30 Apr 2025\nNext: plan for 22 [1]"
    found = {field.name: re.search(field.pattern, card, re.MULTILINE) for field in settings.evaluation.fields}
    assert {name: match and match[1] for name, match in found.items()} == {
        "colour": "AMBER",
        "until": "30 Apr 2025",
        "next": "plan for 22",
    }
    assert settings.prompt.refusal == REFUSAL
