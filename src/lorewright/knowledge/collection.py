"""Documents indexed together: added, found by words and by meaning, taken out."""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Collection as Several
from dataclasses import dataclass, replace
from hashlib import blake2b
from operator import length_hint
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from lorewright.access.readable import EVERYTHING, Readable
from lorewright.documents import Chunk, Document
from lorewright.documents.chunkers import DEFAULT
from lorewright.errors import IndexMismatch
from lorewright.knowledge.copies import without_copies
from lorewright.knowledge.hit import Hit
from lorewright.knowledge.identifiers import shortened, spellings
from lorewright.knowledge.index import Embedded, FolderHome, Home, Index, Scored
from lorewright.knowledge.index_location import current_place, index_id
from lorewright.knowledge.language import language_of
from lorewright.knowledge.model_choice import ModelChoice, OtherModel
from lorewright.knowledge.preparation import Part, Preparation, embedded, runs
from lorewright.knowledge.ranking import rank
from lorewright.models import EmbeddingModel
from lorewright.models.embedding import closeness
from lorewright.progress import Progress, quiet
from lorewright.settings import AUTOMATIC, Retrieval

if TYPE_CHECKING:  # a search that another process does needs no numbers
    import numpy as np
    from numpy.typing import NDArray

Mode = Literal["fused", "text", "dense"]
Found = TypeVar("Found")

_TRIES = 3
_MOST_LOOKED_AT, _WIDER = 800, 4
"""Chunks that are looked at, at most, to find enough that do not say the same."""
_MOST_READERS = 64
"""Readers whose version of the index is remembered."""
_SCATTERED_CHUNKS = 256
"""New chunks that a search can still look through one by one in about 10 ms."""
_WRITES = 64
_SAMPLED_CHARS = 4_000


@dataclass(frozen=True, slots=True)
class Added:
    """What a call to `Collection.add` put in."""

    n_documents: int
    n_chunks: int


@dataclass(frozen=True, slots=True)
class Rankings:
    """What words (BM25 scores) and meaning (cosines) found for a query, each the best first."""

    text: Sequence[tuple[Chunk, float]]
    dense: Sequence[tuple[Chunk, float]]


