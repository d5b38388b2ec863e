"""A small domain on disk, and the command line as a user runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.integration.tuning.tiny_base import write_tiny_gguf

N_EXAMPLES = 64


class Domain:
    """A domain's folder, and the commands run in it."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self._environment = {**os.environ, "LOREWRIGHT_CACHE": str(cache), "COLUMNS": "100"}

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """Start a command and do not wait for it."""
        return subprocess.Popen(
            [sys.executable, "-m", "lorewright.cli", *words],
            cwd=self.folder, env=self._environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, *words: str, code: int = 0) -> str:
        """Run a command, check its exit code, and return what it printed (the error, if it failed)."""
        process = self.start(*words)
        printed, told = process.communicate(timeout=300)
        assert process.returncode == code, f"{words}: {process.returncode}\n{printed}\n{told}\n{self.log()}"
        return printed if code == 0 else told

    def json(self, *words: str) -> Any:
        """Run a command with --json and return its value."""
        return json.loads(self.run(*words, "--json"))

    def write(self, name: str, text: str) -> None:
        """Write a file of the domain."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def log(self) -> str:
        """Return what workers printed."""
        path = self.folder / ".lorewright" / "worker.log"
        return path.read_text() if path.exists() else ""


@pytest.fixture
def domain(tmp_path: Path) -> Domain:
    """A domain with three pages, the hashing embedder and no chat model."""
    made = Domain(tmp_path / "desk", tmp_path / "cache")
    made.write("lorewright.toml", '[models]\nembedding = "hashing"\nchat = "file:/no/model.gguf"\n')
    made.write("documents/leave.md", "# Leave\n\nEveryone has 28 days of leave a year.\n")
    made.write("documents/travel.md", "# Travel\n\nTravel by train. Flights need a signature.\n")
    made.write("documents/sick.md", "# Sickness\n\nCall before nine o'clock.\n")
    return made


@pytest.fixture
def tunable(domain: Domain, tmp_path: Path) -> Domain:
    """The domain with a two-layer model, examples, questions and an update."""
    model = write_tiny_gguf(tmp_path / "tiny.gguf")
    domain.write(
        "lorewright.toml",
        f'[models]\nembedding = "hashing"\nchat = "file:{model}"\ncontext_tokens = 1024\n'
        "[prompt]\nmax_answer_tokens = 12\nn_few_shot = 1\n[retrieval]\nn_kept = 1\n[tuning]\nepochs = 1.0\n",
    )
    days = [f"How many days of leave has team {n}?" for n in range(N_EXAMPLES)]
    domain.write("examples/desk.jsonl", "\n".join(_example(text, "DAYS: 28") for text in days))
    asked = [("How many days of leave?", "DAYS: 28"), ("Who signs flights?", "SIGNS: nobody said")]
    domain.write(
        "questions/held.jsonl",
        "\n".join(json.dumps({"question": text, "answers": [answer]}) for text, answer in asked),
    )
    domain.write("update/documents/leave.md", "# Leave\n\nEveryone has 30 days of leave a year.\n")
    changed = {
        "question": "How many days of leave?", "answers": ["DAYS: 30"],
        "stale_answers": ["DAYS: 28"], "document_ids": ["leave.md"],
    }  # fmt: skip
    domain.write("update/questions.jsonl", json.dumps(changed))
    return domain


def _example(question: str, answer: str) -> str:
    turns = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return json.dumps({"messages": turns, "document_ids": ["leave.md"]})
