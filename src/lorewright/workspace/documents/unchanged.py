"""Whether a documents folder is as it was when it was added last: then a sync has nothing to do."""

import time
from dataclasses import asdict
from typing import Any

from lorewright.access import Caller
from lorewright.documents import ReadingReport
from lorewright.documents.files import printable, scan_folder, why_no_file
from lorewright.documents.kinds import has_ocr
from lorewright.documents.reading_records import ReadingReports
from lorewright.errors import IndexMismatch
from lorewright.workspace.documents.read_files import Added, document_id
from lorewright.workspace.documents.states import file_hash_of
from lorewright.workspace.documents.unreadable import UnreadFiles
from lorewright.workspace.domain.other_languages import advice
from lorewright.workspace.domain.workspace import Workspace


def unchanged(workspace: Workspace, caller: Caller) -> dict[str, Any] | None:
    """Return what a sync would tell that finds nothing to do, as JSON; `None` where it may find something.

    Files are looked at as a sync does, by what is in them; those whose size and time are as a process
    saw them before are not read again.
    """
    caller.need("documents")
    started = time.perf_counter()
    if not workspace.documents_folder.is_dir() or UnreadFiles(workspace.database).all():
        return None
    scan = scan_folder(workspace.documents_folder)
    states = workspace.documents.states()
    names = {printable(document_id(workspace, path)): path for path in scan.files}
    if scan.unreadable or names.keys() != states.keys() or not _is_indexed(workspace):
        return None
    reports = ReadingReports(workspace.database).all() if has_ocr() else {}
    for name, path in names.items():
        if why_no_file(path) or reports.get(name, ReadingReport()).unread_pages:
            return None
        if file_hash_of(path) != states[name].file_hash:
            return None
    n_by_words = len(workspace.collection.found_by_words())
    added = Added(n_unchanged=len(names), n_by_words=n_by_words, advice=advice(workspace, n_by_words))
    added.seconds = time.perf_counter() - started
    return asdict(added)


def _is_indexed(workspace: Workspace) -> bool:
    """Return whether the index holds the text of every document, and no other."""
    try:
        indexed = workspace.collection.text_hashes()
    except IndexMismatch:
        return False
    states = workspace.documents.states()
    return indexed.keys() <= states.keys() and all(
        state.text_hash == state.indexed_hash == indexed.get(name, "") for name, state in states.items()
    )
