"""Leaving a screen in the middle of something: nothing fails in the server, nothing stays behind."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.fixtures.studio import Studio, lay_out, lorewright, start


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Studio, Callable[[], str]]]:
    """A studio whose server writes its log into a file, and what stands there."""
    folder = lay_out(tmp_path_factory.mktemp("logged") / "handbook")
    lorewright(folder, "add", "--sync")
    log = folder.parent / "server.log"
    studio = start(folder, log=log)
    yield studio, log.read_text
    studio.process.terminate()
    studio.process.communicate(timeout=20)


@pytest.mark.parametrize(
    ("path", "button"),
    [
        ("/documents", "Sync"),
        ("/documents", "Restrictions"),
        ("/documents?part=collections", "New collection"),
        ("/chat", "Models:"),
        ("/flows", "Import"),
        ("/data", "Keyboard shortcuts"),
    ],
)
def test_a_screen_is_left_while_it_asks(
    logged: tuple[Studio, Callable[[], str]], page: Page, path: str, button: str
) -> None:
    """Back in the browser with a question open: the question goes, and the server has no error to log."""
    studio, log = logged
    page.goto(studio.at(path))
    page.get_by_role("link", name="Jobs", exact=True).click()
    expect(page.get_by_role("heading", name="Jobs", level=1)).to_be_visible()
    page.go_back()
    page.get_by_role("button", name=button).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()

    page.go_forward()

    expect(page.get_by_role("heading", name="Jobs", level=1)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("link", name="Documents", exact=True).click()
    expect(page.get_by_role("heading", name="Documents", level=1)).to_be_visible()
    assert "Traceback" not in log()
