"""Several domains in one studio: switching between them, and making another one."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.fixtures.studio import Studio, begin, lay_out, looks_right, lorewright
from tests.fixtures.studio_chat import ask

pytestmark = pytest.mark.thorough

CONTRACTS = {"notice.md": "# Notice\n\nThe notice period is 3 months.\n"}


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """Two domains, each with documents of its own."""
    made = [lay_out(tmp_path / "handbook"), lay_out(tmp_path / "contracts", CONTRACTS)]
    for folder in made:
        lorewright(folder, "add", "--sync")
    return made


def switch(page: Page, here: str, to: str) -> None:
    page.get_by_role("button", name=f"Domain: {here}").first.click()
    page.get_by_text(to, exact=True).last.click()


def test_the_switcher_leads_to_another_domain_and_back(
    page: Page, studios: Callable[..., Studio], folders: list[Path]
) -> None:
    """Everything on the page belongs to the domain in its address: documents, links, the socket."""
    studio = studios(folders[0], str(folders[1]))
    page.goto(studio.at("/documents"))
    expect(page.get_by_text("leave.md")).to_be_visible()

    switch(page, "handbook", "contracts")
    expect(page).to_have_url(f"{studio.url}/d/contracts/studio/")
    page.get_by_role("link", name="Documents", exact=True).click()
    expect(page).to_have_url(f"{studio.url}/d/contracts/studio/documents")
    expect(page.get_by_text("notice.md")).to_be_visible()
    expect(page.get_by_text("leave.md")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("notice.md")).to_be_visible()
    looks_right(page, "domains-contracts")

    page.goto(f"{studio.url}/d/contracts/studio/chat")
    ask(page, "How long is the notice period?")
    expect(page.get_by_text("3 months").first).to_be_visible()
    expect(page).to_have_url(re.compile("/d/contracts/studio/chat/chat_"))
    page.go_back()
    switch(page, "contracts", "handbook")
    expect(page).to_have_url(studio.at("/"))


def test_a_new_domain_is_made_and_entered_without_another_login(
    page: Page, studios: Callable[..., Studio], folders: list[Path]
) -> None:
    """A name and a click; the account of here is that of there."""
    studio = studios(folders[0], "--keys")
    begin(studio, page)
    page.get_by_role("button", name="Domain: handbook").first.click()
    page.get_by_text("New domain").click()
    expect(page.get_by_role("heading", name="New domain")).to_be_visible()
    page.get_by_role("button", name="Create domain").click()
    expect(page.get_by_role("alert").filter(has_text="Enter a name.")).to_be_visible()
    looks_right(page, "domains-new")
    page.get_by_label("Name", exact=True).fill("Plant care")
    page.get_by_role("radio", name="Learned reasoning").check()
    page.get_by_role("button", name="Create domain").click()

    expect(page).to_have_url(f"{studio.url}/d/plant-care/studio/")
    expect(page.get_by_role("button", name="Domain: Plant care").first).to_be_visible()
    expect(page.get_by_text("Ada")).to_be_visible()
    switch(page, "Plant care", "handbook")
    expect(page).to_have_url(studio.at("/"))
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(studio.at("/login"))
    page.goto(f"{studio.url}/d/plant-care/studio/")
    expect(page).to_have_url(f"{studio.url}/d/plant-care/studio/login")


def test_a_domain_without_an_account_of_the_visitor_is_not_listed(
    page: Page, studios: Callable[..., Studio], folders: list[Path]
) -> None:
    """Not even its name: others use the same server."""
    studio = studios(folders[0], str(folders[1]), "--keys")
    begin(studio, page)
    page.get_by_role("button", name="Domain: handbook").first.click()

    expect(page.get_by_text("New domain")).to_be_visible()
    expect(page.get_by_text("contracts")).to_have_count(0)
