"""Tuning: planned, begun, watched, paused, compared, taken along; on a two-layer model that really learns."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.fixtures.studio import SETTINGS, Studio, lay_out, looks_right, lorewright, picture, violations
from tests.fixtures.tiny_base import write_tiny_gguf

LETTERS = "abcdefghijklmnopqrstuvwxyz"
TUNING = '\n[tuning]\nbase = "file:{base}"\nmin_examples = 10\nepochs = {epochs}\n'
LONG = 5000


def chats(n: int) -> list[dict[str, str]]:
    return [
        {"question": f"the letter {LETTERS[i % 26]} of {i}?", "answer": f"in the {LETTERS[i % 26] * 3}."}
        for i in range(n)
    ]


def domain(place: Path, *, epochs: float = 2) -> Path:
    base = write_tiny_gguf(place / "tiny.gguf")
    folder = lay_out(place / "desk", settings=SETTINGS + TUNING.format(base=base, epochs=epochs))
    (folder / "examples").mkdir()
    (folder / "examples" / "letters.jsonl").write_text("\n".join(map(json.dumps, chats(60))))
    lorewright(folder, "add", "--sync")
    return folder


@pytest.fixture
def tiny(tmp_path: Path, studios: Callable[..., Studio]) -> Studio:
    """A studio over a domain whose base is a two-layer model."""
    return studios(domain(tmp_path))


def begin_run(studio: Studio, page: Page, *, what: str = "Adapter trained on examples") -> None:
    page.goto(studio.at("/tuning/new"))
    page.get_by_label("Adapters to train").click()
    page.get_by_role("option", name=what).click()
    expect(page.get_by_role("heading", name=what)).to_be_visible()
    page.get_by_role("button", name="Start").click()
    expect(page).to_have_url(studio.at("/tuning"))


def test_a_domain_without_runs_leads_to_the_first(studio: Studio, page: Page) -> None:
    page.goto(studio.at("/tuning"))
    expect(page.get_by_text("No runs yet")).to_be_visible()
    looks_right(page, "tuning-empty")
    page.get_by_role("button", name="New run").click()
    expect(page.get_by_text("No examples yet")).to_be_visible()


def test_a_run_from_the_plan_to_the_export(tiny: Studio, page: Page) -> None:
    page.goto(tiny.at("/tuning/new"))
    expect(page.get_by_text("No comparable run on this machine yet")).to_be_visible()
    expect(page.get_by_role("radio", name="Balanced")).to_be_checked()
    page.get_by_role("radio", name="Balanced").press("ArrowLeft")
    expect(page.get_by_role("radio", name="Fast")).to_be_focused()
    page.get_by_text("Advanced settings").click()
    page.get_by_label("Rank").fill("8")
    expect(page.get_by_text("rank 8").first).to_be_visible()
    looks_right(page, "tuning-new")
    begin_run(tiny, page)
    expect(page.get_by_text("Running", exact=True)).to_be_visible()
    expect(page.get_by_text("in use")).to_be_visible(timeout=90_000)
    page.get_by_role("link", name=re.compile("^Adapter trained on examples")).last.click()
    expect(page.get_by_role("img", name=re.compile("validation loss from"))).to_be_visible()
    expect(page.get_by_role("heading", name="Samples")).to_be_visible()
    page.get_by_text("Show as table").click()
    expect(page.get_by_role("region", name="Losses")).to_be_visible()
    looks_right(page, "tuning-run")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Adapter (GGUF)").click()
    assert Path(download.value.path()).read_bytes()[:4] == b"GGUF"
    with page.expect_download() as archive:
        page.get_by_role("link", name="Safetensors (zip)").click()
    assert Path(archive.value.path()).read_bytes()[:2] == b"PK"
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Deploy", exact=True)).to_have_attribute(
        "href", re.compile("arm=tuned")
    )
    assert "rank = 8" not in (tiny.folder / "lorewright.toml").read_text()


def test_two_runs_are_compared_and_the_older_one_is_used_again(tiny: Studio, page: Page) -> None:
    lorewright(tiny.folder, "tune", "--only", "bare")
    page.goto(tiny.at("/tuning/new"))
    page.get_by_label("Adapters to train").click()
    page.get_by_role("option", name="Adapter trained on examples").click()
    expect(page.get_by_text("Based on one earlier run on this machine")).to_be_visible()
    page.get_by_text("Advanced settings").click()
    page.get_by_label("Rank").fill("4")
    expect(page.get_by_text("rank 4").first).to_be_visible()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_label("Compare run 2")).to_be_visible(timeout=90_000)
    assert "rank = 4" in (tiny.folder / "lorewright.toml").read_text()
    expect(page.get_by_text("Running", exact=True)).not_to_be_visible(timeout=90_000)
    looks_right(page, "tuning")
    page.get_by_label("Compare run 1").click()
    expect(page.get_by_role("button", name="Compare")).to_be_disabled()
    page.get_by_label("Compare run 2").click()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("row", name=re.compile("^rank 4 16"))).to_be_visible()
    looks_right(page, "tuning-compare")
    page.get_by_role("link", name="All runs").click()
    page.get_by_role("region", name="Runs").get_by_role("link").last.click()
    page.get_by_role("button", name="Use this run").click()
    expect(page.get_by_text("now uses this run")).to_be_visible()
    expect(page.get_by_text("in use", exact=True)).to_be_visible()


def test_a_run_is_paused_resumed_and_cancelled(
    tmp_path: Path, studios: Callable[..., Studio], page: Page
) -> None:
    studio = studios(domain(tmp_path, epochs=LONG))
    begin_run(studio, page)
    page.get_by_role("link", name=re.compile("^Adapter trained on examples")).first.click(timeout=90_000)
    expect(page.get_by_text("Remaining")).to_be_visible(timeout=60_000)
    looks_right(page, "tuning-live")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("paused", exact=True)).to_be_visible()
    expect(page.get_by_text("Remaining")).not_to_be_visible()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("Running", exact=True)).to_be_visible()
    page.get_by_role("link", name=re.compile("^Adapter trained on examples")).first.click(timeout=90_000)
    page.get_by_role("main").get_by_role("button", name="Cancel").first.click()
    page.get_by_role("button", name="Cancel run").click()
    expect(page.get_by_text("cancelled", exact=True).first).to_be_visible()


def test_a_job_that_fails_while_its_page_is_open_says_why(tiny: Studio, page: Page) -> None:
    page.goto(tiny.at("/tuning/new"))
    expect(page.get_by_role("button", name="Start")).to_be_enabled()
    (tiny.folder.parent / "tiny.gguf").unlink()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text(re.compile("tiny.gguf")).first).to_be_visible(timeout=90_000)
    expect(page.get_by_text("failed", exact=True).first).to_be_visible()
    assert violations(page) == []
    picture(page, "tuning-failed")


def test_what_cannot_begin_says_what_is_in_its_way(studio: Studio, page: Page) -> None:
    (studio.folder / "examples").mkdir()
    (studio.folder / "examples" / "few.jsonl").write_text("\n".join([*map(json.dumps, chats(5)), "{broken"]))
    page.goto(studio.at("/tuning/new"))
    expect(page.get_by_text(re.compile("tuning needs at least 50"))).to_be_visible()
    expect(page.get_by_text("1 row of the dataset cannot be read")).to_be_visible()
    expect(page.get_by_role("button", name="Start")).to_be_disabled()
    assert violations(page) == []
    picture(page, "tuning-problems")


def test_free_answers_are_warned_of(studio: Studio, page: Page) -> None:
    (studio.folder / "examples").mkdir()
    rows = [
        {"question": f"Tell of {i}?", "answer": " ".join(f"w{(i * 31 + j) % 997}x{i}" for j in range(20))}
        for i in range(90)
    ]
    (studio.folder / "examples" / "free.jsonl").write_text("\n".join(map(json.dumps, rows)))
    page.goto(studio.at("/tuning/new"))
    expect(page.get_by_text("may learn to refuse too often")).to_be_visible()
    page.goto(studio.at("/data"))
    expect(page.get_by_text("may learn to refuse too often")).to_be_visible()


def test_jobs_of_the_api_are_here_too(tmp_path: Path, studios: Callable[..., Studio], page: Page) -> None:
    base = write_tiny_gguf(tmp_path / "parrot.gguf")
    settings = SETTINGS.replace("/models/parrot.gguf", str(base))
    studio = studios(lay_out(tmp_path / "desk", settings=settings))
    lines = "\n".join(
        json.dumps({"messages": [{"role": "user", "content": row["question"]},
                                 {"role": "assistant", "content": row["answer"]}]})
        for row in chats(16)
    )  # fmt: skip
    file = page.request.post(
        f"{studio.url}/v1/files",
        multipart={
            "purpose": "fine-tune",
            "file": {"name": "a.jsonl", "mimeType": "application/jsonl", "buffer": lines.encode()},
        },
    ).json()
    job = page.request.post(
        f"{studio.url}/v1/fine_tuning/jobs",
        data={"model": "parrot", "training_file": file["id"], "hyperparameters": {"n_epochs": 3}},
    ).json()
    page.goto(studio.at("/tuning"))
    page.get_by_role("link", name=job["id"]).click()
    expect(page.get_by_text("done", exact=True)).to_be_visible(timeout=90_000)
    expect(page.get_by_text("New fine-tuned model created").first).to_be_visible()
    expect(page.get_by_role("heading", name="Samples")).to_be_visible()
    looks_right(page, "tuning-api-job")
