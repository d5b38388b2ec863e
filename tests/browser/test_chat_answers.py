"""What stands in an answer: Markdown, harmless whatever it holds, and what no source supports."""

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect
from tests.fixtures.studio import SETTINGS, Studio, lay_out, lorewright, picture, violations
from tests.fixtures.studio_chat import LEAVE, QUESTION, answered, ask, checked, choose, rest

MARKDOWN = """Here it is:

| City | Rate |
|---|---:|
| Oslo | 120 |

```python
rate = 120
```

The fare is $a = d \\cdot r$.

Card: GREEN
Next: stay"""
HOSTILE = """Look:

<img src=x onerror="window.ran = 1"><script>window.ran = 2</script><svg/onload="window.ran = 3">

[click](javascript:window.ran=4) ![seen](https://evil.example/pixel.png)
<iframe srcdoc="<script>parent.ran = 5</script>"></iframe>

| <b>a</b> | <a href="javascript:window.ran=6">b</a> |
|---|---|
| `<u>` | ~~x~~ |

$\\href{javascript:window.ran=7}{x}$

```<img src=x onerror=window.ran=8>
</code></pre><script>window.ran = 9</script>
```"""
COPIED = "(text) => navigator.clipboard.readText().then((copied) => copied === text)"
LONGEST_TASK = """() => {
    window.longest = 0;
    new PerformanceObserver((list) => {
        for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
    }).observe({ type: "longtask", buffered: false });
}"""


