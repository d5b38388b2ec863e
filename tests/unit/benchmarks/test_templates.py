"""The templates: what their files promise to whoever starts from one."""

import json
import re
from collections.abc import Mapping
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from benchmarks.templates.build import GALLERY, TUNED, build

from lorewright.settings import read_settings
from lorewright.workspace.domain.templates import VERSION_DESK, templates

NAMES = sorted(name for name in templates() if name != VERSION_DESK)
WITH_DOCUMENTS = [name for name in NAMES if templates()[name].kind == "documents"]
LARGEST_GALLERY = 1_500_000
MOST_ALIKE = 0.8
REWORDED = {"brand-voice", "scientific-analysis"}
"""Few words, all of them facts: what differs there is what the answer depends on."""


def domain(name: str) -> Path:
    return GALLERY / name / "domain"


def rows(name: str, path: str) -> list[dict[str, Any]]:
    file = domain(name) / path
    return (
        [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []
    )


@cache
def pages(name: str, folder: str = "documents") -> Mapping[str, str]:
    place = domain(name) / folder
    return {
        path.relative_to(place).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(place.rglob("*.*"))
    }


def words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def likeness(one: str, other: str) -> float:
    return len(words(one) & words(other)) / len(words(one) | words(other))


def stands_in(answer: str, text: str) -> bool:
    return bool(re.search(rf"(?<![\w.]){re.escape(answer)}(?!\w)", text, re.IGNORECASE))


def test_every_use_has_a_template() -> None:
    """Six where tuning pays, six where documents do, and one for both."""
    kinds = [templates()[name].kind for name in NAMES]
    assert (kinds.count("tuning"), kinds.count("documents"), kinds.count("both")) == (6, 6, 1)


def test_the_gallery_is_small() -> None:
    """It travels with every installation, wanted or not."""
    assert sum(path.stat().st_size for path in GALLERY.rglob("*") if path.is_file()) <= LARGEST_GALLERY


@pytest.mark.parametrize("name", TUNED)
def test_the_made_files_are_those_that_the_lists_give(name: str) -> None:
    """Whoever changes a word list must build the template again."""
    made = build(name)
    assert {path: (domain(name) / path).read_text(encoding="utf-8") for path in made} == made


@pytest.mark.parametrize("name", NAMES)
def test_settings_are_read(name: str) -> None:
    settings = read_settings(domain(name) / "lorewright.toml")
    if templates()[name].kind != "documents":
        assert settings.evaluation.primary == "fields"
        assert settings.evaluation.fields


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_counts_right(name: str) -> None:
    text = (domain(name) / "README.md").read_text(encoding="utf-8")
    questions = rows(name, "questions/held-out.jsonl")
    assert f"{len(questions)} held-out" in text
    if examples := rows(name, "examples/examples.jsonl"):
        assert f"{len(examples)} " in text.split("`questions/`")[0]


@pytest.mark.parametrize("name", NAMES)
def test_questions_are_many_enough_and_differ(name: str) -> None:
    questions = rows(name, "questions/held-out.jsonl")
    assert 20 <= len(questions) <= 30
    assert len({question["question"].casefold() for question in questions}) == len(questions)
    assert len({question["id"] for question in questions}) == len(questions)


@pytest.mark.parametrize("name", [name for name in NAMES if pages(name)])
def test_some_questions_have_no_answer(name: str) -> None:
    """An arm that never refuses must be seen to fail."""
    unanswerable = [row for row in rows(name, "questions/held-out.jsonl") if not row["answerable"]]
    assert 4 <= len(unanswerable) <= 6
    assert all(not row["document_ids"] for row in unanswerable)


@pytest.mark.parametrize("name", WITH_DOCUMENTS)
def test_every_answer_stands_in_its_documents(name: str) -> None:
    """A question with the wrong document or answer would count right arms as wrong."""
    assert 8 <= len(pages(name)) <= 15
    for row in rows(name, "questions/held-out.jsonl"):
        for document_id in row["document_ids"]:
            page = pages(name)[document_id]
            assert any(stands_in(answer, page) for answer in row["answers"]), (row["question"], document_id)


@pytest.mark.parametrize("name", WITH_DOCUMENTS)
def test_no_paragraph_is_about_an_unanswerable_question(name: str) -> None:
    """Where all that a question is about stands in one paragraph, it may well be answered there."""
    paragraphs = [part for page in pages(name).values() for part in page.split("\n\n")]
    for row in rows(name, "questions/held-out.jsonl"):
        if not row["answerable"]:
            about = {word[:5] for word in words(row["question"]) if len(word) > 3 and word not in ASKING}
            for part in paragraphs:
                assert not about <= {word[:5] for word in words(part)}, (row["question"], part)


ASKING = {
    "what",
    "which",
    "does",
    "have",
    "many",
    "much",
    "when",
    "where",
    "with",
    "that",
    "from",
    "they",
    "were",
}


@pytest.mark.parametrize("name", [name for name in NAMES if rows(name, "update/questions.jsonl")])
def test_the_update_turns_old_answers_stale(name: str) -> None:
    """The old answer stands on the old page alone, the new one on the new page alone."""
    for row in rows(name, "update/questions.jsonl"):
        (document_id,) = row["document_ids"]
        old, new = pages(name)[document_id], pages(name, "update/documents")[document_id]
        assert old != new
        assert row["answers"] != row["stale_answers"]
        if templates()[name].kind == "documents":
            assert any(stands_in(answer, new) for answer in row["answers"]), row
            assert any(stands_in(answer, old) for answer in row["stale_answers"]), row
            assert not any(stands_in(answer, new) for answer in row["stale_answers"]), row
            assert not any(stands_in(answer, old) for answer in row["answers"]), row


@pytest.mark.parametrize("name", [name for name in NAMES if pages(name, "update/documents")])
def test_the_update_changes_no_other_answer(name: str) -> None:
    """A changed page keeps its place: every page of the update replaces one."""
    assert set(pages(name, "update/documents")) <= set(pages(name))


@pytest.mark.parametrize("name", TUNED)
def test_no_held_out_question_is_an_example(name: str) -> None:
    """Else a model is praised for what it was shown."""
    shown = [row["messages"][1]["content"] for row in rows(name, "examples/examples.jsonl")]
    most = 0.9 if name in REWORDED else MOST_ALIKE
    for row in rows(name, "questions/held-out.jsonl"):
        assert max(likeness(row["question"], text) for text in shown) < most, row["question"]


@pytest.mark.parametrize("name", TUNED)
def test_no_example_is_there_twice(name: str) -> None:
    shown = [row["messages"][1]["content"].casefold() for row in rows(name, "examples/examples.jsonl")]
    assert 80 <= len(shown) <= 150
    assert not [one for one, other in combinations(shown, 2) if one == other]


@pytest.mark.parametrize("name", TUNED)
def test_every_answer_has_the_fields_that_are_measured(name: str) -> None:
    """A field that no answer has would count as right whatever is said."""
    fields = read_settings(domain(name) / "lorewright.toml").evaluation.fields
    for row in rows(name, "questions/held-out.jsonl"):
        if row["answerable"]:
            for field in fields:
                assert re.search(field.pattern, row["answers"][0], re.MULTILINE), (field.name, row["answers"])


def test_every_card_of_the_plant_clinic_follows_from_its_guideline() -> None:
    """Limit, means and days stand on the page; the verdict follows from limit and count."""
    for row in rows("plant-clinic", "questions/held-out.jsonl"):
        if row["answerable"]:
            page, card = pages("plant-clinic")[row["document_ids"][0]], row["answers"][0]
            limit = re.search(r"^Limit: (\d+) .+$", card, re.MULTILINE)
            assert limit
            count = int(next(number for number in re.findall(r"\d+", row["question"]) if number != "100"))
            assert f"treat from {limit[1]} " in page
            assert ("TREAT" in card) is (count >= int(limit[1]))
