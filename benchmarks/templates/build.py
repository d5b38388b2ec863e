"""Write the examples and held-out questions of every template for tuning.

    python -m benchmarks.templates.build

The same word lists and rules give the same files, byte for byte.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import lorewright.templates
from benchmarks.templates.cases import Case, Material

GALLERY = Path(lorewright.templates.__file__).parent
TUNED = (
    "brand-voice",
    "code-style",
    "customer-tone",
    "diagnosis-support",
    "legal-reasoning",
    "plant-clinic",
    "scientific-analysis",
)
"""The templates whose examples are made here; the others have none."""


def build(name: str) -> dict[str, str]:
    """Return the files of a template's domain that are made from lists and rules, by path."""
    module = import_module(f"benchmarks.templates.{name.replace('-', '_')}")
    material: Material = module.material()
    files: Mapping[str, str] = module.files() if hasattr(module, "files") else {}
    return {
        "examples/examples.jsonl": _lines(_example(case, material) for case in material.examples),
        "questions/held-out.jsonl": _lines(
            _question(f"question-{number:02}", case)
            for number, case in enumerate(material.questions, start=1)
        ),
        **files,
    }


def _example(case: Case, material: Material) -> dict[str, Any]:
    turns = {"system": material.instruction, "user": case.question, "assistant": case.answer}
    row: dict[str, Any] = {
        "messages": [{"role": role, "content": text} for role, text in turns.items()],
    }
    if case.document_ids or not case.answerable:
        row["meta"] = {"document_ids": list(case.document_ids), "answerable": case.answerable}
    return row


def _question(name: str, case: Case) -> dict[str, Any]:
    return {
        "id": name,
        "question": case.question,
        "answers": [case.answer],
        "answerable": case.answerable,
        "document_ids": list(case.document_ids),
    }


def _lines(rows: Iterable[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def write(name: str) -> int:
    """Write the made files of a template, and return how many there are."""
    made = build(name)
    for path, text in made.items():
        target = GALLERY / name / "domain" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return len(made)


if __name__ == "__main__":
    for template in TUNED:
        sys.stdout.write(f"{template}: {write(template)} files\n")
