"""What `doctor` says of a domain that cannot be looked at."""

from pathlib import Path

import pytest

from lorewright.workspace.domain.doctor import examine

pytestmark = pytest.mark.thorough  # waits for a database that does not answer


def test_a_database_that_is_down_is_told_once(tmp_path: Path) -> None:
    """Five times the same line, and whoever reads it looks for five faults."""
    (tmp_path / ".lorewright").mkdir()
    (tmp_path / "lorewright.toml").write_text(
        '[storage]\nurl = "postgresql+psycopg://desk@127.0.0.1:1/none"\n'
    )

    failed = [check for check in examine(tmp_path) if check.state == "failed"]

    assert "127.0.0.1:1/none does not respond" in failed[0].finding
    assert len(failed) > 2
    assert {check.finding for check in failed[1:]} == {
        f"not checked, for the same reason as {failed[0].name}."
    }
