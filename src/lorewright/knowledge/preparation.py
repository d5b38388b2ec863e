"""Documents made ready for an index: cut to chunks, and those embedded; it needs no index."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from lorewright.documents import Chunk, Document, chunks_of
from lorewright.documents.chunkers import DEFAULT
from lorewright.documents.cut import STRETCH_CHARS, each_chunk
from lorewright.knowledge.index import Embedded
from lorewright.knowledge.model_choice import ModelChoice
from lorewright.models import EmbeddingModel

Cut = tuple[Chunk, EmbeddingModel | None]
"""A chunk with the model that embeds it, if any does."""

_BATCH_CHUNKS = 512
_LONG_BATCH_CHUNKS = 4_096
_EMBEDDED_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a long document is committed."""

    n_before: int
    is_last: bool


class Preparation:
    """Cuts documents with a chunker, and embeds each with the model that is for it."""

    def __init__(self, models: ModelChoice, chunker: str = DEFAULT) -> None:
        self._models = models
        self._chunker = chunker

    def is_long(self, document: Document) -> bool:
        """Return whether a document is indexed in parts: its chunks are never in memory all together."""
        return len(document.text) > STRETCH_CHARS and self._chunker == DEFAULT

    def prepared(self, document: Document, chunk_tokens: int) -> list[Embedded]:
        """Return the chunks of one document with their vectors."""
        return [embedded(run) for run in runs(self._cut(document, chunk_tokens))]

    def batches(
        self, documents: Iterable[Document], chunk_tokens: int
    ) -> Iterator[tuple[list[Document], list[Cut], Part | None]]:
        """Yield whole documents with their chunks, about as many as are committed at once.

        A long document comes alone, in parts.
        """
        batch: dict[str, Document] = {}
        chunks: list[Cut] = []
        for document in documents:
            is_long = self.is_long(document)
            if document.id in batch or (is_long and batch):  # the later one replaces the earlier one
                yield list(batch.values()), chunks, None
                batch, chunks = {}, []
            if is_long:
                yield from self._parts(document, chunk_tokens)
                continue
            batch[document.id] = document
            chunks += self._cut(document, chunk_tokens)
            if len(chunks) >= _BATCH_CHUNKS:
                yield list(batch.values()), chunks, None
                batch, chunks = {}, []
        if batch:
            yield list(batch.values()), chunks, None

    def _cut(self, document: Document, chunk_tokens: int) -> list[Cut]:
        model = self._models.model_for(document)
        offsets = (model or self._models.first).token_offsets
        cut = chunks_of(document, self._chunker, token_offsets=offsets, size_tokens=chunk_tokens)
        return [(chunk, model) for chunk in cut]

    def _parts(
        self, document: Document, chunk_tokens: int
    ) -> Iterator[tuple[list[Document], list[Cut], Part]]:
        model = self._models.model_for(document)
        offsets = (model or self._models.first).token_offsets
        cut = each_chunk(document, token_offsets=offsets, size_tokens=chunk_tokens)
        each = ((chunk, model) for chunk in cut)
        chunks, n_before = list(islice(each, _LONG_BATCH_CHUNKS)), 0
        while True:
            following = list(islice(each, _LONG_BATCH_CHUNKS))
            yield [document], chunks, Part(n_before, not following)
            if not following:
                return
            n_before += len(chunks)
            chunks = following


def runs(chunks: Sequence[Cut]) -> Iterator[list[Cut]]:
    """Yield chunks that follow each other and have one model, as many as are embedded at once."""
    for _, run in groupby(chunks, key=lambda cut: id(cut[1])):
        while part := list(islice(run, _EMBEDDED_AT_ONCE)):
            yield part


def embedded(run: Sequence[Cut]) -> Embedded:
    """Return the chunks of a run with their vectors."""
    model, chunks = run[0][1], [chunk for chunk, _ in run]
    if model is None:
        return Embedded("", chunks, None)
    return Embedded(model.name, chunks, model.embed([chunk.context for chunk in chunks]))
