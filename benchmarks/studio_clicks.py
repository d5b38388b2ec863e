"""What a click in the studio costs the server: milliseconds of CPU and of waiting, screen by screen.

    python -m benchmarks.studio_clicks --domain FOLDER --rounds 5

A copy of the domain is served. First the very first page of the fresh server: until something is
painted, and until its content is there. Then one open page is walked through every screen by the
links of its navigation, and to a comparison where there is one; a click counts from the click until
the screen is there and the server is quiet again. Prints the median and the greatest of each.
"""

import argparse
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.cpu_time import cpu_seconds
from benchmarks.studio_hour import SCREENS, served

QUIET_SECONDS = 0.4


def main() -> None:
    """Click, and print what was measured."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--domain", type=Path, required=True, help="a domain with documents")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--chromium", default=os.environ.get("CHROMIUM", "/usr/bin/chromium"))
    given = parser.parse_args()
    with (
        served(given.domain) as (url, pid),
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=given.chromium, args=["--no-sandbox"]) as browser,
    ):
        page = _first_page(browser, url, pid)
        taken: dict[str, list[tuple[float, float]]] = {}
        for n in range(given.rounds + 1):
            for screen, cpu_ms, wall_ms in _walk(page, pid):
                if n:  # in the first round modules are loaded and caches filled
                    taken.setdefault(screen, []).append((cpu_ms, wall_ms))
    print(f"{'screen':24} {'CPU ms':>8} {'at most':>8} {'wall ms':>8}")
    for screen, pairs in taken.items():
        cpu, wall = zip(*pairs, strict=True)
        print(f"{screen or 'home':24} {median(cpu):8.0f} {max(cpu):8.0f} {median(wall):8.0f}")


def _first_page(browser: Browser, url: str, pid: int) -> Page:
    """Open the first page of a server that has just started; print how long it stays empty."""
    page = browser.new_context(viewport={"width": 1280, "height": 860}).new_page()
    cpu, begun = cpu_seconds(pid), time.monotonic()
    page.goto(f"{url}/studio/", wait_until="commit")
    page.wait_for_function("performance.getEntriesByName('first-paint').length", timeout=60_000)
    painted = time.monotonic() - begun
    expect(page.locator("h1").first).to_be_visible(timeout=60_000)
    there = time.monotonic() - begun
    found = {"painted_s": painted, "content_s": there, "server_cpu_s": _quiet(pid) - cpu}
    print(json.dumps({name: round(value, 2) for name, value in found.items()}), flush=True)
    return page


def _walk(page: Page, pid: int) -> Iterator[tuple[str, float, float]]:
    for screen in ("chat", *SCREENS[1:], SCREENS[0]):  # the first page is home
        yield _click(page, pid, screen, f'nav a[href="/studio/{screen}"]')
        comparison = page.locator('main a[href^="/studio/compare/"]:not([href$="/new"])')
        if screen == "compare" and comparison.count():
            yield _click(page, pid, "compare/one", 'main a[href^="/studio/compare/"]:not([href$="/new"])')


def _click(page: Page, pid: int, screen: str, selector: str) -> tuple[str, float, float]:
    """Return a screen with the milliseconds of CPU and of waiting that going there took."""
    page.evaluate("document.querySelector('.nicegui-sub-pages').firstElementChild.dataset.was = 'here'")
    cpu = _quiet(pid)
    begun = time.monotonic()
    page.locator(selector).first.click()
    page.wait_for_function(
        "() => document.querySelector('h1, .chat textarea')"
        " && !document.querySelector('[data-was], .lw-loading')",
        timeout=60_000,
    )  # fmt: skip
    waited = time.monotonic() - begun
    return screen, (_quiet(pid) - cpu) * 1000, waited * 1000


def _quiet(pid: int) -> float:
    """Return the CPU seconds of the server once it has nothing to do for a moment."""
    used = cpu_seconds(pid)
    while True:
        time.sleep(QUIET_SECONDS)
        now = cpu_seconds(pid)
        if now - used < 0.02:
            return now
        used = now


if __name__ == "__main__":
    main()
