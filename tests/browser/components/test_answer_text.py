"""The streamed answer: smooth while it grows, harmless whatever it holds, and open about its sources."""

from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect
from tests.fixtures.components import told
from tests.fixtures.studio import picture, violations

WATCH = """
() => {
  window.longest = 0;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
  }).observe({ type: "longtask", buffered: false });
}
"""


def open_answer(page: Page, components: str, query: str = "") -> None:
    page.goto(f"{components}/answer?{query}")
    expect(page.locator(".lwa-block").first).to_be_visible()


def test_two_hundred_tokens_a_second_leave_the_page_smooth(page: Page, components: str) -> None:
    """Whoever reads along scrolls and types meanwhile: no task may take a quarter of a second."""
    open_answer(page, components, "stream=200&text=tour")
    page.evaluate(WATCH)

    expect(page.locator(".lwa")).to_have_attribute("aria-busy", "true")
    expect(page.locator(".lwa-caret")).to_have_count(1)
    expect(page.locator(".lwa")).to_have_attribute("aria-busy", "false")

    expect(page.locator(".lwa")).to_contain_text("That costs $5 or $10.")
    expect(page.locator(".lwa-caret")).to_have_count(0)
    assert page.evaluate("window.longest") < 250


def test_what_was_streamed_looks_like_what_was_sent_at_once(page: Page, components: str) -> None:
    """Blocks that are frozen early must not differ from those made of the whole text."""
    open_answer(page, components, "text=tour&cited=1")
    expect(page.locator(".katex").first).to_be_visible()
    expect(page.locator(".hljs-keyword").first).to_be_visible()
    at_once = page.locator(".lwa").inner_html()

    open_answer(page, components, "text=tour&cited=1&stream=400")
    expect(page.locator(".lwa")).to_have_attribute("aria-busy", "false")
    expect(page.locator(".hljs-keyword").first).to_be_visible()
    expect(page.locator(".lwa-cite")).to_have_count(3)

    assert page.locator(".lwa").inner_html() == at_once


def test_a_long_code_block_grows_without_being_made_again(page: Page, components: str) -> None:
    """A model that writes a whole program is the worst case of re-rendering the last block."""
    open_answer(page, components, "stream=1000&text=code")
    page.evaluate(WATCH)

    expect(page.locator("pre")).to_contain_text("x = 1  # one\n" * 150)

    assert page.evaluate("window.longest") < 250


def test_a_hundred_thousand_characters_stay_smooth(page: Page, components: str) -> None:
    """They come in slices; what is not seen is not laid out."""
    page.add_init_script(f"({WATCH})()")
    open_answer(page, components, "text=long")

    expect(page.locator(".lwa-block")).to_have_count(760)
    page.mouse.move(400, 400)
    for _ in range(10):
        page.mouse.wheel(0, 3000)

    assert page.evaluate("getComputedStyle(document.querySelector('.lwa-block')).contentVisibility") == "auto"
    assert page.evaluate("document.querySelector('.lwa').textContent.length") > 100_000
    assert page.evaluate("window.longest") < 400


def test_citations_stand_at_their_places_and_open(page: Page, components: str) -> None:
    """A marker the model wrote becomes the button itself, also in a table's row."""
    open_answer(page, components, "text=tour&cited=1")

    first = page.get_by_role("button", name="[1] Source 1: Travel handbook, page 3")
    expect(first).to_have_count(1)
    expect(page.locator("p", has=first)).to_contain_text("120 euros a night [1]. Managers")
    expect(page.locator("td", has=page.get_by_role("button", name="[3]"))).to_contain_text("64 €")
    first.hover()
    expect(page.locator(".lwa-tip")).to_contain_text("A hotel may cost at most 120 euros a night.")
    first.focus()
    page.keyboard.press("Enter")

    assert told(page, "cite") == 1


def test_positions_count_characters_as_python_does(page: Page, components: str) -> None:
    """Behind an emoji JavaScript counts one more: a citation must not slip into the next word."""
    text = "😀😀 Hotels cost 120 euros. Trains too."
    open_answer(page, components, f"stream=50&markdown={quote(text)}&at={text.index(' Trains')}")

    expect(page.locator(".lwa p")).to_have_text("😀😀 Hotels cost 120 euros.[1] Trains too.")


