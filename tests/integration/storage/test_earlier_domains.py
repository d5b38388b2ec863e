"""A domain with the database of an earlier version opens, with all that was in it.

Each file was made by the code of that time: `init`, two documents, `add --sync`, one of them changed,
`add --sync`. Release 0.1.0 has schema 0002.
"""

import tarfile
from pathlib import Path

import pytest

import lorewright.storage
from lorewright.access.readable import EVERYTHING
from lorewright.jobs import Steps
from lorewright.storage.migrating import SCHEMA_VERSION
from lorewright.workspace import Workspace
from lorewright.workspace.documents.add import add, reconcile

MIGRATIONS = Path(lorewright.storage.__file__).parent / "migrations" / "versions"
EARLIER = sorted((Path(__file__).parents[2] / "fixtures" / "earlier_domains").glob("*.tar.gz"))


@pytest.mark.parametrize("file", EARLIER, ids=lambda file: file.name.removesuffix(".tar.gz"))
def test_a_domain_of_an_earlier_version_opens(tmp_path: Path, file: Path) -> None:
    with tarfile.open(file) as archive:
        archive.extractall(tmp_path, filter="data")

    with Workspace(tmp_path / "handbook") as workspace:
        hits = workspace.searchable_by(EVERYTHING).search("What does a locker cost?")
        job = workspace.queue.submit("add", {"paths": [], "is_sync": True})
        added = add(workspace, dict(job.order), Steps(workspace.queue, job.id, 1))

        assert hits[0].chunk.document_id == "lockers.md"
        assert "14 crowns" in hits[0].chunk.text
        assert (added["n_unchanged"], added["n_chunks"]) == (2, 0)
        assert [change.kind for change in workspace.documents.changes(document_id="lockers.md")] == [
            "new",
            "changed",
        ]
        assert reconcile(workspace) == 0


def test_every_earlier_schema_is_among_them() -> None:
    """Whoever adds a migration adds a domain that was made before it."""
    migrations = sorted(path.name[:4] for path in MIGRATIONS.glob("0*.py"))

    assert migrations[-1] == SCHEMA_VERSION
    assert [f"schema-{version}.tar.gz" for version in migrations[:-1]] == [file.name for file in EARLIER]
