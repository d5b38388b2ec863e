"""Flows in the studio: begun from a template, changed, tried, saved, shared with others, deployed."""

import json
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.fixtures.studio import Studio, file_of, picture, violations
from tests.fixtures.studio_flows import begin, drafts, node


def change(page: Page, parameter: str, value: str) -> None:
    """Change a parameter of the generate node, and wait until the server has kept it."""
    node(page, "generate").click()
    page.keyboard.press("Enter")
    page.get_by_label(parameter, exact=True).fill(value)
    page.keyboard.press("Tab")


def test_a_template_is_tried_saved_and_called(studio: Studio, page: Page) -> None:
    """From a template to a model name that any client calls."""
    begin(studio, page)
    assert violations(page) == []
    page.get_by_role("button", name="Try it").click()
    page.get_by_label("Question", exact=True).fill("How many days of leave?")
    page.get_by_role("button", name="Run all").click()
    expect(page.get_by_role("complementary", name="Try it")).to_contain_text("28 days of leave a year")
    expect(node(page, "retrieve")).to_contain_text("Done")
    picture(page, "flow-tried")

    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as version 1.")).to_be_visible()
    asked = {"model": "handbook/my-rag", "messages": [{"role": "user", "content": "How many days of leave?"}]}
    answer = httpx2.post(f"{studio.url}/v1/chat/completions", json=asked, timeout=60).json()
    assert "28 days" in answer["choices"][0]["message"]["content"]


def test_a_flow_begins_with_nothing_but_its_ends(studio: Studio, page: Page) -> None:
    """Who knows what to draw needs no template; what is added lies beside what is there."""
    page.goto(studio.at("/flows"))
    page.get_by_role("button", name="New flow").click()
    expect(page.get_by_role("heading", name="my-flow")).to_be_visible()
    for kind in ("retrieve", "prompt", "generate"):
        page.locator(f'[data-kind="{kind}"]').click()
        expect(node(page, kind)).to_be_visible()

    page.get_by_role("button", name="Show all", exact=True).click()
    expect(page.locator("[data-node]")).to_have_count(5)
    boxes = page.locator("[data-node]").evaluate_all(
        "cards => cards.map((card) => card.getBoundingClientRect().toJSON())"
    )
    for place, one in enumerate(boxes):
        for other in boxes[:place]:
            is_beside = one["right"] <= other["left"] or other["right"] <= one["left"]
            assert is_beside or one["bottom"] <= other["top"] or other["bottom"] <= one["top"]
    picture(page, "flow-new")


def test_one_node_runs_again_with_what_stood_before_it(studio: Studio, page: Page) -> None:
    """Who changes the last step must not wait for all before it."""
    begin(studio, page)
    page.get_by_role("button", name="Try it").click()
    page.get_by_label("Question", exact=True).fill("How many days of leave?")
    page.get_by_role("button", name="Run all").click()
    side = page.get_by_role("complementary", name="Try it")
    expect(side).to_contain_text("28 days of leave a year")
    side.get_by_role("button", name="Close").click()

    node(page, "generate").click()
    page.get_by_role("button", name="Run from here").click()

    expect(side.get_by_role("heading", name="generate")).to_be_visible()
    expect(side).to_contain_text("28 days of leave a year")


def test_a_flow_that_cannot_run_says_why_and_is_not_saved(studio: Studio, page: Page) -> None:
    """A draft may be unfinished; what is served may not."""
    begin(studio, page)
    node(page, "prompt").click()
    page.keyboard.press("Delete")
    expect(page.get_by_text("cannot run yet")).to_be_visible()

    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("alert").last).to_contain_text("messages")
    assert "my-rag" not in drafts(studio)


def test_a_reload_finds_the_draft_as_it_was(studio: Studio, page: Page) -> None:
    """Nobody has to remember to save."""
    begin(studio, page)
    node(page, "prompt").click()
    page.keyboard.press("Delete")
    expect(page.get_by_text("cannot run yet")).to_be_visible()
    page.goto(studio.at("/flows"))
    expect(page.get_by_text("draft, not saved yet")).to_be_visible()

    page.get_by_role("link", name="my-rag").click()

    expect(node(page, "generate")).to_be_visible()
    expect(node(page, "prompt")).to_have_count(0)


