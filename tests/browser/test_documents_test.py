"""The retrieval test as somebody uses it who wants to know why a question misses its document."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.fixtures.studio import SETTINGS, Studio, lay_out, lorewright, picture, violations

TOPICS = ("leave", "travel", "parking", "pension", "training", "meals", "holidays", "sickness")


@pytest.fixture
def desk(tmp_path: Path, studios: Callable[..., Studio]) -> Studio:
    """A studio over eight pages and sixteen questions that say which page answers them."""
    pages = {
        f"rules/{topic}.md": f"# {topic.title()}\n\nThe rule for {topic} is number {place}.\n"
        for place, topic in enumerate(TOPICS)
    }
    folder = tmp_path / "desk"
    (folder / "documents" / "rules").mkdir(parents=True)
    for name, text in pages.items():
        (folder / "documents" / name).write_text(text)
    (folder / "lorewright.toml").write_text(f"{SETTINGS}# kept\n[retrieval]\nn_kept = 1\n")
    rows = [
        {
            "id": f"q{number}", "question": f"What is the rule for {topic}, asked {number}?",
            "answers": [str(place)], "document_ids": [f"rules/{topic}.md"],
        }
        for number in range(2)
        for place, topic in enumerate(TOPICS)
    ]  # fmt: skip
    rows = [row | {"id": f"q{place}"} for place, row in enumerate(rows)]
    (folder / "questions").mkdir()
    (folder / "questions" / "held-out.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    lorewright(folder, "add", "--sync")
    return studios(folder)


def move(page: Page, name: str, value: str) -> None:
    """Move a slider as the arrow keys would."""
    page.get_by_role("slider", name=name).fill(value)


def test_a_hit_explains_its_score_and_follows_the_sliders(desk: Studio, page: Page) -> None:
    page.goto(desk.at("/documents"))
    page.get_by_role("button", name="Retrieval test").click()
    page.get_by_label("Question", exact=True).fill("rule for parking")
    page.get_by_role("button", name="Search", exact=True).click()

    first = page.locator(".ret-hit").first
    expect(first).to_contain_text("rules/parking.md")
    expect(first).to_contain_text("BM25")
    expect(first).to_contain_text("cosine")
    expect(first.locator("mark").first).to_have_text("Parking")
    expect(page.get_by_text("hits below do not reach the prompt")).to_be_visible()
    assert violations(page) == []
    picture(page, "retrieval")

    move(page, "Chunks in the prompt", "20")
    expect(page.get_by_text("hits below do not reach the prompt")).to_have_count(0)
    expect(page.get_by_text("saved: 1")).to_be_visible()
    move(page, "Minimum similarity", "1")
    expect(page.get_by_text("would be refused")).to_be_visible()
    page.get_by_role("button", name="Reset to saved").click()
    expect(page.get_by_text("would be answered")).to_be_visible()
    expect(page.get_by_role("slider", name="Chunks in the prompt")).to_have_value("1")

    first.get_by_role("link", name="Parking").click()
    expect(page.locator(".doc-text mark")).to_contain_text("The rule for parking is number 2.")


def test_filters_and_rerankers_change_what_is_found(desk: Studio, page: Page) -> None:
    page.goto(desk.at("/documents/test?question=rule%20for%20parking"))
    expect(page.locator(".ret-hit").first).to_contain_text("rules/parking.md")
    page.get_by_label("Paths, e.g.").fill("rules/*s.md")
    expect(page.get_by_role("heading", name="3 hits")).to_be_visible()
    expect(page.locator(".ret-hit").first).not_to_contain_text("parking.md")
    page.get_by_label("Paths, e.g.").fill("")
    expect(page.get_by_role("heading", name="8 hits")).to_be_visible()

    for name in ("term rarity and proximity", "diversity (MMR)", "the chat model"):
        page.get_by_label("Rerank by").click()
        page.get_by_role("option", name=name).click()
        expect(page.get_by_role("slider", name="Weight of the reranker")).to_be_visible()
        expect(page.locator(".ret-hit")).to_have_count(8)


def test_a_way_is_measured_on_all_questions_and_saved(desk: Studio, page: Page) -> None:
    page.goto(desk.at("/documents/test"))
    page.get_by_role("button", name="Measure on 16 questions").click()
    expect(page.get_by_text("Recall at 1")).to_be_visible()
    expect(page.get_by_text("same as saved").first).to_be_visible()
    page.get_by_label("Paths, e.g.").fill("rules/p*.md")
    expect(page.get_by_text("worse than saved").first).to_be_visible()
    page.get_by_role("button", name="Changed from saved").click()
    expect(page.get_by_role("cell", name="not retrieved").first).to_be_visible()
    assert violations(page) == []
    picture(page, "retrieval-measured")
    page.get_by_role("button", name="What is the rule for leave, asked 0?").click()
    expect(page.get_by_text("0 of 1 relevant documents are kept.")).to_be_visible()
    page.get_by_label("Paths, e.g.").fill("")
    expect(page.get_by_text("relevant", exact=True)).to_be_visible()

    move(page, "Weight", "0.3")
    page.get_by_role("button", name="Save these settings").click()
    expect(page.get_by_text("Saved: retrieval.dense_weight.")).to_be_visible()
    settings = (desk.folder / "lorewright.toml").read_text()
    assert "dense_weight = 0.3" in settings
    assert "# kept" in settings


def test_the_weight_is_fitted_and_says_what_it_gains(desk: Studio, page: Page) -> None:
    page.goto(desk.at("/documents/test"))
    page.get_by_role("button", name="Optimize").click()
    expect(page.get_by_text("(saved:")).to_be_visible()
    expect(page.get_by_text("Reciprocal rank on test questions:")).to_be_visible()
    expect(page.get_by_text("n=16")).to_be_visible()
    assert violations(page) == []
    picture(page, "retrieval-fitted")


def test_a_question_is_saved_with_the_document_that_answers_it(desk: Studio, page: Page) -> None:
    page.goto(desk.at("/documents/test"))
    page.get_by_label("Question", exact=True).fill("Where do I find <b>meals</b>?")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("button", name="Mark as relevant: rules/meals.md").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Question")).to_have_value("Where do I find <b>meals</b>?")
    dialog.get_by_role("textbox", name="Correct answer").fill("Number 5.")
    assert violations(page) == []
    picture(page, "retrieval-save-question")
    dialog.get_by_role("button", name="Save").click()

    expect(page.get_by_text("relevant", exact=True)).to_be_visible()
    [saved] = (desk.folder / "questions" / "judged.jsonl").read_text().splitlines()
    assert json.loads(saved)["document_ids"] == ["rules/meals.md"]
    page.get_by_role("button", name="Mark as not relevant: rules/meals.md").click()
    expect(page.get_by_text("relevant", exact=True)).to_have_count(0)


def test_an_empty_domain_says_what_to_do(tmp_path: Path, studios: Callable[..., Studio], page: Page) -> None:
    studio = studios(lay_out(tmp_path / "new", pages={}))
    page.goto(studio.at("/documents/test"))
    expect(page.get_by_text("No documents yet")).to_be_visible()
    page.get_by_role("button", name="Add documents").click()
    expect(page.get_by_role("heading", name="Documents")).to_be_visible()


def test_the_page_is_readable_dark_and_on_a_phone(desk: Studio, page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(desk.at("/documents/test?question=rule%20for%20parking"))
    page.get_by_role("button", name="Measure on 16 questions").click()
    expect(page.get_by_text("Recall at 1")).to_be_visible()
    assert violations(page) == []
    picture(page, "retrieval-dark")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 390, "height": 800})
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    picture(page, "retrieval-phone")
