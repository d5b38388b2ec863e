"""Deployments that answer from something else than what was measured."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fixtures.measured_domain import measure
from tests.fixtures.served import lay_out

from lorewright.access import LOCAL
from lorewright.deployments import DeployedMaterial
from lorewright.jobs import Steps
from lorewright.workspace.answering.remeasure import remeasure_due
from lorewright.workspace.deployments.checks import Check, check_of, due, save_check
from lorewright.workspace.deployments.deploy import Order, deploy
from lorewright.workspace.deployments.records import material_of
from lorewright.workspace.documents.add import add
from lorewright.workspace.server.server import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(lay_out(tmp_path / "handbook"))
    yield server
    server.close()


def test_a_deployment_is_measured_again_once_its_documents_changed(server: Server) -> None:
    """Who trusts last month's figures should hear that the pages behind them are others now."""
    workspace = server.workspace
    _add(server)
    measure(workspace, "rag", n_right=25, n=30)
    version = deploy(workspace, LOCAL, Order(name="desk", arm="rag"))
    assert due(workspace) == []

    (workspace.folder / "documents" / "leave.md").write_text("# Leave\n\nEveryone has 30 days.\n")
    _add(server)

    assert [one.name for one in due(workspace)] == ["desk@1"]
    assert check_of(workspace, LOCAL, "desk") is None
    save_check(workspace, _check(version.name, at=1000.0, material=material_of(workspace, version)))
    assert due(workspace) == []
    known = check_of(workspace, LOCAL, "desk")
    assert known is not None
    assert known.text == "rag held"


def test_it_is_not_measured_more_often_than_is_wanted(server: Server) -> None:
    """Documents that change by the minute must not have two cores measure all day."""
    workspace = server.workspace
    _add(server)
    measure(workspace, "rag", n_right=25, n=30)
    version = deploy(workspace, LOCAL, Order(name="desk", arm="rag"))
    (workspace.folder / "documents" / "leave.md").write_text("# Leave\n\nEveryone has 30 days.\n")
    _add(server)
    save_check(workspace, _check(version.name, at=1000.0, material=DeployedMaterial()))

    assert remeasure_due(server, LOCAL, hours=24, now=1000.0 + 3600) == []
    (job,) = remeasure_due(server, LOCAL, hours=24, now=1000.0 + 25 * 3600)
    assert (job.kind, job.order) == ("remeasure", {"deployment": "desk"})


def _add(server: Server) -> None:
    queue = server.workspace.queue
    job = queue.submit("add", {"paths": [], "is_sync": True})
    add(server.workspace, dict(job.order), Steps(queue, job.id, 1))


def _check(version: str, *, at: float, material: DeployedMaterial) -> Check:
    return Check(version=version, at=at, outcome="held", text="rag held", n_questions=30, material=material)
