"""Names of files that come from elsewhere."""

from pathlib import Path

import pytest

from lorewright.errors import UnreadableDocument
from lorewright.workspace import Workspace, init_domain
from lorewright.workspace.documents.files import attachment_path


@pytest.mark.parametrize("name", ["../secret.md", "/etc/passwd", "a/../../b.md", ".hidden", "", "a\nb.md"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    """Whoever may add documents may not write anywhere else."""
    with Workspace(init_domain(tmp_path / "desk")) as workspace, pytest.raises(UnreadableDocument):
        attachment_path(workspace, name)


def test_folders_are_kept(tmp_path: Path) -> None:
    """A folder that is dropped stays one."""
    with Workspace(init_domain(tmp_path / "desk")) as workspace:
        place = attachment_path(workspace, "rules/<b>travel</b>.md".replace("/b", "b"))

        assert place.parent == workspace.documents_folder / "rules"
        assert place.parent.is_dir()
