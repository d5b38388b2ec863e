"""The page for those who come from OpenAI: its code, from top to bottom, against a real server."""

import os
import subprocess
import sys
from pathlib import Path

from tests.fixtures.pages import FROM_OPENAI, blocks
from tests.fixtures.served import Served, lay_out
from tests.fixtures.tiny_base import write_tiny_gguf


def test_the_whole_way_can_be_gone(tmp_path: Path) -> None:
    """The SDK is the one people have; the base is two layers, so that tuning it takes a moment."""
    domain, base = lay_out(tmp_path / "handbook"), write_tiny_gguf(tmp_path / "parrot.gguf")
    settings = domain / "lorewright.toml"
    settings.write_text(settings.read_text().replace("/models/parrot.gguf", str(base)))
    server = Served(domain)
    server.running.start("add", {"paths": [], "is_sync": True})
    server.running.workers.wait()
    environment = {**os.environ, "OPENAI_BASE_URL": f"{server.url}/v1", "OPENAI_API_KEY": server.key}
    try:
        done = subprocess.run(
            [sys.executable, "-c", "\n".join(blocks(FROM_OPENAI, "python"))],
            cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
    finally:
        server.close()

    assert done.returncode == 0, done.stderr
    assert "leave.md /lorewright/v1/documents/leave.md#" in done.stdout
    assert "leaving.md # Leaving" in done.stdout
    assert "file_citation leaving.md" in done.stdout
    assert "succeeded ft:parrot:handbook:desk:" in done.stdout
    assert "parrot 0 of 2" in done.stdout
