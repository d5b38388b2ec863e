"""Settings changed from outside an editor."""

from pathlib import Path

import pytest

from lorewright.errors import InvalidSetting
from lorewright.workspace import Workspace, init_domain
from lorewright.workspace.domain.settings_file import write_settings

WRITTEN = "# mine\n[retrieval]\nn_kept = 4  # four are enough\n"


def workspace_in(folder: Path) -> Workspace:
    init_domain(folder)
    (folder / "lorewright.toml").write_text(WRITTEN)
    return Workspace(folder)


def test_a_change_holds_at_once_and_keeps_the_comments(tmp_path: Path) -> None:
    """Whoever wrote a remark into the file must find it there again."""
    with workspace_in(tmp_path / "desk") as workspace:
        write_settings(workspace, {"retrieval.dense_weight": 0.7, "traffic.questions_per_month": 10})

        text = (workspace.folder / "lorewright.toml").read_text()
        assert text.startswith(WRITTEN.rstrip())
        assert workspace.settings.retrieval.dense_weight == 0.7
        assert workspace.settings.retrieval.n_kept == 4
        assert workspace.settings.traffic.questions_per_month == 10


def test_a_value_that_cannot_be_changes_nothing(tmp_path: Path) -> None:
    """A slider must not be able to leave a domain that does not open."""
    with workspace_in(tmp_path / "desk") as workspace:
        with pytest.raises(InvalidSetting, match="dense_weight"):
            write_settings(workspace, {"retrieval.dense_weight": 7.0})

        assert (workspace.folder / "lorewright.toml").read_text() == WRITTEN
        assert sorted(path.name for path in workspace.folder.glob(".lorewright.toml*")) == []


def test_nothing_brings_the_default_back(tmp_path: Path) -> None:
    """What was changed by hand can be taken back."""
    with workspace_in(tmp_path / "desk") as workspace:
        write_settings(workspace, {"retrieval.n_kept": None})

        assert workspace.settings.retrieval.n_kept != 4
