"""What was found for a question: each hit with what made its score, and whether it answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nicegui import ui

from lorewright.evaluation import Question
from lorewright.knowledge import Hit, Shares, shared_words
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.text import Text, h2, muted
from lorewright.studio.screens.documents.stylesheet import view_path
from lorewright.studio.screens.retrieval.save_question import save_question
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.dataset.judged_questions import judge
from lorewright.workspace.retrieval.bench import RankedHits
from lorewright.workspace.retrieval.options import RetrievalOptions

N_SHOWN = 20


@dataclass(frozen=True, slots=True)
class SearchedQuestion:
    """What is searched for, and the saved question it is, if it is one."""

    query: str
    question: Question | None


class Hits:
    """The list of hits; `on_judged` hears of a question whose documents have changed."""

    def __init__(self, visit: Visit, on_judged: Callable[[Question], Awaitable[None]]) -> None:
        self._visit, self._on_judged = visit, on_judged
        self._place = ui.element("div").classes("lw-stack").props('aria-live="polite"')
        with self._place:
            empty("troubleshoot", t("Enter a question"), t("Sliders then show their effect immediately."))

    def show(self, searched: SearchedQuestion, ranked: RankedHits, way: RetrievalOptions) -> None:
        """Show what was found in the place of what was shown."""
        self._place.clear()
        with self._place:
            self._head(searched, ranked, way)
            for hit in ranked.hits[:N_SHOWN]:
                if hit.rank == ranked.n_kept + 1:
                    Text("div", t("hits below do not reach the prompt"), classes="ret-cut")
                self._hit(searched, hit, ranked)
            if not ranked.hits:
                description = t("No chunk matches the question and the filters.")
                empty("search_off", t("No hits"), description)

    def _head(self, searched: SearchedQuestion, ranked: RankedHits, way: RetrievalOptions) -> None:
        with ui.element("div").classes("lw-row"):
            h2(tn("{n} hit", "{n} hits", len(ranked.hits)))
            if ranked.is_covered:
                badge(t("would be answered"), "good")
            else:
                badge(t("would be refused"), "warn")
        right = searched.question.document_ids if searched.question else ()
        if right:
            names = [hit.chunk.document_id for hit in ranked.kept]
            n_kept = sum(name in names for name in right)
            muted(t("{n} of {all} relevant documents are kept.", n=n_kept, all=len(right)))
        cosines = [hit.cosine for hit in ranked.kept if hit.cosine is not None]
        if not ranked.is_covered and cosines:
            closest = t("Highest similarity: {cosine}; required: {least}.", cosine=f"{max(cosines):.2f}",
                     least=f"{way.min_cosine:g}")  # fmt: skip
            muted(closest)

    def _hit(self, searched: SearchedQuestion, hit: Hit, ranked: RankedHits) -> None:
        chunk = hit.chunk
        with card(classes="ret-hit") as whole:
            whole.props(f"data-kept={'yes' if hit.rank <= ranked.n_kept else 'no'}")
            with ui.element("div").classes("lw-row"):
                Text("span", str(hit.rank), classes="ret-rank")
                with ui.element("div").classes("lw-grow"):
                    ui.link(
                        chunk.title or chunk.document_id,
                        view_path(chunk.document_id, "chunks", start=chunk.start, end=chunk.end),
                    ).classes("lw-strong")
                    where = [chunk.document_id, *(" > ".join(chunk.heading_path),)]
                    where += [t("page {n}", n=chunk.page)] if chunk.page else []
                    Text("div", " · ".join(part for part in where if part), classes="lw-muted lw-small")
                self._judging(searched, hit)
            _scores(hit, ranked.made_of.get(chunk.id))
            _text(chunk.text, searched.query)

    def _judging(self, searched: SearchedQuestion, hit: Hit) -> None:
        question, name = searched.question, hit.chunk.document_id
        is_right = question is not None and name in question.document_ids
        if is_right:
            badge(t("relevant"), "good")
        if not self._visit.may("tune"):
            return

        async def turn() -> None:
            if question is None:
                changed = await save_question(self._visit, searched.query, hit.chunk)
            else:
                changed = await self._visit.attempt(
                    lambda: judge(
                        self._visit.server, self._visit.caller, question.id, name, is_right=not is_right
                    )
                )
            if changed is not None:
                with self._visit.client.content:
                    tell(t("Question updated."))
                await self._on_judged(changed)

        label = t("Mark as not relevant") if is_right else t("Mark as relevant")
        button = ui.button(label, on_click=turn).props("flat dense no-caps")
        button.props["aria-label"] = f"{label}: {name}"


def _scores(hit: Hit, shares: Shares | None) -> None:
    """Show what words and meaning gave, and the score they made together."""
    shares = shares or Shares(0.0, 0.0, 0.0)
    nothing = t("not retrieved")
    words = nothing if hit.bm25 is None else f"BM25 {hit.bm25:.2f}"
    meaning = nothing if hit.cosine is None else t("cosine {value}", value=f"{hit.cosine:.2f}")
    fused = f"{hit.score:.2f}"
    if shares.identifiers > 0.005:
        fused += " · " + t("boosted by exact names or numbers")
    with ui.element("div").classes("ret-scores"):
        _bar(t("Keyword"), words, shares.words, "")
        _bar(t("Vector"), meaning, shares.meaning, "")
        _bar(t("Fused"), fused, hit.score, "ret-fused")


def _bar(name: str, value: str, share: float, look: str) -> None:
    with ui.element("div"):
        with ui.element("div").classes("ret-knob-head"):
            Text("span", name)
            Text("span", value, classes="lw-mono")
        with ui.element("div").classes("ret-bar").props('aria-hidden="true"'):
            ui.element("span").classes(look).style(f"width: {max(0.0, min(1.0, share)) * 100:.0f}%")


def _text(text: str, query: str) -> None:
    """Show the text of a chunk, the words of the question marked in it."""
    with ui.element("div").classes("ret-text").props('tabindex="0" role="region"') as whole:
        whole.props["aria-label"] = t("Text of the chunk")
        at = 0
        for start, end in shared_words(text, query):
            if start > at:
                Text("span", text[at:start])
            Text("mark", text[start:end])
            at = end
        Text("span", text[at:])
