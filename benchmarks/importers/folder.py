"""A domain folder as an importer writes it."""

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

LONGEST_NAME = 80
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_SCHEME = re.compile(r"^[a-z]+://")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """A document of a data set: its id there, its title, and its text in Markdown."""

    id: str
    title: str
    text: str


def document_path(source_id: str) -> str:
    """Return the path below documents/ for a document's id in its data set; unlike ids stay unlike.

    Slashes make folders. A part that no file system likes gets its odd characters replaced and a
    hash of what it was, so that `welcome#models` and `welcome?models` do not meet.
    """
    parts = [_safe(part) for part in _SCHEME.sub("", source_id).split("/") if part]
    return "/".join(parts) if parts[-1].endswith(".md") else "/".join(parts) + ".md"


def write_documents(folder: Path, sources: Iterable[Source]) -> int:
    """Make `folder` hold these documents and no others, and return how many; one alike is not touched."""
    wanted = {folder / document_path(source.id): _markdown(source) for source in sources}
    for path in list(folder.rglob("*.md")):
        if path not in wanted:
            path.unlink()
    for path, text in wanted.items():
        if not path.exists() or path.read_bytes() != text.encode():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
    return len(wanted)


def write_rows(path: Path, rows: Iterable[Row]) -> int:
    """Write rows as the only file of their folder, and return how many."""
    shutil.rmtree(path.parent, ignore_errors=True)
    path.parent.mkdir(parents=True)
    written = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("".join(f"{line}\n" for line in written), encoding="utf-8")
    return len(written)


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a JSONL file."""
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file)


def read_sources(path: Path) -> list[Source]:
    """Return the documents of a data set: rows with id, title and text."""
    return [Source(row["id"], row["title"], row["text"]) for row in read_rows(path)]


def as_question(row: Row, **more: Any) -> dict[str, Any]:
    """Return a question row with its documents under their paths; where a refusal is right, with none."""
    answerable = row.get("answerable", True)
    paths = [document_path(source_id) for source_id in row["doc_ids"]] if answerable else []
    kept = {key: row[key] for key in ("id", "question", "answers")}
    return {**kept, "answerable": answerable, "document_ids": paths, **more}


def as_chat(row: Row, **meta: Any) -> dict[str, Any]:
    """Return a chat row with its documents under their paths."""
    paths = [document_path(source_id) for source_id in row.get("meta", {}).get("doc_ids", ())]
    kept = {key: row[key] for key in ("id", "messages") if key in row}
    return {**kept, "meta": {"document_ids": paths, **meta}}


def _safe(part: str) -> str:
    safe = _UNSAFE.sub("_", part).lstrip(".")[:LONGEST_NAME]
    if safe == part:
        return part
    return f"{safe.removesuffix('.md')}-{blake2b(part.encode(), digest_size=4).hexdigest()}"


def _markdown(source: Source) -> str:
    has_heading = not source.title or source.text.lstrip().startswith("# ")
    return source.text if has_heading else f"# {source.title}\n\n{source.text}"
