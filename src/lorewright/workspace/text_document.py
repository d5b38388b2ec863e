"""A text under a name becomes a document of the domain."""

from pathlib import PurePosixPath
from typing import Any

from lorewright.errors import BadParameter
from lorewright.workspace.background import log_path
from lorewright.workspace.document_files import upload_documents
from lorewright.workspace.home import Home
from lorewright.workspace.job_list import events_of
from lorewright.workspace.outcome import outcome

SUFFIXES = (".md", ".markdown", ".txt", ".html", ".csv", ".json", ".jsonl", ".rst")
"""What texts may be named."""


def add_text(home: Home, name: str, text: str, *, is_replacing: bool = False) -> dict[str, Any]:
    """Write a text into the documents folder, add it, and return what changed.

    A name without a suffix becomes Markdown. Raises `BadParameter` for a name that leads out of the
    folder or belongs to no kind of text, and `InUse` for one that is taken unless `is_replacing`.
    """
    if not text.strip():
        raise BadParameter("text", "The text is empty.")
    asked = PurePosixPath(name.strip())
    whole = name.strip() if asked.suffix or not asked.name else f"{name.strip()}.md"
    if asked.suffix and asked.suffix.lower() not in SUFFIXES:
        raise BadParameter("name", f"{name!r} does not name a text: use {', '.join(SUFFIXES)}.")
    [document], job = upload_documents(home, [(whole, [text.encode()])], is_replacing=is_replacing)
    for _ in events_of(home, job.id):
        pass
    workspace = home.workspace
    return {"document": document, **outcome(workspace.queue.get(job.id), log_path(workspace))}
