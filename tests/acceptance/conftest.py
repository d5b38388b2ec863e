"""A small domain on disk, and the command line as a user runs it."""

import json
from pathlib import Path

import pytest
from tests.fixtures.command_line import N_EXAMPLES, Domain, _example
from tests.fixtures.tiny_base import write_tiny_gguf


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
    rows = [_example(text, f"DAYS: {20 + n}") for n, text in enumerate(days)]
    domain.write("examples/desk.jsonl", "\n".join(rows))
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
