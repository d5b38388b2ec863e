"""Names of files that come from elsewhere."""

from pathlib import Path

import pytest

from lorewright.errors import BadParameter
from lorewright.workspace import Workspace, init_domain
from lorewright.workspace.documents.files import document_path


@pytest.mark.parametrize(
    "name",
    [
        "../secret.md",
        "/etc/passwd",
        "a/../../b.md",
        ".hidden",
        "",
        "a\nb.md",
        "a\\b.md",
        "~$open.docx",
        "x" * 256,
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    """Whoever may add documents may not write anywhere else."""
    with (
        Workspace(init_domain(tmp_path / "desk")) as workspace,
        pytest.raises(BadParameter, match="is not a valid document name"),
    ):
        document_path(workspace, name)


def test_folders_are_kept(tmp_path: Path) -> None:
    """A folder that is dropped stays one, whatever its name looks like."""
    with Workspace(init_domain(tmp_path / "desk")) as workspace:
        path = document_path(workspace, "rules/<b>travel.md")

        assert path == workspace.documents_folder / "rules" / "<b>travel.md"
