"""Documents and questions over two real Ray nodes, one of which dies."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fixtures.ray_nodes import RayNodes
from tests.fixtures.tiny_base import write_tiny_gguf

from lorewright.jobs import Steps
from lorewright.workspace import Workspace
from lorewright.workspace.documents.add import add

pytest.importorskip("ray", reason="needs the extra ray: pip install 'lorewright[ray]'")
pytestmark = pytest.mark.thorough

N_PAGES, N_QUESTIONS = 260, 60


@pytest.fixture(scope="module")
def nodes() -> Iterator[RayNodes]:
    with RayNodes() as nodes:
        yield nodes


def lay_out(folder: Path, n: int = N_PAGES) -> Path:
    (folder / "documents").mkdir(parents=True)
    (folder / "lorewright.toml").write_text('[models]\nembedding = "hashing"\n')
    for number in range(n):
        lines = "\n\n".join(
            f"Rule {number}.{line} says that topic {line * 7 + number} is settled by office {line % 9}."
            for line in range(170)
        )
        (folder / "documents" / f"page-{number:04d}.md").write_text(f"# Page {number}\n\n{lines}\n")
    return folder


def command(folder: Path, nodes: RayNodes, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "lorewright.cli", *words, "--on", nodes.address, "--json"],
        cwd=folder, env=nodes.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def added_here(folder: Path) -> None:
    with Workspace(folder) as workspace:
        order = {"paths": [], "is_sync": True}
        job = workspace.queue.submit("add", order)
        add(workspace, order, Steps(workspace.queue, job.id, 1))


def n_indexed(workspace: Workspace) -> int:
    return sum(state.indexed_hash == state.text_hash for state in workspace.documents.states().values())


def test_a_node_that_dies_at_half_costs_no_document_and_doubles_none(nodes: RayNodes, tmp_path: Path) -> None:
    """A machine that loses its power in the night must not be noticed in the morning."""
    folder, alone = lay_out(tmp_path / "spread"), lay_out(tmp_path / "alone")
    added_here(alone)
    dying = nodes.add()
    with Workspace(folder) as workspace:
        job = command(folder, nodes, "add", "--sync")
        while job.poll() is None and not n_indexed(workspace):
            time.sleep(0.02)
        n_before = n_indexed(workspace)
        nodes.kill(dying)
        out, err = job.communicate()

    assert job.returncode == 0, err
    assert 0 < n_before < N_PAGES, "it died too late to tell anything"
    assert json.loads(out)["n_new"] == N_PAGES
    with Workspace(folder) as spread, Workspace(alone) as here:
        assert n_indexed(spread) == N_PAGES
        assert spread.collection.version == here.collection.version
        assert spread.collection.n_chunks == here.collection.n_chunks
        names = [f"page-{number:04d}.md" for number in range(0, N_PAGES, 20)]
        assert all(spread.collection.chunks_of(name) == here.collection.chunks_of(name) for name in names)


def test_a_node_without_lorewright_is_named_before_anything_is_sent(nodes: RayNodes, tmp_path: Path) -> None:
    """The administrator sees which machine, and what to install there."""
    hidden = tmp_path / "hidden" / "lorewright"
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text("raise ImportError(\"No module named 'lorewright'\")\n")
    bare = nodes.add({"PYTHONPATH": str(hidden.parent)})
    folder = lay_out(tmp_path / "domain", n=3)
    try:
        job = command(folder, nodes, "add", "--sync")
        _, err = job.communicate()
    finally:
        nodes.kill(bare)

    assert job.returncode == 2
    assert "of the Ray cluster cannot do this work: No module named 'lorewright'" in err
    assert "pip install 'lorewright[ray]==" in err
    assert "Traceback" not in err
    with Workspace(folder) as workspace:
        assert workspace.documents.count() == 0


def test_a_wrong_token_is_told_in_one_line(nodes: RayNodes, tmp_path: Path) -> None:
    """Nothing hangs, and nothing says what the right one is."""
    wrong = tmp_path / "token"
    wrong.write_text("0" * 64)
    folder = lay_out(tmp_path / "domain", n=1)
    done = subprocess.run(
        [sys.executable, "-m", "lorewright.cli", "add", "--sync", "--on", nodes.address],
        cwd=folder,
        env=nodes.environment | {"RAY_AUTH_TOKEN_PATH": str(wrong)},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 2
    assert f"The Ray cluster at {nodes.address} cannot be used" in done.stderr
    assert "RAY_AUTH_TOKEN_PATH" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_comparison_is_asked_over_nodes_and_survives_one(nodes: RayNodes, tmp_path: Path) -> None:
    """Every question has one answer, and it is the one that a comparison without a cluster has."""
    folder = lay_out(tmp_path / "spread", n=12)
    chat = write_tiny_gguf(tmp_path / "tiny.gguf")
    (folder / "lorewright.toml").write_text(f'[models]\nembedding = "hashing"\nchat = "file:{chat}"\n')
    (folder / "questions").mkdir()
    (folder / "questions" / "held-out.jsonl").write_text(
        "".join(
            json.dumps({"question": f"Who settles topic {topic}?", "answer": f"Office {topic % 9}."}) + "\n"
            for topic in range(N_QUESTIONS)
        )
    )
    added_here(folder)
    alone = shutil.copytree(folder, tmp_path / "alone")
    words = ("compare", "--arms", "quote", "--no-drill", "--json")
    done = subprocess.run(
        [sys.executable, "-m", "lorewright.cli", *words], cwd=alone, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    dying = nodes.add()
    with Workspace(folder) as workspace:
        job = command(folder, nodes, *words[:-1])
        while job.poll() is None and not n_answered(workspace):
            time.sleep(0.02)
        n_before = n_answered(workspace)
        nodes.kill(dying)
        _, err = job.communicate()

    assert job.returncode == 0, err
    assert 0 < n_before < N_QUESTIONS, "it died too late to tell anything"
    with Workspace(folder) as spread, Workspace(alone) as here:
        assert n_answered(spread) == N_QUESTIONS
        assert texts_of(spread) == texts_of(here)


def n_answered(workspace: Workspace) -> int:
    return sum(workspace.queue.count_steps(job.id, "answer/") for job in workspace.queue.all(kind="compare"))


def texts_of(workspace: Workspace) -> list[tuple[str, str]]:
    comparison = workspace.comparisons.latest()
    assert comparison is not None
    (report,) = comparison.reports
    return [(row.question_id, row.text) for row in report.rows]


def test_a_job_that_is_killed_begins_where_it_was(nodes: RayNodes, tmp_path: Path) -> None:
    """The process that writes may die as well: it is replaced, and nothing is in twice."""
    folder = lay_out(tmp_path / "domain")
    with Workspace(folder) as workspace:
        command_line = command(folder, nodes, "add", "--sync")
        while command_line.poll() is None and not n_indexed(workspace):
            time.sleep(0.02)
        (job,) = workspace.queue.all(kind="add")
        assert job.pid is not None
        os.kill(job.pid, signal.SIGKILL)
        n_before = n_indexed(workspace)
        _, err = command_line.communicate()

    assert command_line.returncode == 0, err
    assert 0 < n_before < N_PAGES
    with Workspace(folder) as workspace:
        assert n_indexed(workspace) == N_PAGES
        assert workspace.queue.get(job.id).attempt == 2
        ids = [
            chunk.id
            for name in workspace.documents.states()
            for chunk in workspace.collection.chunks_of(name)
        ]
        assert len(ids) == len(set(ids)) == workspace.collection.n_chunks
