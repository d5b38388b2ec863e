"""Questions suggested from the documents: made on request, then accepted, changed or rejected by keyboard."""

from collections.abc import Callable, Sequence
from typing import Any

from nicegui import events, ui

from lorewright.jobs import Job
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.badge import Tone, badge
from lorewright.studio.parts.card_keys import mark, pressed, show_review_keys
from lorewright.studio.parts.empty import empty, loading
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.job_progress import JobProgress
from lorewright.studio.parts.text import Text, h2, muted
from lorewright.studio.screens.data.stylesheet import head
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.dataset.suggesting import suggestion_order
from lorewright.workspace.dataset.suggestions import (
    Suggestion,
    accept_suggestions,
    edit_suggestion,
    list_suggestions,
    reject_suggestions,
    start_suggesting,
)
from lorewright.workspace.server.jobs import list_jobs

PAGE = 30
NUMBERS = (10, 30, 60, 120)


async def show(visit: Visit) -> None:
    """Show the suggested questions, and a way to have some made."""
    head(visit, "/data/suggested")
    await _Suggested(visit).load()


class _Suggested:
    """The suggestions one by one; one of them is the current one, which the keys act on."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._all: list[Suggestion] = []
        self._cards: list[ui.element] = []
        self._n_shown, self._here, self._is_waiting_only = PAGE, 0, True
        if visit.may("tune"):
            self._order = ui.element("div").classes("lw-stack")
            with self._order:
                self._ask()
            ui.keyboard(on_key=self._key, ignore=["input", "select", "textarea"])
        self._whole = ui.element("div").classes("dat-review")
        with self._whole:
            loading()

    @property
    def _seen(self) -> list[Suggestion]:
        if not self._is_waiting_only:
            return self._all
        return [one for one in self._all if one.status == "waiting"]

    async def load(self) -> None:
        """Read the suggestions and show them; a job that goes on is followed."""
        visit = self._visit
        found = await visit.attempt(lambda: list_suggestions(visit.server, visit.caller))
        self._all = found or []
        self._show()
        if visit.may("tune") and not self._order.props.get("data-followed"):
            running = await visit.attempt(lambda: list_jobs(visit.server, visit.caller, kind="suggest"))
            going = [job for job in running or () if not job.is_over]
            if going:
                self._follow(going[0])

    def _ask(self) -> None:
        description = t(
            "They measure the arms once you accept them, and stay marked as synthetic. Nothing is sent "
            "anywhere unless your chat model is a remote one."
        )
        with (
            card(t("Suggest questions from the documents"), description),
            ui.element("div").classes("lw-row"),
        ):
            numbers = {n: tn("{n} question", "{n} questions", n) for n in NUMBERS}
            self._n = ui.select(numbers, value=30, label=t("How many")).props("outlined dense")
            self._go = ui.button(t("Suggest"), icon="auto_awesome", on_click=self._start)
            self._go.props("unelevated no-caps")

    async def _start(self) -> None:
        order, visit = suggestion_order(int(self._n.value or 30)), self._visit
        job = await visit.attempt(lambda: start_suggesting(visit.server, visit.caller, order))
        if job:
            self._follow(job)

    def _follow(self, job: Job) -> None:
        self._go.set_enabled(False)
        self._order.props["data-followed"] = job.id

        async def over(done: Job) -> None:
            self._go.set_enabled(True)
            if done.state == "finished" and not (done.result or {}).get("n_suggested"):
                tell(t("The documents gave no question that passed every check."))
            await self.load()

        with self._order:
            JobProgress(self._visit, job.id, title=t("Suggesting questions"), on_over=over)

    def _show(self) -> None:
        visible = self._seen
        self._here = min(max(0, self._here), max(0, len(visible) - 1))
        self._whole.clear()
        self._cards = []
        with self._whole:
            if not self._all:
                description = t("Questions that your documents answer appear here, each with its place.")
                empty("quiz", t("No suggested questions yet"), description,
                      also=(t("Write questions yourself"), "/data/questions/new"))  # fmt: skip
                return
            self._bar(len(visible))
            if not visible:
                empty("done_all", t("All suggestions reviewed."))
            self._cards = [self._card(place, one) for place, one in enumerate(visible[: self._n_shown])]
            if len(visible) > self._n_shown:
                ui.button(t("Show more"), on_click=self._more).props("outline no-caps").classes("lw-start")
        self._mark()

    def _bar(self, n: int) -> None:
        n_accepted = sum(one.status == "accepted" for one in self._all)
        with ui.element("div").classes("dat-pager"):
            ui.switch(t("Pending only"), value=self._is_waiting_only, on_change=self._filter)
            count = t("{n} shown, {accepted} accepted", n=n, accepted=n_accepted)
            Text("span", count, classes="lw-muted").props('role="status"')
            if self._visit.may("tune"):
                show_review_keys()
        with ui.element("div").classes("lw-actions"):
            waiting = [one.id for one in self._all if one.status == "waiting"]
            if self._visit.may("tune") and waiting:
                label = tn("Accept {n} pending", "Accept all {n} pending", len(waiting))
                ui.button(label, icon="done_all", on_click=lambda: self._accept_all(waiting)).props(
                    "outline no-caps"
                )
            if n_accepted and self._visit.may("evaluate"):
                ui.link(t("New comparison"), "/compare/new").classes("lw-button lw-button-main")

    def _card(self, place: int, one: Suggestion) -> ui.element:
        whole = ui.element("article").classes("lw-card dat-one").props('tabindex="-1"')
        whole.props["aria-label"] = t("Suggestion {n}", n=place + 1)
        whole.on("click", lambda: self._go_to(place))
        with whole:
            with ui.element("div").classes("lw-row"):
                badge(kind_name(one.kind))
                badge(t("synthetic"))
                states: dict[str, tuple[str, Tone]] = {
                    "accepted": (t("accepted"), "good"), "rejected": (t("rejected"), "warn"),
                }  # fmt: skip
                if one.status in states:
                    badge(*states[one.status])
            Text("p", one.question, classes="lw-pre lw-strong")
            if one.answerable:
                Text("p", one.answer, classes="lw-pre")
            else:
                muted(t("Not in the documents: the correct answer is a refusal."))
            for found in one.evidence if one.answerable else ():
                with ui.element("div").classes("dat-like"):
                    ui.link(found.title or found.document_id, _path(found.document_id)).classes("lw-small")
                    Text("span", found.text[:600], classes="lw-pre")
            if self._visit.may("tune"):
                self._buttons(place, one)
        return whole

    def _buttons(self, place: int, one: Suggestion) -> None:
        def button(text: str, icon: str, act: Callable[[Suggestion], object]) -> None:
            async def go() -> None:
                self._here = place
                result = act(one)
                if hasattr(result, "__await__"):
                    await result

            ui.button(text, icon=icon, on_click=go).props("flat dense no-caps")

        with ui.element("div").classes("lw-actions"):
            if one.status != "accepted":
                button(t("Accept"), "check", self._accept)
            if one.status != "rejected":
                button(t("Reject"), "close", self._reject)
            button(t("Edit"), "edit", self._edit)

    async def _key(self, event: events.KeyEventArguments) -> None:
        visible, key = self._seen[: self._n_shown], pressed(event)
        if key in ("j", "k"):
            self._go_to(self._here + (1 if key == "j" else -1))
        elif visible and key == "a":
            await self._accept(visible[self._here])
        elif visible and key == "r":
            await self._reject(visible[self._here])
        elif visible and key == "e":
            self._edit(visible[self._here])

    def _go_to(self, place: int) -> None:
        self._here = min(max(0, place), max(0, len(self._cards) - 1))
        self._mark()

    def _mark(self) -> None:
        mark(self._cards, self._here)

    async def _accept(self, one: Suggestion) -> None:
        if one.status != "accepted":
            await self._accept_all([one.id])

    async def _accept_all(self, ids: Sequence[str]) -> None:
        visit = self._visit
        taken = await visit.attempt(lambda: accept_suggestions(visit.server, visit.caller, ids))
        if taken:
            tell(tn("{n} held-out question added.", "{n} held-out questions added.", len(taken)))
            await self.load()

    async def _reject(self, one: Suggestion) -> None:
        visit = self._visit
        if one.status == "rejected":
            return
        rejected = await visit.attempt(lambda: reject_suggestions(visit.server, visit.caller, [one.id]))
        if rejected:
            tell(t("Rejected."))
            await self.load()

    def _edit(self, one: Suggestion) -> None:
        visit = self._visit
        with ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog dat-dialog"):
            h2(t("Edit suggestion"))
            question = ui.textarea(t("Question"), value=one.question).props("outlined autogrow autofocus")
            answer = ui.textarea(t("Correct answer"), value=one.answer).props("outlined autogrow")
            label = t("Answerable from the documents (off: the correct answer is a refusal)")
            is_answerable = ui.switch(label, value=one.answerable)

            def changed() -> list[Suggestion]:
                edit_suggestion(
                    visit.server, visit.caller, one.id, question=str(question.value or ""),
                    answer=str(answer.value or ""), answerable=bool(is_answerable.value),
                )  # fmt: skip
                return accept_suggestions(visit.server, visit.caller, [one.id])

            async def save() -> None:
                if await visit.attempt(changed):
                    dialog.close()
                    tell(tn("{n} held-out question added.", "{n} held-out questions added.", 1))
                    await self.load()

            with ui.element("div").classes("lw-actions"):
                ui.button(t("Cancel"), on_click=dialog.close).props("flat no-caps")
                ui.button(t("Save and accept"), on_click=save).props("unelevated no-caps")

    def _filter(self, event: events.ValueChangeEventArguments[Any]) -> None:
        self._is_waiting_only, self._here = bool(event.value), 0
        self._show()

    def _more(self) -> None:
        self._n_shown += PAGE
        self._show()


def kind_name(kind: str) -> str:
    """Return what a kind of suggested question is called."""
    return {
        "sentence": t("from a sentence"), "definition": t("definition"), "table": t("from a table"),
        "field": t("from a field"), "heading": t("from a heading"), "comparison": t("two places"),
        "paraphrase": t("in other words"), "unanswerable": t("not in the documents"),
    }.get(kind, kind)  # fmt: skip


def _path(document_id: str) -> str:
    from urllib.parse import quote

    return f"/documents/view?document={quote(document_id, safe='')}"
