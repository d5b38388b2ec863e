"""Finding what documents said at an earlier time."""

import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from lorewright.access import Caller
from lorewright.documents import Document
from lorewright.errors import InvalidSetting
from lorewright.knowledge import Hit, merge
from lorewright.knowledge.collection import Collection, Mode
from lorewright.workspace.documents.as_of import documents_as_of, moment
from lorewright.workspace.documents.former_versions import former_index
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.retrieval.search import check_query

_MOST_KEPT = 4
"""Indexes of former texts that stay for the next search as of the same time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FormerHits:
    """Hits of an earlier time.

    `since` is when a former version took force, by document; `lost` are documents of then whose text
    is not stored any more, so that nothing of them is found.
    """

    hits: tuple[Hit, ...]
    since: dict[str, float]
    lost: tuple[str, ...]


def search_as_of(
    workspace: Workspace, caller: Caller, query: str, *, at: float, n: int, mode: Mode = "fused"
) -> FormerHits:
    """Return the `n` best hits among the versions that were in force at a time, in seconds since 1970.

    What says the same today is found in the index; what said something else is read again from the
    texts that are kept of former versions, and indexed for this search and the next ones.
    """
    then = documents_as_of(workspace, caller, at)
    today = workspace.collection
    hits = today.search(query, n=n, mode=mode, among=sorted(then.unchanged))
    former = [document for document, _ in then.former]
    if former:
        hits = [*hits, *_search_former(workspace, former, query, n=n, mode=mode)]
    weight = today.dense_weight(query) if mode == "fused" else float(mode == "dense")
    return FormerHits(
        hits=tuple(merge(query, hits, dense_weight=weight)[:n]),
        since={document.id: since for document, since in then.former},
        lost=then.lost,
    )


def search_then(
    workspace: Workspace,
    caller: Caller,
    query: str,
    *,
    as_of: str,
    n: int = 5,
    mode: Mode = "fused",
    reranker: str = "",
) -> FormerHits:
    """Return the `n` best hits among the documents as they were at a date or time, see `search_as_of`."""
    caller.need("read")
    check_query(query, n)
    if reranker:
        raise InvalidSetting("Hits as of a date cannot be reranked.", hint="Leave one of both out.")
    return search_as_of(workspace, caller, query, at=moment(as_of), n=n, mode=mode)


def _search_former(
    workspace: Workspace, documents: list[Document], query: str, *, n: int, mode: Mode
) -> list[Hit]:
    if workspace.database.is_read_only:
        with TemporaryDirectory() as passing:
            return _indexed(workspace, Path(passing), documents).search(query, n=n, mode=mode)
    name = sha256(repr([(one.id, one.text_hash) for one in documents]).encode()).hexdigest()[:16]
    kept = former_index(workspace)
    _make_room(kept, name)
    return _indexed(workspace, kept / name, documents).search(query, n=n, mode=mode)


def _indexed(workspace: Workspace, folder: Path, documents: list[Document]) -> Collection:
    collection = workspace.open_collection(folder)
    missing = {document.id for document in documents} - collection.text_hashes().keys()
    if missing:
        collection.add(document for document in documents if document.id in missing)
    return collection


def _make_room(kept: Path, name: str) -> None:
    """Let go of the indexes that were not made for this search, but for the newest ones."""
    others = [path for path in kept.glob("*") if path.name != name]
    others.sort(key=lambda path: -path.stat().st_mtime_ns)
    for path in others[_MOST_KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
