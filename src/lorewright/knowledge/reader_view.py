"""A collection as somebody may read it: the retriever that belongs to whoever asks."""

from collections.abc import Callable, Sequence
from collections.abc import Collection as Several
from typing import TYPE_CHECKING

from lorewright.access.readable import Readable
from lorewright.documents import Chunk
from lorewright.knowledge.hit import Hit

if TYPE_CHECKING:
    from lorewright.knowledge.collection import Collection, Mode, Rankings

Reorder = Callable[[str, Sequence[Hit]], list[Hit]]


class ReaderView:
    """Searches a collection for a reader: documents that they may not read are not there for them.

    `found` holds the ids of all documents that it has shown so far. With `reorder` the hits of words and
    meaning together come in the order that it gives them.
    """

    def __init__(
        self, collection: "Collection", readable: Readable, *, reorder: Reorder | None = None
    ) -> None:
        self._collection = collection
        self._readable = readable
        self._reorder = reorder
        self.found: set[str] = set()

    @property
    def version(self) -> str:
        """Identify what is searched: documents that may not be read do not change it."""
        version = self._collection.version_for(self._readable)
        return f"{version}, reranked" if self._reorder else version

    def search(
        self,
        query: str,
        *,
        n: int | None = None,
        mode: "Mode" = "fused",
        among: Several[str] | None = None,
    ) -> list[Hit]:
        """Return at most `n` hits, best first, as `Collection.search` finds them, or in a new order."""
        reorder = self._reorder if mode == "fused" else None
        n = n or self._collection.usual_n
        n_found = n
        if reorder:
            from lorewright.knowledge.part_ranking import N_RERANKED  # what a plain search does not wait for

            n_found = max(n, N_RERANKED)
        hits = self._collection.search(query, n=n_found, mode=mode, among=among, readable=self._readable)
        if reorder:
            hits = reorder(query, hits)[:n]
        for hit in hits:
            self.found.update(hit.document_ids)
        return hits

    def rankings(self, query: str, *, n: int, among: Several[str] | None = None) -> "Rankings":
        """Return what words and meaning find by themselves."""
        return self._collection.rankings(query, n=n, among=among, readable=self._readable)

    def chunks_of(self, document_id: str) -> list[Chunk]:
        """Return a document's chunks in the order of its text; none of one that may not be read."""
        if not self._readable.holds(document_id):
            return []
        self.found.add(document_id)
        return self._collection.chunks_of(document_id)

    def likeness(self, question: str, texts: Sequence[str]) -> list[float] | None:
        """Return the cosine of a question and each text, `None` where meaning does not count here."""
        return self._collection.likeness(question, texts)
