"""An hour in the studio: what the server and an open page take at its beginning and at its end.

    python -m benchmarks.studio_hour --domain FOLDER --minutes 60

A copy of the domain is served with its own model. One browser page stays open all the time and is
walked through every screen; in its chat a question is asked and a source opened. Beside it a page
of another visitor is opened and closed each round. Prints one line of JSON a round and at the end
the slopes over the second half, when everything has been loaded: MB an hour with a 95 % interval.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, CDPSession, Page, expect, sync_playwright

SCREENS = (
    "", "documents", "data", "tuning", "compare", "advise", "flows", "deployments", "models", "jobs",
    "settings",
)  # fmt: skip
QUESTIONS = ("Which versions are supported?", "What ends its support next?", "What should we move to?")
PAUSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Round:
    """What was measured after a round."""

    minute: float
    server_mb: float
    page_mb: float
    page_nodes: int


def main() -> None:
    """Walk, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--domain", type=Path, required=True, help="a domain with documents")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--chromium", default=os.environ.get("CHROMIUM", "/usr/bin/chromium"))
    arguments = parser.parse_args()
    with (
        served(arguments.domain) as (url, pid),
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=arguments.chromium, args=["--no-sandbox"]) as browser,
    ):
        rounds = list(_rounds(browser, url, pid, arguments.minutes))
    late = rounds[len(rounds) // 2 :]
    found = {"n_rounds": len(rounds), "first": _told(rounds[0]), "last": _told(rounds[-1])}
    for name in ("server_mb", "page_mb"):
        slope, half = _slope([one.minute / 60 for one in late], [getattr(one, name) for one in late])
        found[f"{name}_an_hour"] = [round(slope, 1), round(slope - half, 1), round(slope + half, 1)]
    print(json.dumps(found))


@contextmanager
def served(domain: Path) -> Iterator[tuple[str, int]]:
    """Serve a copy of a domain; yield the address and the process."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(domain, Path(folder, domain.name)))
        server = subprocess.Popen(
            [sys.executable, "-m", "lorewright.cli", "serve", "--port", "0", "--no-auth"],
            cwd=copy, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert server.stdout is not None
        try:
            line = next(line for line in server.stdout if "Studio: http://" in line)
            threading.Thread(target=server.stdout.read, daemon=True).start()  # or it fills up
            yield "http://" + line.partition("http://")[2].split()[0].partition("/studio")[0], server.pid
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


def _rounds(browser: Browser, url: str, pid: int, minutes: float) -> Iterator[Round]:
    page = browser.new_context(viewport={"width": 1280, "height": 860}).new_page()
    page.goto(f"{url}/studio/chat")
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    begun, n = time.monotonic(), 0
    while time.monotonic() - begun < minutes * 60:
        _walk(page)
        _ask(page, QUESTIONS[n % len(QUESTIONS)])
        _visit(browser, url)
        n += 1
        found = _measured((time.monotonic() - begun) / 60, pid, session)
        print(json.dumps(_told(found)), flush=True)
        yield found


def _walk(page: Page) -> None:
    """Go through every screen by its link, as the page stays open."""
    for screen in SCREENS:
        page.locator(f'nav a[href="/studio/{screen}"]').first.click()
        expect(page.locator("h1").first).to_be_visible(timeout=30_000)
        page.wait_for_timeout(PAUSE_SECONDS * 1000)  # a visitor reads


def _ask(page: Page, question: str) -> None:
    page.locator('nav a[href="/studio/chat"]').first.click()
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    turn = page.get_by_role("article").last
    expect(turn.get_by_label("Good answer")).to_be_visible(timeout=120_000)
    source = turn.get_by_role("group", name="Sources").get_by_role("button")
    if source.count():
        source.first.click()
        expect(page.get_by_role("complementary", name="Sources")).to_be_visible()


def _visit(browser: Browser, url: str) -> None:
    """Let somebody else look at the chat, and leave."""
    context = browser.new_context()
    visitor = context.new_page()
    visitor.goto(f"{url}/studio/chat")
    expect(visitor.get_by_label("Your question")).to_be_visible(timeout=30_000)
    context.close()


def _measured(minute: float, pid: int, session: CDPSession) -> Round:
    session.send("HeapProfiler.collectGarbage")
    told = session.send("Performance.getMetrics")["metrics"]
    metrics = {one["name"]: one["value"] for one in told}
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    resident = int(next(line for line in lines if line.startswith("VmRSS")).split()[1])
    return Round(minute, resident / 1024, metrics["JSHeapUsedSize"] / 2**20, int(metrics["Nodes"]))


def _told(one: Round) -> dict[str, float]:
    return {
        "minute": round(one.minute, 1), "server_mb": round(one.server_mb), "page_mb": round(one.page_mb, 1),
        "page_nodes": one.page_nodes,
    }  # fmt: skip


def _slope(x: Sequence[float], y: Sequence[float]) -> tuple[float, float]:
    """Return the slope of least squares and half the width of its 95 % interval (1.96 standard errors)."""
    if len(x) < 3:
        return float("nan"), float("nan")
    (slope, _), covariance = np.polyfit(x, y, 1, cov="unscaled")
    residual = np.asarray(y) - np.polyval(np.polyfit(x, y, 1), x)
    error = float(np.sqrt(covariance[0, 0] * (residual @ residual) / (len(x) - 2)))
    return float(slope), 1.96 * error


if __name__ == "__main__":
    main()