class Collection:
    """Documents indexed together in a folder; deleting it loses nothing that `add` cannot rebuild.

    `other` gives the embedding model for documents in languages that `embedder` was not made for, or `None`
    while it is not here: then they are found by their words. Without it `embedder` embeds all.
    `home` says where the index of a folder is kept, if not in it.
    `usual_weight` tells the share of the vector side where the settings leave it open.
    An index built with other settings goes on answering until it is built again (with another embedding
    model: by words), but nothing is added to it: see `check`.
    """

    def __init__(
        self,
        folder: Path,
        embedder: EmbeddingModel,
        settings: Retrieval,
        *,
        chunker: str = DEFAULT,
        other: OtherModel | None = None,
        usual_weight: Callable[[], float] | None = None,
        home: Callable[[Path], Home] = FolderHome,
    ) -> None:
        self._folder = folder
        self._home = home
        self._embedder = embedder
        self._models = ModelChoice(embedder, other)
        self._settings = settings
        self._usual_weight = usual_weight or (lambda: settings.usual_dense_weight)
        self._chunker = chunker
        self.preparation = Preparation(self._models, chunker)
        self._opened: Index | None = None
        self._place = ("", 0, 0)
        self._versions: tuple[int, dict[Readable, str]] = (-1, {})
        self._used: tuple[int, tuple[str, ...]] = (-1, ())
        self._sampled = ""

    @property
    def version(self) -> str:
        """Identify what is indexed and how: the same documents give the same version on any machine."""
        return self.version_for(EVERYTHING)

    def version_for(self, readable: Readable) -> str:
        """Identify what is indexed of the documents that may be read: no other one changes it."""
        table = self._table()
        number = table.number if table else 0
        if self._versions[0] != number or len(self._versions[1]) >= _MOST_READERS:
            self._versions = (number, {})
        known = self._versions[1]
        if readable not in known:
            hashes = table.text_hashes() if table else {}
            readable_hashes = {name: text_hash for name, text_hash in hashes.items() if readable.holds(name)}
            content = repr((table and table.stamp, readable_hashes, *self._of_other_models(readable_hashes)))
            known[readable] = blake2b(content.encode(), digest_size=8).hexdigest()
        return known[readable]

    @property
    def n_chunks(self) -> int:
        """How many chunks are in."""
        return self.count(EVERYTHING)

    def count(self, readable: Readable) -> int:
        """Return how many chunks of documents that may be read are in."""
        table = self._table()
        return table.count(readable) if table else 0

    def add(
        self, documents: Iterable[Document], *, chunk_tokens: int | None = None, progress: Progress = quiet
    ) -> Added:
        """Index documents in the place of older ones with the same ids.

        Every batch is one commit, found by words and by meaning as soon as it is in; stopped
        midway, finished batches stay. `progress` counts documents. These documents may be cut to
        chunks of another size than `settings.chunk_tokens`.
        """
        total = length_hint(documents)
        n_documents = n_chunks = 0
        size_tokens = chunk_tokens or self._settings.chunk_tokens
        for batch, chunks, part in self.preparation.batches(documents, size_tokens):
            parts = []
            for run in runs(chunks):
                progress(n_documents, max(total, n_documents))
                parts.append(embedded(run))
            self.put(batch, parts, part)
            n_documents += len(batch) if part is None or part.is_last else 0
            n_chunks += len(chunks)
            progress(n_documents, max(total, n_documents))
        self.tidy()
        return Added(n_documents, n_chunks)

    def put(self, documents: Sequence[Document], parts: Sequence[Embedded], part: Part | None = None) -> None:
        """Index documents with the chunks and vectors that a `preparation` made of them, in one commit.

        `part` says which part of a single long document they are.
        """
        table = self._table_for(documents)
        if part is None:
            table.replace(documents, parts)
        else:
            table.extend(documents[0], parts, n_before=part.n_before, is_last=part.is_last)
        is_whole = part is None or part.is_last
        if is_whole and table.is_scattered(n_chunks=max(_SCATTERED_CHUNKS, table.n_chunks // 8)):
            table.compact()

    def remove(self, document_ids: Iterable[str]) -> None:
        """Take documents out; unknown ids change nothing."""
        table = self._table()
        if table:
            table.remove(list(document_ids))

    def search(
        self,
        query: str,
        *,
        n: int | None = None,
        mode: Mode = "fused",
        among: Several[str] | None = None,
        readable: Readable = EVERYTHING,
    ) -> list[Hit]:
        """Return at most `n` hits, best first (`None`: `settings.usual_n_kept`).

        `among` holds the ids of the documents to look at (`None`: all); at none that is not `readable`
        anything looks. Of chunks that say the same the best is a hit, which names the places of the
        others. The first hits are the same however many are asked for.
        """
        n, query = n or self.usual_n, shortened(query)
        asked = self._asked(query, at_all=mode == "dense") if mode != "text" else []
        weight = self._weight(asked) if mode == "fused" else float(mode == "dense")
        vectors = [(model, model.embed_query(query)) for model in asked] if weight else []
        n_looked_at = self._settings.n_candidates
        ranked: list[Hit] = []
        while True:
            side: Mode = mode if weight else "text"
            rankings = self._rankings(
                query, vectors, n=n_looked_at, mode=side, among=among, readable=readable
            )
            ranked = _behind(ranked, rank(query, rankings.text, rankings.dense, dense_weight=weight))
            hits = without_copies(ranked, n=n)
            is_all = max(len(rankings.text), len(rankings.dense)) < n_looked_at
            if len(hits) == n or is_all or n_looked_at >= max(n, _MOST_LOOKED_AT):
                return hits
            n_looked_at *= _WIDER

    @property
    def usual_n(self) -> int:
        """How many hits a search returns that names no number."""
        return self._settings.usual_n_kept

    def dense_weight(self, query: str) -> float:
        """Return the share of the vector side for a query.

        That is what the settings say; where they leave it open, 0 for a query, or else for
        documents, in a language that no embedding model of the index was made for.
        """
        return self._weight(self._asked(shortened(query)))

    def _weight(self, asked: Sequence[EmbeddingModel]) -> float:
        """Return the share of the vector side for a query that is embedded with these models."""
        if not self._knows_meaning():
            return 0.0
        if self._settings.dense_weight != AUTOMATIC:
            return self._settings.dense_weight
        return self._usual_weight() if asked else 0.0

    def _asked(self, query: str, *, at_all: bool = False) -> list[EmbeddingModel]:
        """Return the embedding models of the index that a query is embedded with.

        Those that were made for it; with a weight that is set, and with `at_all`, all that are here.
        """
        if not self._knows_meaning():
            return []
        used = self._used_models()
        if self._settings.dense_weight == AUTOMATIC:
            asked = self._models.asked(query, used, sample=self._sample)
            if asked or not at_all:
                return asked
        return [model for name in used if (model := self._models.named(name)) is not None]

    @property
    def identity_of_models(self) -> str:
        """Identify the embedding models of the index: other ones may deserve another weight."""
        return " ".join(self._used_models())

    def _used_models(self) -> tuple[str, ...]:
        """Return the names of the models whose vectors are in the index."""
        table = self._table()
        if table is None:
            return (self._embedder.name,)
        number = table.number
        if self._used[0] != number:
            self._used = (number, tuple(table.used_embedders()))
        return self._used[1]

    def _sample(self) -> str:
        """Return some of the text of the documents."""
        table = self._table()
        if not self._sampled and table is not None:
            self._sampled = table.sample()
        return self._sampled

    def rankings(
        self,
        query: str,
        *,
        n: int,
        mode: Mode = "fused",
        among: Several[str] | None = None,
        readable: Readable = EVERYTHING,
    ) -> Rankings:
        """Return at most `n` chunks of either side, as `search` finds them before it ranks them."""
        query = shortened(query)
        asked = self._asked(query, at_all=mode == "dense") if mode != "text" else []
        vectors = [(model, model.embed_query(query)) for model in asked]
        return self._rankings(query, vectors, n=n, mode=mode, among=among, readable=readable)

    def _rankings(
        self,
        query: str,
        vectors: "Sequence[tuple[EmbeddingModel, NDArray[np.float32]]]",
        *,
        n: int,
        mode: Mode,
        among: Several[str] | None,
        readable: Readable,
    ) -> Rankings:
        """Return at most `n` chunks of either side for a query that was embedded already."""
        is_empty = readable.is_nothing or (among is not None and not among)
        if self._table() is None or not query.strip() or is_empty:
            return Rankings((), ())
        if mode == "dense":
            self._check_stamp("embedder")  # there is nothing to fall back to
        words = " ".join([query, *spellings(query)])

        def ranked(table: Index) -> Rankings:
            named = [(model.name, vector) for model, vector in vectors]
            if mode == "dense":
                text: Scored = []
                found = [
                    table.by_vector(vector, n=n, embedder=name, among=among, readable=readable)
                    for name, vector in named
                ]
            else:
                text, found = table.by_both(words, named, n=n, among=among, readable=readable)
            dense = [
                (chunk, closeness(cosine, model))
                for (model, _), near in zip(vectors, found, strict=True)
                for chunk, cosine in near
            ]
            if len(vectors) > 1:  # what is close to one model is about as close to the other
                dense = sorted(dense, key=lambda scored: -scored[1])[:n]
            return Rankings(text, dense)

        return self._read(ranked, Rankings((), ()))

    def likeness(self, question: str, texts: Sequence[str]) -> list[float] | None:
        """Return the cosine of a question and each text, `None` where meaning does not count here."""
        question = shortened(question)
        asked = self._asked(question) if self.dense_weight(question) else []
        if not asked:
            return None
        model = self._models.asked("\n".join(texts)[:_SAMPLED_CHARS], [one.name for one in asked], sample=str)
        chosen = (model or asked)[0]
        cosines = chosen.embed(texts) @ chosen.embed_query(question)
        return [closeness(float(cosine), chosen) for cosine in cosines]

    def text_hashes(self) -> dict[str, str]:
        """Return the hash of every indexed document's text, to compare with what should be indexed.

        Documents without a single chunk do not appear. It is '' for one that another model should
        have embedded. Raises `IndexMismatch` as `check` does.
        """
        self.check()
        table = self._table()
        hashes = table.text_hashes() if table else {}
        outdated = {name: "" for name, model in self._embedders().items() if self._models.is_outdated(model)}
        return hashes | {name: "" for name in outdated if name in hashes}

    def found_by_words(self) -> list[str]:
        """Return the ids of the documents that no embedding model embedded."""
        return [name for name, model in self._embedders().items() if not model]

    def _embedders(self) -> dict[str, str]:
        """Return which model embedded each document, '' for none; of one model alone nothing is told."""
        table = self._table()
        if table is None or not table.is_mixed:
            return {}
        return table.embedders()

    def _of_other_models(self, names: Several[str]) -> list[dict[str, str]]:
        """Return which of the documents another model than the first embedded, as a list of one or none."""
        others = {name: model for name, model in self._embedders().items() if name in names}
        others = {name: model for name, model in sorted(others.items()) if model != self._embedder.name}
        return [others] if others else []

    def chunks_of(self, document_id: str) -> list[Chunk]:
        """Return a document's chunks in the order of its text."""
        return self._read(lambda table: table.chunks_of(document_id), [])

    def check(self) -> None:
        """Raise `IndexMismatch` for an index whose vectors or chunks are not what the settings say."""
        for key in ("embedder", "chunk_tokens", "chunker"):
            self._check_stamp(key)

    def clear(self) -> None:
        """Remove the index; what was added before can be added again."""
        self._home(current_place(self._folder)).clear()
        self._opened = None

    def compact(self) -> None:
        """Merge what many additions left behind, so that searching is as fast as after one."""
        table = self._table()
        if table:
            table.compact()

    def tidy(self, *, is_at_rest: bool = False) -> None:
        """Compact where searching suffers from what many additions left behind; at rest, from a few.

        It costs as much as the index is large, and a search looks through new chunks one by one.
        """
        table, share = self._table(), 8 if is_at_rest else 1
        if table and table.is_scattered(n_chunks=_SCATTERED_CHUNKS // share, n_writes=_WRITES // share):
            table.compact()

    def _table(self) -> Index | None:
        """Return the table, or `None` as long as nothing was ever added."""
        place = index_id(self._folder)
        if self._opened is None or place != self._place:  # rebuilt, maybe by another process
            table, place = self._found(place)
            self._opened, self._place, self._versions = table, place, (-1, {})
            self._used, self._sampled = (-1, ()), ""
        return self._opened

    def _found(self, place: tuple[str, int, int]) -> tuple[Index | None, tuple[str, int, int]]:
        """Return the table and which index it is of: `place`, or the one that took its place just now."""
        while True:
            try:
                return self._home(current_place(self._folder)).find(), place
            except Exception:  # lancedb raises many kinds when files are gone
                before, place = place, index_id(self._folder)
                if place == before:
                    raise

    def _table_for(self, documents: Sequence[Document]) -> Index:
        """Return the table; a new one stems words as the language of these documents asks."""
        self.check()
        table = self._table()
        if table is None:
            stamp = self._stamp() | {"language": language_of(document.text for document in documents)}
            home = self._home(current_place(self._folder))
            table = home.make(n_dimensions=self._embedder.n_dimensions, stamp=stamp)
            self._opened, self._place = table, index_id(self._folder)
        return table

    def _stamp(self) -> dict[str, str]:
        stamp = {"embedder": self._embedder.name, "chunk_tokens": str(self._settings.chunk_tokens)}
        return stamp if self._chunker == DEFAULT else stamp | {"chunker": self._chunker}

    def _check_stamp(self, key: str) -> None:
        table, wanted = self._table(), self._stamp().get(key, DEFAULT)
        built_with = table.stamp.get(key, DEFAULT) if table else wanted
        if built_with != wanted:
            raise IndexMismatch(
                f"The index in {self._folder} was built with {key} {built_with!r}; now it is {wanted!r}.",
                hint="Change the setting back, or rebuild the index: lorewright add --rebuild",
            )

    def _knows_meaning(self) -> bool:
        """Whether the vectors are those of our embedding model."""
        table = self._table()
        return table is None or table.stamp["embedder"] == self._embedder.name

    def _read(self, work: Callable[[Index], Found], nothing: Found) -> Found:
        """Return what `work` finds; where another index took the place meanwhile, it looks there again."""
        for _ in range(_TRIES):
            table = self._table()
            if table is None:
                return nothing
            place = self._place
            try:
                return work(table)
            except Exception:  # lancedb raises many kinds when files are gone
                if index_id(self._folder) == place:
                    raise
        return nothing


def _behind(first: list[Hit], more: list[Hit]) -> list[Hit]:
    """Return hits, and behind them those of a wider search that are not among them."""
    if not first:
        return more
    here, least = {hit.chunk.id for hit in first}, first[-1].score
    fresh = [hit for hit in more if hit.chunk.id not in here]
    return [*first, *(replace(hit, score=min(hit.score, least)) for hit in fresh)]
