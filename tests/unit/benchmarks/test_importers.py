"""Data sets as domain folders."""

import json
from pathlib import Path
from typing import Any

import pytest
from benchmarks.importers.eol_support import import_eol_support
from benchmarks.importers.folder import document_path
from benchmarks.importers.other_sets import import_squad2


@pytest.mark.parametrize(
    ("source_id", "path"),
    [
        ("nodejs", "nodejs.md"),
        ("hotel/0/review/1", "hotel/0/review/1.md"),
        ("guide/doc_source/CHAP_Limits.md", "guide/doc_source/CHAP_Limits.md"),
    ],
)
def test_a_plain_id_is_its_path(source_id: str, path: str) -> None:
    assert document_path(source_id) == path


def test_odd_ids_stay_safe_and_apart() -> None:
    """Two documents in one file would make one of them vanish."""
    odd = [
        "https://d.example/en#a",
        "https://d.example/en?a",
        "https://d.example/en",
        "../../etc/x",
        ".git/a",
        "é",
        "è",
    ]
    paths = [document_path(source_id) for source_id in odd]
    assert len(set(paths)) == len(odd)
    assert not [path for path in paths if path.startswith("/") or ".." in path or "/." in f"/{path}"]


def test_the_second_day_is_laid_over_the_first(tmp_path: Path) -> None:
    """Pages that are gone go, pages that stayed keep their file, and the questions know what is stale."""
    data, target = tmp_path / "data", tmp_path / "domain"
    page = {"id": "go", "title": "Go", "text": "# Go\n1.22: open"}
    save(data / "eol-changing" / "docs.t0.jsonl", [page, {"id": "old", "title": "Old", "text": "# Old"}])
    save(data / "eol-changing" / "docs.t1.jsonl", [{**page, "text": "# Go\n1.22: ended"}])
    asked = [{"role": "user", "content": "Go 1.22?"}, {"role": "assistant", "content": "STATUS: UNSUPPORTED"}]
    meta = {
        "doc_ids": ["go"],
        "status": "UNSUPPORTED",
        "stale_answer": "STATUS: SUPPORTED",
        "fact_changed": True,
        "product_seen_in_training": True,
    }
    save(data / "eol-support" / "examples.train.jsonl", [{"messages": asked, "meta": meta}])
    save(data / "eol-support" / "test.t1.jsonl", [{"id": "go|1.22", "messages": asked, "meta": meta}])
    target.mkdir()

    import_eol_support(data, target)
    assert sorted(path.name for path in (target / "documents").iterdir()) == ["go.md", "old.md"]
    (question,) = load(target / "update" / "questions.jsonl")
    assert (question["answers"], question["stale_answers"]) == (
        ["STATUS: UNSUPPORTED"],
        ["STATUS: SUPPORTED"],
    )

    import_eol_support(data, target, as_of="t1")
    assert {path.name: path.read_text() for path in (target / "documents").iterdir()} == {
        "go.md": "# Go\n1.22: ended"
    }


def test_a_tempting_paragraph_is_no_source_of_a_refusal(tmp_path: Path) -> None:
    """An unanswerable question names the paragraph it was written against: that one holds no answer."""
    folder = tmp_path / "data" / "squad2"
    save(folder / "docs.jsonl", [{"id": "Art#0", "title": "Art", "text": "Art is old."}])
    asked = {
        "id": "1",
        "question": "How new is art?",
        "answers": [],
        "doc_ids": ["Art#0"],
        "answerable": False,
    }
    save(folder / "questions.jsonl", [asked, {**asked, "answerable": True, "answers": ["old"]}])
    target = tmp_path / "domain"
    target.mkdir()

    import_squad2(tmp_path / "data", target)

    refusal, answer = load(target / "questions" / "test.jsonl")
    assert refusal["document_ids"] == []
    assert (target / "documents" / answer["document_ids"][0]).read_text() == "# Art\n\nArt is old."


def save(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def load(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]
