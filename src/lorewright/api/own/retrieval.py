"""`/lorewright/v1/retrieval`: search in a way that is tried out, measure it, fit its weight, keep it."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from lorewright.access import Caller
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.evaluation import to_json
from lorewright.knowledge import is_covered
from lorewright.request_body import RequestBody
from lorewright.workspace.dataset.judged_questions import add_question, judge
from lorewright.workspace.dataset.material import held_out_questions
from lorewright.workspace.documents.as_of import moment
from lorewright.workspace.retrieval.bench import RetrievalTest, rerank_by_model
from lorewright.workspace.retrieval.former import search_as_of
from lorewright.workspace.retrieval.measure import METRICS, change, fit, measure
from lorewright.workspace.retrieval.options import Reranker, RetrievalOptions, save_way, way_of
from lorewright.workspace.server.server import Server

router = APIRouter(prefix="/lorewright/v1/retrieval", tags=["retrieval"])

_N_FORMER = 10

Share = Annotated[float, Field(ge=0, le=1)]


class WayTried(RequestBody):
    """How hits are found, ranked and kept; fields that are not given are as in lorewright.toml."""

    model_config = ConfigDict(extra="forbid")

    dense_weight: Share | None = None
    n_candidates: int | None = Field(None, ge=1, le=500)
    n_kept: int | None = Field(None, ge=1, le=100)
    min_cosine: float | None = Field(None, ge=-1, le=1)
    reranker: Reranker = "none"
    rerank_weight: Share = 0.3
    n_read: int = Field(10, ge=1, le=100)
    documents: str = Field("", max_length=4000)
    filters: str = Field("", max_length=10_000)


class Search(WayTried):
    """A question, and the way to search for it."""

    question: str = Field(min_length=1, max_length=8000)
    as_of: str = Field(
        "", max_length=40, description="a date or time: search the documents as they were then"
    )


class Judgement(RequestBody):
    """A document that answers a question: of a saved one by its id, or of a new one with its answer."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(max_length=8000)
    document_ids: list[str] = Field(min_length=1, max_length=100)
    answer: str = Field("", max_length=20_000)
    is_saved: bool = False
    is_right: bool = True


@router.post("/search")
def search(body: Search, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Search, and return hits, best first, with the parts of each score."""
    if body.as_of:
        return _search_as_of(body, server, caller)
    way = _way(server, caller, body)
    ranked = RetrievalTest(server.workspace, lambda: caller).find(body.question, way)
    if way.reranker == "model":
        ranked = rerank_by_model(server, caller, body.question, ranked, way)
    hits = [
        {
            "rank": hit.rank, "score": hit.score, "cosine": hit.cosine, "bm25": hit.bm25,
            "made_of": asdict(ranked.made_of[hit.chunk.id]), "is_kept": hit.rank <= ranked.n_kept,
            "document": hit.chunk.document_id, "start": hit.chunk.start, "end": hit.chunk.end,
            "text": hit.chunk.text,
        }
        for hit in ranked.hits
    ]  # fmt: skip
    return {"object": "retrieval.search", "is_covered": ranked.is_covered, "hits": hits}


def _search_as_of(body: Search, server: Server, caller: Caller) -> dict[str, Any]:
    """Return the hits of an earlier time; `since` is when a version took force that is not today's."""
    settings = server.workspace.settings.in_prompt
    n_kept = body.n_kept or settings.n_kept
    found = search_as_of(
        server.workspace, caller, body.question, at=moment(body.as_of), n=max(n_kept, _N_FORMER)
    )
    hits = [
        {
            "rank": hit.rank, "score": hit.score, "cosine": hit.cosine, "bm25": hit.bm25,
            "is_kept": hit.rank <= n_kept, "document": hit.chunk.document_id, "start": hit.chunk.start,
            "end": hit.chunk.end, "text": hit.chunk.text, "since": found.since.get(hit.chunk.document_id),
        }
        for hit in found.hits
    ]  # fmt: skip
    is_covered_then = is_covered(found.hits[:n_kept], settings, question=body.question)
    return {
        "object": "retrieval.search", "is_covered": is_covered_then, "hits": hits,
        "lost": list(found.lost),
    }  # fmt: skip


@router.post("/measure")
def measure_way(body: WayTried, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Measure retrieval options on the saved questions, compared with the settings."""
    test = RetrievalTest(server.workspace, lambda: caller)
    questions = held_out_questions(server.workspace, caller)
    saved = measure(test, questions, way_of(server.workspace, caller))
    tried = measure(test, questions, _way(server, caller, body))
    return {
        "object": "retrieval.measure",
        "metrics": {name: to_json(tried.mean(name)) for name in METRICS},
        "changes": {name: to_json(change(name, tried, saved)) for name in METRICS},
        "n_answerable": tried.n_answerable,
        "n_refused": tried.n_refused,
        "n_unanswerable": tried.n_unanswerable,
        "n_rightly_refused": tried.n_rightly_refused,
    }


@router.post("/fit")
def fit_way(server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Fit the weight on some of the saved questions, and measure it on the others."""
    test = RetrievalTest(server.workspace, lambda: caller)
    questions = held_out_questions(server.workspace, caller)
    fitted = fit(test, questions, way_of(server.workspace, caller))
    return {"object": "retrieval.fit", **to_json(fitted), "is_measurable": fitted.gain.is_measurable}


@router.post("/settings")
def keep(body: WayTried, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Save retrieval options to lorewright.toml, with immediate effect."""
    return {"object": "retrieval.settings", "changed": save_way(server, caller, _way(server, caller, body))}


@router.post("/questions")
def save_question(body: Judgement, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Save a question with the documents that answer it, or add one to a saved question."""
    if not body.is_saved:
        question = add_question(server, caller, body.question, body.answer, body.document_ids)
    else:
        for name in body.document_ids:
            question = judge(server, caller, body.question, name, is_right=body.is_right)
    return {"object": "question", "id": question.id, "document_ids": list(question.document_ids)}


def _way(server: Server, caller: Caller, body: WayTried) -> RetrievalOptions:
    saved = asdict(way_of(server.workspace, caller))
    told = body.model_dump(exclude={"question", "as_of"})
    given = {name: value for name, value in told.items() if value is not None}
    return RetrievalOptions(**{**saved, **given})
