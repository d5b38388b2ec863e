"""eol-support with the pages of eol-changing: a house style, and facts that changed within a year."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.importers.folder import (
    Row,
    as_chat,
    document_path,
    read_rows,
    read_sources,
    write_documents,
    write_rows,
)

SPELLED_OUT = """\
You are the Version Desk of an IT department. Answer in exactly four lines.
STATUS: UNSUPPORTED if the end date of security support has passed today, ENDING-SOON if it is at most \
180 days away, SECURITY-ONLY if only active support is over, SUPPORTED otherwise, UNKNOWN if the release \
is not listed.
ANSWER: until when it gets security fixes, or that support has ended and when, and the latest patch. \
Dates look like 5 Mar 2027.
ACTION: what to do.
SOURCE: https://endoflife.date/ and the product's page."""

SETTINGS = """\
[prompt]
instruction = '''
{instruction}'''
refusal = "STATUS: UNKNOWN"
max_answer_tokens = 120

[evaluation]
primary = "fields"

[[evaluation.fields]]
name = "status"
pattern = '^STATUS: (\\S+)'

[[evaluation.fields]]
name = "date"
pattern = '^ANSWER: .*?(\\d{{1,2}} [A-Z][a-z]{{2}} \\d{{4}}|no end date)'

[[evaluation.fields]]
name = "patch"
pattern = '^ANSWER: .*Latest patch: (\\S+?)\\.?$'

[[evaluation.fields]]
name = "action"
pattern = '^ACTION: (.+)$'
"""


def import_eol_support(data: Path, target: Path, *, as_of: str = "t0", spelled_out: bool = False) -> None:
    """Write the domain with pages as of `t0` or `t1`; called again, it lays the other day's over them.

    Examples are as of t0, questions as of t1 with the answers of t0 as stale ones. `spelled_out`
    puts the house style's rules into the instruction of every arm, so that RAG is told them too.
    """
    changing, support = data / "eol-changing", data / "eol-support"
    write_documents(target / "documents", read_sources(changing / f"docs.{as_of}.jsonl"))
    write_rows(
        target / "examples" / "train.jsonl", map(_example, read_rows(support / "examples.train.jsonl"))
    )
    questions = [_question(row) for row in read_rows(support / "test.t1.jsonl")]
    write_rows(target / "questions" / "test.jsonl", questions)
    _write_update(changing, target, questions)
    instruction = f"{SPELLED_OUT}\n" if spelled_out else ""
    (target / "lorewright.toml").write_text(SETTINGS.format(instruction=instruction), encoding="utf-8")


def _write_update(changing: Path, target: Path, questions: Iterable[Row]) -> None:
    """Write the pages that the second day changed, and the questions whose answer they change."""
    before = {source.id: source for source in read_sources(changing / "docs.t0.jsonl")}
    changed = [new for new in read_sources(changing / "docs.t1.jsonl") if before.get(new.id) != new]
    paths = {document_path(source.id) for source in changed}
    write_rows(
        target / "update" / "questions.jsonl",
        (row for row in questions if row["stale_answers"] and set(row["document_ids"]) <= paths),
    )
    write_documents(target / "update" / "documents", changed)


def _example(row: Row) -> dict[str, Any]:
    return as_chat(row, answerable=row["meta"]["status"] != "UNKNOWN")


def _question(row: Row) -> dict[str, Any]:
    meta = row["meta"]
    *turns, target = row["messages"]
    answerable = meta["status"] != "UNKNOWN"
    return {
        "id": row["id"],
        "messages": turns,
        "answers": [target["content"]],
        "stale_answers": [meta["stale_answer"]] if meta["stale_answer"] and meta["fact_changed"] else [],
        "answerable": answerable,
        "document_ids": [document_path(source_id) for source_id in meta["doc_ids"]] if answerable else [],
        "product_seen_in_training": meta["product_seen_in_training"],
    }
