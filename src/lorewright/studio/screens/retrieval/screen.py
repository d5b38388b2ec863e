"""The retrieval test: a question, or all saved ones, searched in ways that change under one's hands."""

from nicegui import ui

from lorewright.errors import NoDocuments
from lorewright.evaluation import Question
from lorewright.flows.query import query_from
from lorewright.studio.i18n import t
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.latest import Latest
from lorewright.studio.parts.text import muted
from lorewright.studio.screens.documents.stylesheet import load_documents_stylesheet
from lorewright.studio.screens.documents.sync import offer_rebuild
from lorewright.studio.screens.retrieval.fit import FitCard
from lorewright.studio.screens.retrieval.hits import Hits, SearchedQuestion
from lorewright.studio.screens.retrieval.knobs import Knobs
from lorewright.studio.screens.retrieval.scores import Scores
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.dataset.material import held_out_questions
from lorewright.workspace.documents.attributes import known_attributes
from lorewright.workspace.documents.listing import count_documents, sees_documents
from lorewright.workspace.documents.rebuild import needs_rebuild
from lorewright.workspace.retrieval.bench import RankedHits, RetrievalTest, rerank_by_model
from lorewright.workspace.retrieval.options import RetrievalOptions, save_way, way_of


async def show(visit: Visit, question: str = "") -> None:
    """Show the test; `question` is asked at once."""
    load_documents_stylesheet()
    description = t(
        "See which chunks are retrieved for a question and why, and measure retrieval on all your questions."
    )
    with heading(t("Retrieval test"), description):
        ui.button(t("Documents"), icon="arrow_back").props("flat no-caps").on_click(
            lambda: ui.navigate.to("/documents")
        )
        actions = ui.element("div").classes("lw-actions")
    reason = await visit.attempt(lambda: needs_rebuild(visit.server.workspace, visit.caller))
    if reason:
        await offer_rebuild(visit, reason, lambda _job, _title: ui.navigate.to("/documents"))
        return
    loaded = await visit.attempt(_read, visit)
    if loaded is None:
        return
    n_documents, questions, keys = loaded
    if not n_documents:
        empty(
            "description", t("No documents yet"), t("Add documents first, then search them."),
            action=t("Add documents"), on_click=lambda: ui.navigate.to("/documents"),
        )  # fmt: skip
        return
    bench = _Bench(visit, questions, keys, actions)
    if question:
        await bench.ask(question)


def _read(visit: Visit) -> tuple[int, list[Question], dict[str, str]]:
    """Return how many documents there are, the saved questions, and the attributes with an example."""
    caller = visit.caller
    if not sees_documents(visit.server.workspace, caller):
        raise NoDocuments(
            t("You have no access to the documents of this domain."), hint=t("Ask an administrator.")
        )
    workspace = visit.server.workspace
    keys: dict[str, str] = {}
    for attributes in known_attributes(workspace, caller).values():
        for key, value in attributes.items():
            keys.setdefault(key, str(value))
    return count_documents(workspace, caller), held_out_questions(workspace, caller), keys


class _Bench:
    """The page: the question at the top, the knobs at the left, what comes of them at the right."""

    def __init__(
        self, visit: Visit, questions: list[Question], keys: dict[str, str], actions: ui.element
    ) -> None:
        self._visit, self._questions = visit, {question.id: question for question in questions}
        self._test = RetrievalTest(visit.server.workspace, lambda: visit.caller)
        self._searched = SearchedQuestion("", None)
        self._searching = Latest(self._search)
        self._question_box()
        with ui.element("div").classes("ret-body lw-full"):
            with card(t("Settings under test"), classes="ret-knobs"):
                self._knobs = Knobs(self._saved_way(), keys, self._turned)
            with ui.element("div").classes("lw-stack"):
                self._scores = Scores(visit, self._test, questions, self._saved_way, self.ask_saved)
                if visit.may("evaluate"):
                    FitCard(visit, self._test, questions, self._saved_way, self._knobs.take_weight)
                self._hits = Hits(visit, self._judged)
        if visit.may("admin"):
            with actions:
                self._back = ui.button(t("Reset to saved"), on_click=self._reset).props("flat no-caps")
                self._save = ui.button(t("Save these settings"), icon="save", on_click=self._keep)
                self._save.props("unelevated no-caps")
        self._mark_changed()

    def _saved_way(self) -> RetrievalOptions:
        return way_of(self._visit.server.workspace, self._visit.caller)

    def _question_box(self) -> None:
        with card():
            with ui.element("form").classes("lw-ask").on("submit.prevent", self._asked_for):
                self._field = ui.input(placeholder=t("Enter a question …"))
                self._field.props(f'outlined aria-label="{t("Question")}"').classes("lw-grow")
                ui.button(t("Search"), icon="search").props("unelevated no-caps type=submit")
            if self._questions:
                names = {question.id: question.text[:120] for question in self._questions.values()}
                self._choice = ui.select(
                    names, label=t("Or choose a saved question"), with_input=True, clearable=True,
                    on_change=lambda event: self.ask_saved(event.value) if event.value else None,
                ).props("outlined dense")  # fmt: skip
            else:
                muted(t("Saved questions will appear here."))

    async def _asked_for(self) -> None:
        await self.ask(str(self._field.value or ""))

    async def ask(self, text: str) -> None:
        """Search for what was typed; a saved question of the same words is that question."""
        text = text.strip()
        if not text:
            return
        saved = next((one for one in self._questions.values() if one.text.strip() == text), None)
        self._field.set_value(text)
        self._searched = SearchedQuestion(text, saved)
        await self._searching.ask()

    async def ask_saved(self, question_id: str) -> None:
        """Search for a saved question."""
        question = self._questions.get(question_id)
        if question is not None:
            self._field.set_value(question.text)
            self._searched = SearchedQuestion(query_from(question.conversation), question)
            await self._searching.ask()

    async def _turned(self) -> None:
        self._mark_changed()
        if self._searched.query:
            await self._searching.ask()
        await self._scores.turned(self._knobs.way)

    async def _search(self) -> None:
        searched, way = self._searched, self._knobs.way
        ranked = await self._visit.attempt(self._ranked, searched.query, way)
        if ranked is not None:
            self._hits.show(searched, ranked, way)

    def _ranked(self, query: str, way: RetrievalOptions) -> RankedHits:
        visit = self._visit
        self._test.look_again()
        ranked = self._test.find(query, way)
        return (
            rerank_by_model(visit.server, visit.caller, query, ranked, way)
            if way.reranker == "model"
            else ranked
        )

    async def _judged(self, question: Question) -> None:
        """Go on with a question whose documents have changed."""
        self._questions[question.id] = question
        self._searched = SearchedQuestion(query_from(question.conversation), question)
        self._scores.questions = list(self._questions.values())
        await self._searching.ask()
        await self._scores.turned(self._knobs.way, has_new_questions=True)

    def _mark_changed(self) -> None:
        if self._visit.may("admin"):
            is_changed = not self._knobs.is_as(self._saved_way())
            self._save.set_enabled(is_changed)
            self._back.set_enabled(is_changed)

    async def _keep(self) -> None:
        names = await self._visit.attempt(
            lambda: save_way(self._visit.server, self._visit.caller, self._knobs.way)
        )
        if names:
            tell(t("Saved: {names}.", names=", ".join(names)))
            self._knobs.saved(self._saved_way())
            await self._turned()

    async def _reset(self) -> None:
        self._knobs.take(self._saved_way())
        await self._turned()
