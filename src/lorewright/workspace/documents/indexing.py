"""Documents into an index, a batch at a time: prepared here, or on the nodes of a cluster."""

from collections.abc import Iterable, Iterator

from lorewright.documents import Document
from lorewright.knowledge import Collection
from lorewright.knowledge.index import Embedded
from lorewright.workspace.documents.index_on_nodes import Making, making_of, prepared_on_nodes
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.cluster import Cluster
from lorewright.workspace.jobs.portions import portions

BATCH_BYTES = 256 * 1024


def indexed(
    workspace: Workspace, collection: Collection, documents: Iterable[Document], cluster: Cluster | None
) -> Iterator[tuple[list[Document], int]]:
    """Index documents, and yield those of each batch that is in with how many chunks they have.

    Where there is a cluster, its nodes cut and embed them.
    """
    if cluster is not None:
        yield from _indexed_over(cluster, making_of(workspace), collection, documents)
        return
    # A kill loses at most one batch, and an index write pays for all of it.
    for batch in portions(documents, _length, size=BATCH_BYTES):
        yield batch, collection.add(batch).n_chunks


def _indexed_over(
    cluster: Cluster, making: Making, collection: Collection, documents: Iterable[Document]
) -> Iterator[tuple[list[Document], int]]:
    """Index what the nodes of a cluster prepare; a text as long as a book is prepared here."""
    collection.check()
    finished: list[tuple[list[Document], int]] = []

    def short() -> Iterator[Document]:
        for document in documents:
            if collection.preparation.is_long(document):
                finished.append(([document], collection.add([document]).n_chunks))
            else:
                yield document

    batch: list[Document] = []
    parts: list[Embedded] = []
    for ready, embedded in prepared_on_nodes(cluster, making, short()):
        batch += ready
        parts += embedded
        if sum(len(document.text) for document in batch) >= BATCH_BYTES:
            finished.append(_put(collection, batch, parts))
            batch, parts = [], []
        while finished:
            yield finished.pop()
    if batch:
        finished.append(_put(collection, batch, parts))
    yield from finished


def _put(collection: Collection, batch: list[Document], parts: list[Embedded]) -> tuple[list[Document], int]:
    collection.put(batch, parts)
    return batch, sum(len(part.chunks) for part in parts)


def _length(document: Document) -> int:
    return len(document.text)