def test_what_no_source_supports_is_marked_and_says_so(page: Page, components: str) -> None:
    """The mark is read out, and explained on hover and on focus."""
    open_answer(page, components, "text=tour&cited=1")
    marks = page.locator(".lwa-unsupported")

    expect(marks).to_have_count(2)
    expect(marks.first).to_have_text("2031 (No support found in the sources)")
    marks.nth(1).focus()

    expect(page.locator(".lwa-tip")).to_have_text("No support found in the sources")
    page.keyboard.press("Escape")
    expect(page.locator(".lwa-tip")).to_have_count(0)


def test_formulas_are_set_and_money_is_not(page: Page, components: str) -> None:
    """A dollar is more often a price than a formula."""
    open_answer(page, components, "text=tour")

    expect(page.locator(".katex")).to_have_count(2)
    expect(page.locator("annotation").first).to_have_text("a = d \\cdot r")
    expect(page.locator(".lwa")).to_contain_text("That costs $5 or $10.")


def test_brackets_open_formulas_as_well(page: Page, components: str) -> None:
    """Models write \\( and \\[ as often as dollars; one that cannot be read stays as it was written."""
    markdown = quote("A \\(x^2\\) and \\[\\frac{1}{2}\\]\n\n\\[\ny = 1\n\\]\n\nbad $\\frac{$ end")
    open_answer(page, components, f"markdown={markdown}")

    expect(page.locator(".katex")).to_have_count(3)
    expect(page.locator(".katex-error")).to_have_text("\\frac{")


def test_no_formula_loads_no_formula_setter(page: Page, components: str) -> None:
    """Most answers have none: 75 kB less."""
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    open_answer(page, components, "text=long")
    page.wait_for_load_state("networkidle")

    assert not [url for url in loaded if "math.js" in url or "code.js" in url]


def test_nothing_in_an_answer_runs_or_loads_from_elsewhere(page: Page, components: str) -> None:
    """A document can make a model write anything: no HTML, no scripts in links, no pictures that report."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_answer(page, components, "text=hostile")
    expect(page.locator(".katex").first).to_be_visible()

    assert page.evaluate("window.hit") is None
    assert not [url for url in asked if not url.startswith((components, "data:", "blob:"))]
    assert page.locator(".lwa :is(script, iframe)").count() == 0
    assert page.locator('.lwa a[href^="javascript"], .lwa a[href^="data"]').count() == 0
    assert page.locator(".lwa img").count() == 1
    expect(page.locator(".lwa-image")).to_have_text("Image not loaded: picture (tracker.invalid)")


def test_links_tell_nothing_to_where_they_lead(page: Page, components: str) -> None:
    """The page that is opened gets no handle on this one."""
    open_answer(page, components, "text=tour")

    link = page.get_by_role("link", name="the handbook")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(link).to_have_attribute("target", "_blank")


def test_code_is_copied_whole(page: Page, components: str) -> None:
    """What is copied runs: no numbers, no marks."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_answer(page, components, "text=tour&cited=1")

    page.get_by_role("button", name="Copy").click()

    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("def allowance(days: int, rate: float = 32.0) -> float:\n")
    assert copied.endswith("# half days count as whole ones\n")


def test_a_page_that_connects_again_has_all_of_the_text(page: Page, components: str) -> None:
    """A train goes through a tunnel: nothing is missing and nothing is there twice."""
    open_answer(page, components, "stream=150&text=tour")

    page.evaluate("window.socket.disconnect()")
    page.evaluate("window.socket.connect()")
    expect(page.locator(".lwa")).to_have_attribute("aria-busy", "false")

    expect(page.locator(".lwa")).to_contain_text("That costs $5 or $10.")
    expect(page.get_by_role("heading", name="Business travel")).to_have_count(1)
    expect(page.get_by_role("row")).to_have_count(3)


@pytest.mark.parametrize("is_dark", [0, 1])
def test_it_is_accessible_in_light_and_dark(page: Page, components: str, is_dark: int) -> None:
    """No violation of WCAG A and AA, with code, tables, formulas, citations and marks."""
    open_answer(page, components, f"text=tour&cited=1&dark={is_dark}")
    expect(page.locator(".katex").first).to_be_visible()
    expect(page.locator(".hljs-keyword").first).to_be_visible()

    picture(page, f"answer-{'dark' if is_dark else 'light'}")
    assert violations(page) == []
