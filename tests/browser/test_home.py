"""The first steps in an empty studio, and what an old one shows first."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect
from tests.fixtures.studio import Studio, file_of, lay_out, picture, violations


def test_an_empty_studio_leads_to_the_first_document(
    tmp_path: Path, studios: Callable[..., Studio], page: Page
) -> None:
    """Whoever has never seen a terminal must get from nothing to documents that can be asked."""
    studio = studios(lay_out(tmp_path / "handbook", pages={}))
    page.goto(studio.at("/"))
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    assert violations(page) == []
    picture(page, "start")

    leave = b"# Leave\n\n28 days of leave a year.\n"
    page.locator("input[type=file]").set_input_files(file_of("leave.md", leave))

    expect(page.get_by_text("Adding 1 document")).to_be_visible()
    expect(page.get_by_text("done").first).to_be_visible(timeout=60_000)
    assert (studio.folder / "documents" / "leave.md").exists()


def test_the_bundled_domain_is_one_click_away(
    tmp_path: Path, studios: Callable[..., Studio], page: Page
) -> None:
    """Somebody without documents at hand sees a finished comparison, not three more steps."""
    folder = lay_out(tmp_path / "desk", pages={}, settings="# nothing set\n")
    studio = studios(folder)
    page.goto(studio.at("/"))

    page.get_by_role("button", name="Open the version desk").click()

    expect(page.locator("#verdict")).to_contain_text("not measured here")
    assert "primary" in (folder / "lorewright.toml").read_text()
    page.goto(studio.at("/compare"))
    expect(page.get_by_text("87%").first).to_be_visible()


def test_a_template_is_one_click_away(tmp_path: Path, studios: Callable[..., Studio], page: Page) -> None:
    """Somebody who knows what for, and has no documents at hand, begins with those of their trade."""
    folder = lay_out(tmp_path / "mine", pages={})
    page.goto(studios(folder).at("/"))
    card = page.locator("section section", has_text="Diagnosis support from cases")
    expect(card).to_contain_text("Not a medical device")
    assert violations(page) == []
    picture(page, "templates")

    page.get_by_role("button", name="Use this template: Contract analysis").click()

    expect(page.locator("#verdict")).to_contain_text("not measured here")
    assert (folder / "documents" / "northgate-lease.md").is_file()
    assert (folder / "questions" / "held-out.jsonl").is_file()


def test_models_show_size_licence_and_fit(studio: Studio, page: Page) -> None:
    """Nobody should fetch what is too large, or what they may not use."""
    page.goto(studio.at("/models"))

    card = page.locator("section", has_text="SmolLM2 135M Instruct")
    expect(card).to_contain_text("98 MB")
    expect(card).to_contain_text("Apache-2.0")
    expect(card).to_contain_text("fits")
    assert violations(page) == []
    picture(page, "models")


def test_a_source_that_is_none_is_refused_in_words(studio: Studio, page: Page) -> None:
    """A typo must not start anything."""
    page.goto(studio.at("/models"))
    page.get_by_label("Model source").fill("smollm2")
    page.get_by_role("button", name="Add", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text("smollm2")


def test_jobs_show_what_was_done(studio: Studio, page: Page) -> None:
    """What ran before this page was opened can be looked at."""
    page.goto(studio.at("/jobs"))
    expect(page.get_by_role("link", name="Adding documents")).to_be_visible()
    assert violations(page) == []
    picture(page, "jobs")

    page.get_by_role("link", name="Adding documents").click()

    expect(page.get_by_role("heading", name="Parameters and result")).to_be_visible()
    expect(page.get_by_text('"n_new": 2')).to_be_visible()
    assert violations(page) == []
    picture(page, "job")
