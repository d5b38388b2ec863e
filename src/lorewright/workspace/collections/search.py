"""Searching a collection."""

from collections.abc import Collection as Several
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lorewright.access import Caller
from lorewright.errors import BadParameter
from lorewright.flows.nodes.rewriting import standalone_in
from lorewright.knowledge import Attributes, Filter, Hit, merge
from lorewright.knowledge.reader_view import ReaderView
from lorewright.messages import Message
from lorewright.models import PooledEngine, Sampling, parse_source
from lorewright.models.engine_key import short_name
from lorewright.workspace.documents.attributes import all_attributes
from lorewright.workspace.server.server import Server

if TYPE_CHECKING:
    from lorewright.knowledge.collection import Mode

N_SPARE = 20
"""Hits asked for beyond those wanted: of files that were removed and are still in the index."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranking:
    """How hits are ranked: those scored lower than `score_threshold` are left out.

    `dense_weight` is the share of the vector side, 0 to 1; `None` takes the domain's.
    """

    score_threshold: float = 0.0
    dense_weight: float | None = None


@dataclass(frozen=True, slots=True)
class StoreLocation:
    """A store to search, as whoever asks may read it."""

    store_id: str
    collection: ReaderView
    is_domain: bool = False


@dataclass(frozen=True, slots=True)
class StoreHit:
    """A hit with the store and the file it comes from; its chunk's `document_id` is the file's id."""

    hit: Hit
    store_id: str
    filename: str
    attributes: Attributes


class StoresRetriever:
    """Finds chunks in several stores; scores are comparable across them, within one query."""

    def __init__(
        self,
        server: Server,
        places: Sequence[StoreLocation],
        *,
        filters: Filter | None,
        ranking: Ranking,
        n: int | None,
    ) -> None:
        self._server = server
        self._places = places
        self._filters = filters
        self._ranking = ranking
        self._n = n or server.workspace.settings.retrieval.usual_n_kept
        weight = ranking.dense_weight
        self._dense_weight = server.workspace.usual_dense_weight if weight is None else weight

    @property
    def version(self) -> str:
        """Identify what is searched and how."""
        versions = [(place.store_id, place.collection.version) for place in self._places]
        state = repr((versions, self._filters, self._ranking))
        return blake2b(state.encode(), digest_size=8).hexdigest()

    def search(self, query: str, *, n: int | None = None) -> list[Hit]:
        """Return at most `n` hits, best first (`None`: as many as this retriever was made for)."""
        return [store_hit.hit for store_hit in self.find(query, n=n)]

    def find(self, query: str, *, n: int | None = None) -> list[StoreHit]:
        """Return what `search` returns, with where it comes from."""
        n = n or self._n
        n_asked = max(n + N_SPARE, self._server.workspace.settings.retrieval.n_candidates)
        sources: dict[str, StoreHit] = {}
        for place in self._places:
            hits = place.collection.search(query, n=n_asked, mode=self._mode(), among=self._among(place))
            for store_hit in self._alive(place, hits):
                sources.setdefault(store_hit.hit.chunk.id, store_hit)
        hits = merge(
            query, (store_hit.hit for store_hit in sources.values()), dense_weight=self._dense_weight
        )
        kept = [hit for hit in hits if hit.score >= self._ranking.score_threshold][:n]
        return [_with(sources[hit.chunk.id], hit) for hit in kept]

    def _mode(self) -> "Mode":
        return {0.0: "text", 1.0: "dense"}.get(self._dense_weight, "fused")  # type: ignore[return-value]

    def _among(self, place: StoreLocation) -> Several[str] | None:
        """Return the ids of the documents that the filter lets through, `None` for all."""
        if self._filters is None:
            return None
        if place.is_domain:
            known: dict[str, Attributes] = all_attributes(self._server.workspace)
        else:
            files = self._server.records("store_file").all(parent=place.store_id, label="completed")
            known = {file.body["file"]: file.body["attributes"] for file in files}
        return [document_id for document_id, held in known.items() if self._filters.holds(held)]

    def _alive(self, place: StoreLocation, hits: Sequence[Hit]) -> list[StoreHit]:
        """Return the hits of files that are in the store now, whatever its index still holds."""
        if place.is_domain:
            return [StoreHit(hit, place.store_id, hit.chunk.document_id, {}) for hit in hits]
        records = self._server.records("store_file")
        bodies: dict[str, Any] = {}
        for document_id in {hit.chunk.document_id for hit in hits}:
            record = records.find(f"{place.store_id}/{document_id}")
            if record is not None and record.label == "completed":
                bodies[document_id] = record.body
        return [
            StoreHit(hit, place.store_id, body["filename"], body["attributes"])
            for hit in hits
            if (body := bodies.get(hit.chunk.document_id))
        ]


def _with(source: StoreHit, hit: Hit) -> StoreHit:
    return StoreHit(hit, source.store_id, source.filename, source.attributes)


INSTRUCTION = (
    "Rewrite the user's text as one short search query. Keep names and numbers as they are. "
    "Answer with the query alone."
)
MAX_TOKENS = 48
SMALLEST_BYTES = 400_000_000
"""Weights on this machine that are smaller rewrite a query into something else more often than not."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A query to search with; where it is the one that was given, `kept_because` says why."""

    query: str
    kept_because: str = ""


def rewrite(server: Server, caller: Caller, query: str) -> Rewritten:
    """Return a query to search with instead; the given one where the model cannot be trusted with it."""
    caller.need("chat")
    settings = server.workspace.settings.models
    name = short_name(settings.chat)
    if not caller.may_use_model(name):
        raise BadParameter(
            "rewrite_query",
            f"rewrite_query needs the model {name!r}, which this key has no permission to use.",
        )
    if (_local_bytes(server) or SMALLEST_BYTES) < SMALLEST_BYTES:
        return Rewritten(query, f"The model {name!r} is too small to rewrite queries.")
    engine = PooledEngine(server.pool, server.engine_key(), who=caller.id)
    question = Message("user", query)
    pieces = engine.stream(
        [Message("system", INSTRUCTION), question], sampling=Sampling(max_tokens=MAX_TOKENS)
    )
    reply = standalone_in("".join(piece.text for piece in pieces), [question])
    return Rewritten(reply) if reply else Rewritten(query, f"What the model {name!r} wrote is no such query.")


def _local_bytes(server: Server) -> int | None:
    """Return what the weights of the chat model weigh, `None` where they are not on this machine."""
    uri = server.workspace.settings.models.chat
    source = parse_source(uri)
    if source.is_remote:
        return None
    local, file = server.workspace.store.find(uri), Path(source.name)
    return local.size_bytes if local else file.stat().st_size if file.is_file() else None