def test_two_people_lose_nothing(studio: Studio, page: Page, browser: Browser) -> None:
    """Who changes what somebody else has changed meanwhile is told, and keeps both."""
    begin(studio, page)
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    other = context.new_page()
    other.goto(studio.at("/flows/edit?name=my-rag"))
    expect(node(other, "generate")).to_be_visible()
    node(page, "ground").click()
    page.keyboard.press("Delete")
    expect(page.get_by_text("cannot run yet")).to_be_visible()
    page.goto(studio.at("/flows/edit?name=my-rag"))
    page.get_by_role("button", name="Show all", exact=True).click()
    expect(node(page, "generate")).to_be_visible()
    expect(node(page, "ground")).to_have_count(0)

    node(other, "retrieve").click()
    other.keyboard.press("Delete")
    expect(other.get_by_text("changed my-rag in the meantime")).to_be_visible()
    picture(other, "flow-overtaken")
    other.get_by_role("button", name="Save mine as a copy").click()

    expect(other.get_by_role("heading", name="my-rag-mine")).to_be_visible()
    expect(node(other, "retrieve")).to_have_count(0)
    expect(node(other, "ground")).to_be_visible()
    context.close()


def test_versions_show_their_difference_and_come_back(studio: Studio, page: Page) -> None:
    """What was saved can be looked at, compared and taken back."""
    begin(studio, page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as version 1.")).to_be_visible()
    change(page, "temperature", "0.5")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("Note (optional)").fill("shorter")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved as version 2.")).to_be_visible()

    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_text("Versions", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("generate.temperature")
    expect(page.get_by_role("dialog")).to_contain_text("→ 0.5")
    assert violations(page) == []
    page.get_by_role("button", name="Restore version 1").click()

    expect(page.get_by_text("Version 1 is on the canvas")).to_be_visible()


def test_a_file_goes_out_and_in(studio: Studio, page: Page, tmp_path: Path) -> None:
    """A flow can be given to somebody else; a file that is none is refused in words."""
    begin(studio, page)
    page.get_by_role("button", name="More", exact=True).click()
    with page.expect_download() as waiting:
        page.get_by_text("Export as JSON").click()
    path = tmp_path / "flow.json"
    waiting.value.save_as(path)
    assert json.loads(path.read_text())["flow"]["name"] == "my-rag"

    page.goto(studio.at("/flows"))
    page.get_by_role("button", name="Import").click()
    page.locator("input[type=file]").set_input_files(file_of("x.json", b"{", "application/json"))
    expect(page.get_by_role("alert")).to_contain_text("is not valid JSON")
    page.locator("input[type=file]").set_input_files(path)

    expect(page.get_by_role("heading", name="my-rag-2")).to_be_visible()


def test_a_flow_is_deployed_from_its_page(studio: Studio, page: Page) -> None:
    """The way from the canvas to a deployment."""
    begin(studio, page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as version 1.")).to_be_visible()

    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_text("Deploy this flow").click()
    page.get_by_label("Model name for clients").fill("flow-desk")
    page.get_by_test_id("deploy").click()

    expect(page.get_by_role("heading", name="flow-desk", exact=True)).to_be_visible()
    expect(page.get_by_role("row", name="@1")).to_contain_text("my-rag")


@pytest.mark.parametrize("width", [390, 1600])
def test_the_pages_fit_phones_and_wide_screens(studio: Studio, page: Page, width: int) -> None:
    """Nothing runs out of the page."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(studio.at("/flows"))
    expect(page.get_by_role("heading", name="Templates")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    picture(page, f"flows-{width}")
    page.goto(studio.at("/flows/edit?arm=hybrid"))
    expect(node(page, "question")).to_be_visible()
    picture(page, f"flow-{width}")
