"""Tools and called flows in the editor: chosen from what there is, and seen at work."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.fixtures.studio import SETTINGS, Studio, lay_out, lorewright, picture, violations
from tests.fixtures.studio_flows import begin, node

DESK = '\n[tools.desk]\nurl = "{url}"\nkey_env = "DESK_KEY"\n\n[tools.down]\nurl = "http://127.0.0.1:9/mcp"\n'


@pytest.fixture
def with_tools(tmp_path: Path, studios: Callable[..., Studio], desk: str) -> Studio:
    """A studio whose flows may call the tools of one server that is there, and of one that is not."""
    folder = lay_out(tmp_path / "handbook", settings=SETTINGS + DESK.format(url=desk))
    lorewright(folder, "add", "--sync")
    return studios(folder)


def add(page: Page, kind: str) -> None:
    """Add a node from the list of kinds."""
    page.locator(f'[data-kind="{kind}"]').click()
    expect(page.get_by_role("complementary", name=f"Settings of {kind}")).to_be_visible()


def connect(page: Page, name: str, choice: str) -> None:
    """Connect a node by keyboard, choosing among what fits."""
    node(page, name).focus()
    page.keyboard.press("c")
    page.get_by_role("option", name=choice).first.click()


def choose(page: Page, parameter: str, value: str) -> None:
    """Choose one of the values that are offered, once they are."""
    page.get_by_label(parameter, exact=True).and_(page.locator("select")).select_option(value)


def ask(page: Page, question: str) -> None:
    page.get_by_role("button", name="Try it").click()
    page.get_by_label("Question", exact=True).fill(question)
    page.get_by_role("button", name="Run all").click()


def test_a_tool_is_chosen_called_and_cited(with_tools: Studio, page: Page) -> None:
    """Nobody has to know what a server has: its tools and their arguments are offered."""
    begin(with_tools, page)
    node(page, "retrieve").click()
    page.keyboard.press("Delete")
    add(page, "tool")
    expect(page.get_by_text("cannot run yet")).to_be_visible()

    choose(page, "server", "desk")
    choose(page, "tool", "find")
    expect(page.get_by_text("Arguments: query: string, n?: integer")).to_be_visible()
    expect(page.get_by_label("arguments", exact=True)).to_have_value('{"query": "{question}"}')
    assert violations(page) == []
    picture(page, "flow-tool")
    choose(page, "server", "down")
    expect(page.get_by_text("cannot be reached")).to_be_visible()
    choose(page, "server", "desk")
    connect(page, "tool", "conversation from question")
    connect(page, "tool", "hits to prompt")
    expect(page.get_by_text("can run", exact=True)).to_be_visible()
    ask(page, "How many days of leave?")

    side = page.get_by_role("complementary", name="Try it")
    expect(side).to_contain_text("28 days of leave (How many days of leave?)")
    expect(side).to_contain_text("[1] tool:desk/find")
    node(page, "tool").get_by_role("button", name="Open the output of tool").click()
    expect(side).to_contain_text("Called find of desk")
    assert violations(page) == []
    picture(page, "flow-tool-output")


def test_a_tool_that_fails_is_told_with_its_server(with_tools: Studio, page: Page) -> None:
    begin(with_tools, page)
    add(page, "tool")
    choose(page, "server", "desk")
    choose(page, "tool", "failing")
    connect(page, "tool", "conversation from question")

    page.get_by_role("button", name="Run from here").click()

    expect(page.get_by_role("alert")).to_contain_text("Run the whole flow first")


def test_a_called_flow_shows_its_nodes(studio: Studio, page: Page) -> None:
    """What happens inside of a call is seen without opening the other flow."""
    begin(studio, page, "base")
    for name in ("prompt", "generate", "ground"):
        node(page, name).click()
        page.keyboard.press("Delete")
        expect(node(page, name)).to_have_count(0)
    add(page, "subflow")
    choose(page, "flow", "rag")
    connect(page, "subflow", "conversation from question")
    connect(page, "subflow", "draft to answer")
    expect(page.get_by_text("can run", exact=True)).to_be_visible()
    ask(page, "How many days of leave?")
    side = page.get_by_role("complementary", name="Try it")
    expect(side).to_contain_text("28 days of leave a year")

    node(page, "subflow").get_by_role("button", name="Open the output of subflow").click()

    expect(side).to_contain_text("6 nodes ran in the called flow")
    retrieved = side.get_by_role("listitem").filter(has_text=re.compile("^retrieve"))
    expect(retrieved).to_contain_text(re.compile(r"\d+ ms|\d s"))
    retrieved.locator("summary").first.click()
    expect(retrieved).to_contain_text("leave.md")
    assert violations(page) == []
    picture(page, "flow-called")
    page.set_viewport_size({"width": 390, "height": 844})
    picture(page, "flow-called-phone")
    page.set_viewport_size({"width": 1280, "height": 860})
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []
    picture(page, "flow-called-dark")
