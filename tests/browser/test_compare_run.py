"""A comparison while it is measured."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.fixtures.finished_comparison import made, version_desk
from tests.fixtures.studio import Studio, picture, violations

from lorewright.access import LOCAL
from lorewright.jobs import Job, Steps
from lorewright.workspace.dataset.question_choice import comparison_order
from lorewright.workspace.domain.workspace import Workspace

STRANGE = "<script>alert(1)</script>"
ANSWER = {
    "arm": "rag", "text": STRANGE, "citations": [], "hits": [], "latency_ms": 1500.0, "timings_ms": {},
    "usage": {"prompt_tokens": 1, "completion_tokens": 1},
    "provenance": {"model": "", "weights": "", "adapter": "", "index_version": "", "prompt_hash": "",
                   "flow_hash": "", "seed": 0},
}  # fmt: skip


@pytest.fixture
def running(tmp_path: Path, studios: Callable[..., Studio]) -> Iterator[tuple[Studio, Workspace, Job]]:
    """A served version desk, and a comparison that this process works on."""
    version_desk(tmp_path / "desk", is_measured=False)
    studio = studios(tmp_path / "desk")
    with Workspace(tmp_path / "desk") as workspace:
        order = comparison_order(["base", "rag"], limit=4, is_drilled=False)
        job = workspace.queue.submit("compare", order)
        yield studio, workspace, workspace.queue.claim(job.id, os.getpid())


def test_answers_come_arm_by_arm_and_lead_to_the_verdict(
    running: tuple[Studio, Workspace, Job], page: Page
) -> None:
    studio, workspace, job = running
    page.goto(studio.at("/compare"))
    page.get_by_role("link", name="View progress").click()
    expect(page.get_by_text("0 / 4").first).to_be_visible()

    steps = Steps(workspace.queue, job.id, 1)
    steps.progress("asking rag")(1, 4)
    question_id = next(iter(_asked(workspace, job)))
    steps.once(f"answer/rag/abc/{question_id}", lambda: {"answer": ANSWER, "peak_memory_bytes": 0})

    expect(page.get_by_text("1 / 4").first).to_be_visible()
    expect(page.get_by_text(STRANGE)).to_be_visible()
    assert violations(page) == []
    picture(page, "compare-run")

    workspace.comparisons.save(made({"rag": lambda n: n < 15, "base": lambda n: n < 3}, 20))
    workspace.queue.finish(job.id, {"comparison": "made", "recommended_arm": "rag"})

    expect(page).to_have_url(studio.at("/compare/made"))
    expect(page.locator("#verdict")).to_contain_text("Use rag")


def _asked(workspace: Workspace, job: Job) -> dict[str, str]:
    from lorewright.workspace.comparisons.progress import asking

    return asking(workspace, LOCAL, job).questions
