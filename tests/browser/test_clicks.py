"""How many clicks a newcomer needs: to the first cited answer, the first verdict, and a deployed model."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.fixtures.studio import SETTINGS, Studio, file_of, lay_out, picture

MINUTE = 60_000
CLICKS = {"dropped": (3, 5, 7), "chosen": (4, 6, 8)}
"""To the answer, the verdict and the deployment: files are dropped in one gesture, chosen in two."""
PAGES = {
    "leave.md": b"# Leave\n\nEvery employee has 28 days of leave a year.\n",
    "travel.md": b"# Travel\n\nTravel by train. A hotel may cost 120 euros a night.\n",
}
DRAGGED = """(files) => {
    const dragged = new DataTransfer();
    for (const [name, text] of files) dragged.items.add(new File([text], name, { type: "text/markdown" }));
    return dragged;
}"""
QUESTIONS = (
    ("How many days of leave does every employee have?", "28 days"),
    ("What may a hotel cost?", "120 euros a night"),
    ("How do we travel?", "by train"),
    ("How many days of leave a year are there?", "28 days"),
    ("What may a hotel cost a night?", "120 euros"),
)
pytestmark = pytest.mark.thorough  # it measures, in a process of its own


class Hand:
    """A newcomer's hand: it counts what it clicks; a key that sends what was typed counts too."""

    def __init__(self, page: Page) -> None:
        self.page, self.n = page, 0

    def click(self, place: Locator) -> None:
        """Click once."""
        place.click()
        self.n += 1

    def press(self, key: str) -> None:
        """Press a key that does something."""
        self.page.keyboard.press(key)
        self.n += 1

    def drop_files(self) -> None:
        """Drag files onto the page and drop them: one gesture of the hand."""
        expect(self.page.locator(".q-uploader")).to_be_visible()
        dragged = self.page.evaluate_handle(DRAGGED, [[name, text.decode()] for name, text in PAGES.items()])
        self.page.dispatch_event(".q-uploader", "dragover", {"dataTransfer": dragged})
        self.page.dispatch_event(".q-uploader__dnd", "drop", {"dataTransfer": dragged})
        self.n += 1

    def choose_files(self) -> None:
        """Press the button that opens the system's dialog, and open the files there."""
        with self.page.expect_file_chooser() as opened:
            self.click(self.page.get_by_role("button", name="Choose files"))
        opened.value.set_files([file_of(name, text) for name, text in PAGES.items()])
        self.n += 1


@pytest.mark.parametrize("way", CLICKS)
def test_a_newcomer_reaches_answer_verdict_and_deployment_in_few_clicks(
    way: str, tmp_path: Path, studios: Callable[..., Studio], page: Page, model_url: str
) -> None:
    """Nobody who never saw a terminal stays for a tenth click."""
    settings = SETTINGS.replace("file:/models/parrot.gguf", f"openai:parrot@{model_url}")
    studio = studios(lay_out(tmp_path / "handbook", pages={}, settings=settings), "--keys")
    hand = Hand(page)
    page.goto(f"{studio.url}/studio/welcome#key={studio.key}")
    page.get_by_label("User name").fill("Ada")
    page.get_by_label("New password").fill("correct horse battery")
    hand.click(page.get_by_role("button", name="Create account"))
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()

    (hand.drop_files if way == "dropped" else hand.choose_files)()
    page.get_by_label("Your question").fill(
        "How many days of leave does every employee have?", timeout=3 * MINUTE
    )
    hand.press("Enter")
    expect(page.get_by_role("group", name="Sources")).to_be_visible(timeout=2 * MINUTE)
    to_answer = hand.n

    page.goto(studio.at("/"))  # who comes back another day
    hand.click(page.get_by_role("link", name="Write five questions"))
    for number, (question, right) in enumerate(QUESTIONS, 1):
        page.get_by_label(f"Question {number}", exact=True).fill(question)
        page.get_by_label(f"Correct answer {number}").fill(right)
    hand.click(page.get_by_role("button", name="Save and compare"))
    expect(page.locator("#verdict")).to_be_visible(timeout=8 * MINUTE)
    to_verdict = hand.n
    picture(page, "clicks-verdict")

    hand.click(page.get_by_role("button", name="Deploy", exact=False).first)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Model name for clients").fill("desk")
    hand.click(dialog.get_by_role("button", name="Deploy"))
    expect(page.get_by_role("heading", name="desk", exact=True)).to_be_visible()

    most = CLICKS[way]
    assert to_answer <= most[0]
    assert to_verdict <= most[1]
    assert hand.n <= most[2]
    print(f"files {way}: clicks to the answer {to_answer}, to the verdict {to_verdict}, to deployed {hand.n}")
