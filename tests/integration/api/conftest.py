"""A served domain with a scripted model, and OpenAI's own client."""

from collections.abc import Iterator
from pathlib import Path

import openai
import pytest
from tests.fixtures.processes import desk as desk
from tests.fixtures.processes import desk_url as desk_url
from tests.fixtures.processes import issuer as issuer
from tests.fixtures.served import Served, lay_out

from lorewright.jobs import Steps
from lorewright.workspace.documents.add import add


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    server = Served(lay_out(tmp_path / "handbook"))
    workspace = server.running.workspace
    job = workspace.queue.submit("add", {"paths": [], "is_sync": True})
    add(workspace, {"paths": [], "is_sync": True}, Steps(workspace.queue, job.id, 1))
    yield server
    server.close()


@pytest.fixture
def client(served: Served) -> Iterator[openai.OpenAI]:
    with served.client() as client:
        yield client
