"""The process that reads hostile files knows no secrets."""

from pathlib import Path

import pytest

from lorewright.documents import DocumentReader


def test_keys_do_not_reach_the_process_that_reads_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A file that takes it over must find nothing to send home."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-ours")
    path = tmp_path / "a.html"
    path.write_text("<p>Felt.")

    with DocumentReader() as reader:
        assert reader.read(path, document_id="a.html").text == "Felt."
        children = Path("/proc/self/task").glob("*/children")
        ids = [child for listed in children for child in listed.read_text().split()]
        environments = [Path(f"/proc/{child}/environ").read_bytes() for child in ids]

    assert any(b"PATH=" in environment for environment in environments)
    assert not any(b"sk-secret-of-ours" in environment for environment in environments)