def test_an_answer_is_set_in_markdown(studio: Studio, page: Page) -> None:
    """Tables, code that is copied with one click, formulas, and lines that end where the model ended them."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(studio.at("/chat"))
    choose(page, "parrot")
    ask(page, MARKDOWN)

    turn = answered(page, "Here it is:")

    said = turn.locator(".chat-reply")
    expect(said.get_by_role("cell", name="Oslo")).to_be_visible()
    expect(said.locator(".katex").first).to_be_visible()
    assert "Card: GREEN\nNext: stay" in said.locator("p").last.inner_text()
    said.locator(".lwa-code").get_by_role("button", name="Copy").click()
    page.wait_for_function(COPIED, arg="rate = 120\n")
    said.locator(".chat-tools").get_by_role("button", name="Copy", exact=True).click()
    page.wait_for_function(COPIED, arg=f"You said: {MARKDOWN}")
    checked(page, "chat-markdown")


def test_markup_in_an_answer_is_words_also_after_a_reload_and_when_shared(studio: Studio, page: Page) -> None:
    """A document can make a model write anything."""
    elsewhere: list[str] = []
    page.context.on("request", lambda request: elsewhere.append(request.url))
    page.goto(studio.at("/chat"))
    choose(page, "parrot")
    ask(page, HOSTILE)
    answered(page, "window.ran = 9")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Share").click()
    link = page.get_by_test_id("share-link").inner_text()

    for address in (page.url, link):
        page.goto(address)
        said = answered(page, "window.ran = 9").locator(".chat-reply")
        expect(said.locator(".lwa-image")).to_contain_text("evil.example")
        assert said.locator("script, iframe, svg[onload], img").count() == 0
        assert said.locator('a[href^="javascript"]').count() == 0
        for shown in said.locator("a").all():
            shown.click(trial=True)
        assert page.evaluate("window.ran") is None
    assert not [url for url in elsewhere if not url.startswith((studio.url, "data:", "blob:"))]


def test_an_answer_of_a_hundred_thousand_characters_stays_smooth(studio: Studio, page: Page) -> None:
    """It comes, is scrolled through and opened again without the page standing still."""
    page.goto(studio.at("/chat"))
    choose(page, "parrot")
    page.evaluate(LONGEST_TASK)
    ask(page, "At length")
    answered(page, "every-long-word")
    said = page.locator(".lwa").first
    page.mouse.move(800, 400)
    for _ in range(5):
        page.mouse.wheel(0, -4000)
    ask(page, "And now?")
    answered(page, "You said: And now?")

    assert said.evaluate("(it) => it.textContent.length") > 80_000  # the signs of Markdown are gone
    assert page.evaluate("window.longest") < 700
    page.reload()
    answered(page, "You said: And now?")


def test_a_sentence_without_support_says_why(
    tmp_path: Path, studios: Callable[..., Studio], page: Page
) -> None:
    """Marked is not enough: the reader sees which name or number stands nowhere."""
    folder = lay_out(tmp_path / "handbook", settings=f'{SETTINGS}[retrieval]\ngrounding = "flag"\n')
    lorewright(folder, "add", "--sync")
    page.goto(studios(folder).at("/chat"))
    ask(page, "How many days of leave does every employee have, and who founded it?")
    turn = answered(page)

    marked = turn.locator(".lwa-unsupported")
    expect(marked).to_contain_text("It was founded by Bartholomew Quill in 1871.")
    marked.focus()
    expect(page.locator(".lwa-tip")).to_contain_text("Not in any retrieved chunk:")
    expect(page.locator(".lwa-tip")).to_contain_text("1871")
    page.keyboard.press("Escape")
    turn.get_by_text("1 sentence without support in the sources (underlined). Why?").click()
    reasons = turn.locator(".chat-why-list")
    expect(reasons).to_contain_text("Bartholomew Quill in 1871.")
    expect(reasons).not_to_contain_text("28 days")
    checked(page, "chat-unsupported")


def test_a_thumb_is_still_there_another_day_and_shows_on_the_data_page(studio: Studio, page: Page) -> None:
    """Who has judged an answer sees it, and the correction waits where the data is."""
    page.goto(studio.at("/chat"))
    ask(page, QUESTION)
    turn = answered(page)
    turn.get_by_role("button", name="Bad answer").click()
    expect(page.get_by_text("Thank you for your feedback")).to_be_visible()
    turn.get_by_role("button", name="Correct this answer").click()
    page.get_by_role("textbox", name="Correct answer").fill("28 days, and 5 more after ten years.")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved as")).to_be_visible()

    page.reload()

    turn = answered(page)
    expect(turn.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")
    expect(turn.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "false")
    page.goto(studio.at("/data"))
    corrected = page.get_by_text("28 days, and 5 more after ten years.").first
    expect(page.get_by_role("heading", name="Data", exact=True)).to_be_visible()
    if not any("5 more" in path.read_text() for path in studio.folder.glob("examples/*")):
        page.get_by_role("link", name="Held-out questions").click()
    expect(corrected).to_be_visible()


def test_versions_of_an_answer_are_a_click_apart(studio: Studio, page: Page) -> None:
    """Asked again from below the answer; arrows lead from one to the other, by keyboard too."""
    page.goto(studio.at("/chat"))
    ask(page, QUESTION)
    turn = answered(page)
    turn.get_by_role("button", name="Regenerate").click()
    versions = page.get_by_role("group", name="Branches")
    expect(versions).to_contain_text("2/2")
    answered(page)
    rest(page)
    picture(page, "chat-versions")

    versions.get_by_role("button", name="Previous branch").focus()
    page.keyboard.press("Enter")

    expect(versions).to_contain_text("1/2")
    expect(versions.get_by_role("button", name="Previous branch")).to_be_disabled()


def test_a_new_chat_offers_questions_to_begin_with(
    tmp_path: Path, studios: Callable[..., Studio], page: Page
) -> None:
    """Whoever does not know what to ask takes one of those that the domain is measured on."""
    folder = lay_out(tmp_path / "handbook")
    (folder / "questions").mkdir()
    (folder / "questions" / "first.jsonl").write_text(
        json.dumps({"question": QUESTION, "answer": "28 days of leave a year."}) + "\n"
    )
    lorewright(folder, "add", "--sync")
    page.goto(studios(folder).at("/chat"))

    page.get_by_role("group", name="Examples").get_by_role("button", name=QUESTION).click()

    answered(page, LEAVE)
    expect(page.get_by_role("group", name="Examples")).to_have_count(0)
    assert violations(page) == []


def test_six_answers_stand_in_rows_that_are_all_seen(studio: Studio, page: Page) -> None:
    """Nobody votes for an answer that is out of sight."""
    page.goto(studio.at("/chat"))
    choose(page, "base", "rag", "few-shot", "rag-few-shot", "parrot")
    ask(page, QUESTION)
    turn = answered(page)
    replies = turn.locator(".chat-reply")
    n = replies.count()
    assert n >= 3

    for shown in replies.all():
        box = shown.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 1280
    checked(page, "chat-many")
