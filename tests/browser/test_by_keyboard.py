"""The whole way by the keyboard alone: nothing is clicked, nothing is filled in but by typing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.fixtures.studio import SETTINGS, Studio, file_of, lay_out

MINUTE = 60_000
MOST_TABS = 120
FOCUSED = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return "";
    const ids = (one.getAttribute("aria-labelledby") || "").split(" ");
    const named = ids.map((id) => document.getElementById(id)).filter(Boolean).map((part) => part.innerText);
    const label = one.labels && one.labels.length ? one.labels[0].innerText : "";
    const told = one.getAttribute("aria-label") || named.join(" ") || label;
    return (told || one.innerText || one.placeholder || "").trim();
}"""
IS_SEEN = """() => {
    const box = document.activeElement.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
}"""
pytestmark = pytest.mark.thorough  # it presses hundreds of keys


class Keys:
    """A pair of hands without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def go_to(self, name: str) -> None:
        """Press Tab until what has this name is focused; it must be in view."""
        passed = []
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            passed.append(" ".join(self.page.evaluate(FOCUSED).split()))
            if name in passed[-1]:
                assert self.page.evaluate(IS_SEEN), f"{name!r} is focused and out of view"
                return
        raise AssertionError(f"{name!r} is not reached by Tab: {passed}")

    def go_on_to(self, place: Locator) -> None:
        """Press Tab until a place is focused."""
        for _ in range(MOST_TABS):
            if place.evaluate("(one) => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError("It is not reached by Tab.")

    def press(self, name: str, key: str = "Enter") -> None:
        """Go to something and press a key on it."""
        self.go_to(name)
        self.page.keyboard.press(key)

    def type_into(self, name: str, text: str) -> None:
        """Go to a field and type."""
        self.go_to(name)
        self.page.keyboard.type(text)


def test_from_the_account_to_a_cited_answer(
    tmp_path: Path, studios: Callable[..., Studio], page: Page, model_url: str
) -> None:
    """Who cannot use a mouse makes an account, adds files, asks, and opens the page that is cited."""
    settings = SETTINGS.replace("file:/models/parrot.gguf", f"openai:parrot@{model_url}")
    studio = studios(lay_out(tmp_path / "handbook", pages={}, settings=settings), "--keys")
    keys = Keys(page)
    page.goto(f"{studio.url}/studio/welcome#key={studio.key}")
    expect(page.get_by_role("button", name="Create account")).to_be_visible()
    keys.type_into("User name", "Ada")
    keys.type_into("New password", "correct horse battery")
    keys.press("Create account")
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()

    with page.expect_file_chooser() as opened:
        keys.press("Choose files")
    opened.value.set_files([file_of("leave.md", b"# Leave\n\nEvery employee has 28 days of leave a year.\n")])
    expect(page.get_by_label("Your question")).to_be_enabled(timeout=3 * MINUTE)
    keys.type_into("Your question", "How many days of leave does every employee have?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Sources")).to_be_visible(timeout=2 * MINUTE)

    source = page.get_by_role("group", name="Sources").get_by_role("button").first
    keys.go_on_to(source)
    page.keyboard.press("Enter")
    side = page.get_by_role("complementary", name="Sources")
    expect(side.locator("mark")).to_contain_text("28 days of leave")
    page.keyboard.press("Escape")
    expect(side).to_have_count(0)


@pytest.mark.parametrize("entry", ["Documents", "Data", "Flows", "Models", "Settings"])
def test_every_entry_opens_and_its_first_action_is_reached(studio: Studio, page: Page, entry: str) -> None:
    """Enter on an entry opens its page, and the focus goes on in that page."""
    page.goto(studio.at("/"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    keys = Keys(page)
    keys.press(entry)
    expect(page.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()
    page.keyboard.press("Tab")
    for _ in range(MOST_TABS):
        if page.evaluate("() => !!document.activeElement.closest('main')"):
            break
        page.keyboard.press("Tab")
    assert page.evaluate("() => !!document.activeElement.closest('main')")
    assert page.evaluate(IS_SEEN)
