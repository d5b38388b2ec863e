"""A server that has just been started: whoever opens the studio meanwhile is told so, and then sees it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.fixtures.studio import HARMLESS, Studio, lay_out, picture, violations


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/documents", "/welcome"])
def test_the_outline_can_be_read_and_gives_way_to_the_page(
    tmp_path: Path, studios: Callable[..., Studio], browser: Browser, scheme: str, path: str
) -> None:
    """Nobody wonders whether the address is right, and nobody has to load it again."""
    hold = tmp_path / "hold"
    hold.touch()
    studio = studios(lay_out(tmp_path / "handbook"), f"--hold-start={hold}")
    page = browser.new_page(locale="en-GB", color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.set_default_timeout(60_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda told: errors.append(told.text) if told.type == "error" else None)
    page.goto(studio.at(path))

    starting = page.get_by_role("status").filter(has_text="Lorewright is starting")
    expect(starting).to_have_text("Lorewright is starting …")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 860})
        assert violations(page) == [], f"{scheme}, {width} px"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(page, f"starting{path.replace('/', '-')}-{scheme}")
    expect(starting).to_be_visible()  # held: nothing has loaded it again

    hold.unlink()
    expect(starting).to_be_hidden(timeout=60_000)
    expect(page.get_by_role("main").get_by_role("heading", level=1)).to_be_visible(timeout=60_000)
    page.close()
    assert not [error for error in errors if not any(word in error for word in HARMLESS)]
