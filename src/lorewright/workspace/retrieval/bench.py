"""Searching with other options than the ones that are set."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from lorewright.access import Caller
from lorewright.documents import Chunk
from lorewright.errors import InvalidFlow, NoDocuments
from lorewright.flows.kinds import Called, Running
from lorewright.flows.nodes.rerank import Rerank
from lorewright.knowledge import (
    Hit,
    Rankings,
    Shares,
    diverse,
    is_covered,
    rank,
    reordered,
    shares,
    without_copies,
    word_scores,
)
from lorewright.knowledge.part_ranking import part_scores
from lorewright.messages import Conversation, Message
from lorewright.models import Stopped, never
from lorewright.workspace.answering.served_models import ServedParts
from lorewright.workspace.documents.attributes import known_attributes
from lorewright.workspace.domain.judge import find_judge
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.retrieval.options import RetrievalOptions, matching_documents, settings_of
from lorewright.workspace.server.server import Server

N_SEARCHED = 100
"""Candidates fetched of either side at least, so that fewer need no new search."""
_N_REMEMBERED = 2000
"""Searches that are remembered; their chunks are shared."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RankedHits:
    """What a way finds for a question, the best first: `n_kept` of the hits reach the prompt.

    `made_of` says by chunk id what made the score before reranking. Without `is_covered` the
    question would count as not in the documents.
    """

    hits: tuple[Hit, ...]
    n_kept: int
    made_of: dict[str, Shares]
    is_covered: bool

    @property
    def kept(self) -> tuple[Hit, ...]:
        """The hits that reach the prompt."""
        return self.hits[: self.n_kept]


class RetrievalTest:
    """The collection of a domain under test; it belongs to one visitor and is forgotten with the page.

    `caller` says who asks at this moment: rights may change while a page is open.
    """

    def __init__(self, workspace: Workspace, caller: Callable[[], Caller]) -> None:
        self._workspace = workspace
        self._caller = caller
        self._sides: OrderedDict[tuple[str, int, frozenset[str] | None, str], Rankings] = OrderedDict()
        self._chunks: dict[str, Chunk] = {}
        self._let_through: dict[tuple[str, str], frozenset[str] | None] = {}

    def need(self, verb: str) -> None:
        """Raise `NotAllowed` without a right, and `NoDocuments` where the documents may not be seen."""
        caller = self._caller()
        caller.need(verb)
        if readable(self._workspace, caller).is_nothing:
            raise NoDocuments(
                "There are no documents to search.", hint="Ask an administrator for access to the collection."
            )

    def look_again(self) -> None:
        """Take note that documents, or what is written on them, may have changed.

        Raises `IndexMismatch` where the index is not as the settings say: figures would be of the old ones.
        """
        self.need("read")
        self._workspace.collection.check()
        self._let_through.clear()

    def find(self, query: str, way: RetrievalOptions) -> RankedHits:
        """Return what a way finds; raise `BadParameter` for a filter that cannot be read.

        A model as the reranker is not asked here: see `rerank_by_model`.
        """
        settings = settings_of(way, self._workspace.settings.retrieval)
        sides = self.sides(query, way)
        ranked = rank(
            query, sides.text[: way.n_candidates], sides.dense[: way.n_candidates],
            dense_weight=way.dense_weight,
        )  # fmt: skip
        apart = without_copies(ranked, n=len(ranked))
        return RankedHits(
            hits=tuple(self._reranked(query, apart, way)),
            n_kept=way.n_kept,
            made_of=shares(ranked, dense_weight=way.dense_weight),
            is_covered=is_covered(apart[: way.n_kept], settings, question=query),
        )

    def sides(self, query: str, way: RetrievalOptions) -> Rankings:
        """Return what words and meaning find by themselves, searched for once."""
        self.need("read")
        collection = self._workspace.searchable_by(readable(self._workspace, self._caller()))
        among = self._among(way)
        n = max(N_SEARCHED, way.n_candidates)
        key = (query, n, among, collection.version)  # another reader has another version
        sides = self._sides.get(key)
        if sides is None:
            fresh = collection.rankings(query, n=n, among=among)
            sides = Rankings(self._shared(fresh.text), self._shared(fresh.dense))
            self._sides[key] = sides
            if len(self._sides) > _N_REMEMBERED:
                self._sides.popitem(last=False)
        return sides

    def _reranked(self, query: str, ranked: Sequence[Hit], way: RetrievalOptions) -> list[Hit]:
        """Return the hits as a reranker orders the first `n_read` of them; the others stay behind."""
        read, rest = list(ranked[: way.n_read]), ranked[way.n_read :]
        if way.reranker == "words":
            read = reordered(read, word_scores(query, read), weight=way.rerank_weight)
        elif way.reranker == "parts":
            judge = find_judge(self._workspace.settings).judge
            scores = part_scores(query, read, likeness=self._workspace.collection.likeness, judge=judge)
            read = reordered(read, scores, weight=way.rerank_weight)
        elif way.reranker == "diversity":
            read = diverse(read, len(read), weight=way.rerank_weight)
        else:
            return list(ranked)
        return [replace(hit, rank=place) for place, hit in enumerate((*read, *rest), start=1)]

    def _among(self, way: RetrievalOptions) -> frozenset[str] | None:
        if not way.is_filtered:
            return None
        wanted = (way.documents, way.filters)
        if wanted not in self._let_through:
            known = known_attributes(self._workspace, self._caller())
            self._let_through[wanted] = matching_documents(way, known)
        return self._let_through[wanted]

    def _shared(self, side: Sequence[tuple[Chunk, float]]) -> tuple[tuple[Chunk, float], ...]:
        """Return a side whose chunks are those of other searches where they are the same."""
        return tuple((self._chunks.setdefault(chunk.id, chunk), score) for chunk, score in side)


def rerank_by_model(
    server: Server,
    caller: Caller,
    query: str,
    ranked: RankedHits,
    way: RetrievalOptions,
    *,
    stopped: Stopped = never,
) -> RankedHits:
    """Return what was found with its first `n_read` hits in the order that the chat model gives them."""
    caller.need("chat")
    conversation = (Message("user", query),)
    running = Running(
        conversation=conversation, parts=ServedParts(server, caller), on_text=lambda _: None,
        stopped=stopped, seed=0, made_by={}, call=_no_flow,
    )  # fmt: skip
    node = Rerank(method="model", weight=way.rerank_weight, n_kept=len(ranked.hits) or 1, n_read=way.n_read)
    given = {"conversation": conversation, "hits": ranked.hits}
    return replace(ranked, hits=tuple(node.run(lambda port: given[port], running)["hits"]))


def _no_flow(name: str, _conversation: Conversation) -> Called:
    raise InvalidFlow(f"A reranker cannot call a flow, but {name!r} was called.")
