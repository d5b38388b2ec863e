"""A domain whose index is kept on another machine."""

from pathlib import Path

import pytest

from lorewright.workspace import init_domain
from lorewright.workspace.domain.doctor import examine

pytest.importorskip("qdrant_client", reason="needs the extra qdrant")


def test_the_doctor_says_that_the_index_does_not_respond(tmp_path: Path) -> None:
    """The first thing to look at where no search answers any more."""
    domain = init_domain(tmp_path / "handbook")
    (domain / "lorewright.toml").write_text(
        '[models]\nembedding = "hashing"\n[retrieval]\nindex = "http://127.0.0.1:9/handbook"\n'
    )

    (check,) = [check for check in examine(domain) if check.name == "index"]

    assert check.state == "failed"
    assert "http://127.0.0.1:9" in check.finding
    assert "lorewright add --rebuild" in check.remedy
