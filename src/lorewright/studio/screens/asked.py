"""What people asked: refused, liked, disliked; each becomes an example or a question by one key."""

from collections.abc import Callable, Mapping
from typing import Any

from nicegui import events, ui

from lorewright.amounts import seconds_text, usd_text
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.card_keys import mark, pressed, show_keys
from lorewright.studio.parts.empty import empty, loading
from lorewright.studio.parts.export import csv_button
from lorewright.studio.parts.heading import heading
from lorewright.studio.parts.moments import ago_text, moment_text
from lorewright.studio.parts.person_names import person_name
from lorewright.studio.parts.stylesheets import load_stylesheet
from lorewright.studio.parts.text import Text, h2, muted
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.answering.asked import N_LOOKED_AT, Asked, AskedList, Kind, list_asked, take_asked
from lorewright.workspace.dataset.placing import Side

PAGE = 25


async def show(visit: Visit, kind: str = "", words: str = "") -> None:
    """Show what people asked lately; `kind` and `words` leave only some of it."""
    load_stylesheet("data")
    description = t(
        "The newest {n} answers from chats and the API. You see your own; administrators see everyone's.",
        n=f"{N_LOOKED_AT:,}",
    )
    with heading(t("Questions asked"), description) as actions:
        pass
    page = _Asked(visit, kind, words)
    with actions:
        csv_button("questions-asked", page.as_rows)
    await page.load()


class _Asked:
    """The list; one of it is the current one, which the keys act on."""

    def __init__(self, visit: Visit, kind: str, words: str) -> None:
        self._visit = visit
        self._kind: Kind | None = next((one for one in _names() if one == kind), None)
        self._words = words
        self._listed: AskedList | None = None
        self._n_shown, self._here = PAGE, 0
        self._cards: list[ui.element] = []
        self._chips = ui.element("div").classes("dat-filters").props('role="group"')
        self._chips.props["aria-label"] = t("Filter")
        self._list = ui.element("div").classes("dat-review")
        with self._list:
            loading()
        if visit.may("tune"):
            ui.keyboard(on_key=self._key, ignore=["input", "select", "textarea"])

    async def load(self) -> None:
        """Read what was asked and show it."""
        self._listed = await self._visit.attempt(
            lambda: list_asked(self._visit.server, self._visit.caller, kind=self._kind, words=self._words)
        )
        self._show_filters()
        self._show()

    def as_rows(self) -> tuple[tuple[str, ...], list[list[str | float]]]:
        """Return what is listed as a table: its heads and its rows."""
        heads = (
            t("When"), t("Who"), t("Model"), t("Question"), t("Answer"), t("Refused"), t("Unsupported"),
            t("Rating"), t("Seconds"), t("Cost in USD"), t("In the dataset as"),
        )  # fmt: skip
        rows: list[list[str | float]] = [
            [
                moment_text(one.at), one.by, one.model, one.question, one.answer,
                t("yes") if one.is_refused else "",
                t("yes") if one.is_unsupported else "", one.thumb, round(one.latency_ms / 1000, 3),
                "" if one.cost_usd is None else one.cost_usd, one.side,
            ]
            for one in (self._listed.asked if self._listed else ())
        ]  # fmt: skip
        return heads, rows

    def _show_filters(self) -> None:
        self._chips.clear()
        if self._listed is None or not self._listed.n_all:
            return
        with self._chips:
            self._chip(None, t("All"), self._listed.n_all)
            for kind, name in _names().items():
                self._chip(kind, name, self._listed.counts.get(kind, 0))
            search = ui.input(t("Search"), value=self._words).props("outlined dense clearable debounce=300")
            search.classes("dat-search").on_value_change(self._search)
            cost = usd_text(self._listed.cost_usd)
            Text("span", t("cost of all: {cost}", cost=cost), classes="lw-muted lw-small")

    def _chip(self, kind: Kind | None, name: str, n: int) -> None:
        async def choose() -> None:
            self._kind, self._here, self._n_shown = kind, 0, PAGE
            await self.load()

        with ui.element("button").classes("lw-chip").props('type="button"').on("click", choose) as chip:
            chip.props(f'aria-pressed="{str(kind == self._kind).lower()}"')
            Text("span", name)
            Text("span", f"{n:,}", classes="dat-chip-n")

    async def _search(self, event: events.ValueChangeEventArguments[Any]) -> None:
        self._words, self._here, self._n_shown = str(event.value or ""), 0, PAGE
        self._listed = await self._visit.attempt(
            lambda: list_asked(self._visit.server, self._visit.caller, kind=self._kind, words=self._words)
        )
        self._show()

    def _show(self) -> None:
        self._list.clear()
        self._cards = []
        if self._listed is None:
            return
        with self._list:
            if not self._listed.n_all:
                empty(
                    "question_answer", t("Nobody has asked yet"),
                    t("Questions from chats and API clients appear here with their answers."),
                    action=t("Open chat"), on_click=lambda: ui.navigate.to("/chat"),
                )  # fmt: skip
                return
            visible = self._listed.asked[: self._n_shown]
            self._here = min(max(0, self._here), max(0, len(visible) - 1))
            self._keys(len(self._listed.asked))
            if not visible:
                empty("search_off", t("No matching questions"))
            self._cards = [self._card(place, one) for place, one in enumerate(visible)]
            if len(self._listed.asked) > self._n_shown:
                ui.button(t("Show more"), on_click=self._more).props("outline no-caps").classes("lw-start")
        self._mark()

    def _keys(self, n: int) -> None:
        with ui.element("div").classes("dat-pager"):
            Text("span", tn("{n} question", "{n} questions", n), classes="lw-muted").props('role="status"')
            if self._visit.may("tune"):
                show_keys((
                    ("j", t("next")), ("k", t("back")), ("e", t("make an example")),
                    ("q", t("make a held-out question")), ("w", t("write the answer")),
                ))  # fmt: skip

    def _card(self, place: int, one: Asked) -> ui.element:
        card = ui.element("article").classes("lw-card dat-one").props('tabindex="-1"')
        card.props["aria-label"] = t("Question {n}", n=place + 1)
        card.on("click", lambda: self._go(place))
        with card:
            with ui.element("div").classes("lw-row"):
                _signs(one)
                by = person_name(one.by)
                facts = [one.model, by, ago_text(one.at), seconds_text(one.latency_ms / 1000)]
                facts += [] if one.cost_usd is None else [usd_text(one.cost_usd)]
                Text("span", " · ".join(facts), classes="lw-muted lw-small")
                ui.link(t("Trace"), f"/answers/{one.answer_id}").classes("lw-small")
            if one.question:
                Text("p", one.question, classes="lw-pre lw-strong dat-text")
                Text("p", one.answer, classes="lw-pre dat-text")
                if self._visit.may("tune") and not one.side:
                    self._buttons(place, one)
            else:
                muted(t("Only figures were stored of this answer, not its words."))
        return card

    def _buttons(self, place: int, one: Asked) -> None:
        def button(text: str, icon: str, act: Callable[[Asked], Any]) -> None:
            async def go() -> None:
                self._here = place
                await act(one)

            ui.button(text, icon=icon, on_click=go).props("flat dense no-caps")

        with ui.element("div").classes("lw-actions"):
            button(t("Make an example"), "school", self._to_examples)
            button(t("Make a held-out question"), "quiz", self._to_questions)
            button(t("Write the answer"), "edit", self._write)

    async def _key(self, event: events.KeyEventArguments) -> None:
        key = pressed(event)
        if key in ("j", "k"):
            self._go(self._here + (1 if key == "j" else -1))
            return
        acts = {"e": self._to_examples, "q": self._to_questions, "w": self._write}
        if key in acts and self._cards and self._listed:
            one = self._listed.asked[self._here]
            if one.question and not one.side:
                await acts[key](one)

    def _go(self, place: int) -> None:
        self._here = min(max(0, place), max(0, len(self._cards) - 1))
        self._mark()

    def _mark(self) -> None:
        mark(self._cards, self._here)

    async def _to_examples(self, one: Asked) -> None:
        await self._take_or_write(one, "examples")

    async def _to_questions(self, one: Asked) -> None:
        await self._take_or_write(one, "questions")

    async def _write(self, one: Asked) -> None:
        self._ask_right(one, "questions")

    async def _take_or_write(self, one: Asked, side: Side) -> None:
        """Take an answer as it is; where somebody or a check found fault with it, ask for the right one."""
        if one.thumb == "down" or one.is_refused or one.is_unsupported:
            self._ask_right(one, side)
        else:
            await self._take(one, side, "")

    async def _take(self, one: Asked, side: Side, right: str) -> bool:
        server, caller = self._visit.server, self._visit.caller
        taken = await self._visit.attempt(
            lambda: take_asked(server, caller, one.answer_id, side, right=right)
        )
        if taken is None:
            return False
        tell(t("Added to the held-out questions.") if side == "questions" else t("Added to the examples."))
        await self.load()
        return True

    def _ask_right(self, one: Asked, side: Side) -> None:
        """Ask what should have been answered, and where that belongs."""
        with self._visit.client.content, ui.dialog(value=True) as dialog:
            dialog.on("hide", dialog.delete)
            with ui.card().classes("lw-dialog dat-dialog"):
                h2(t("Correct answer"))
                Text("p", one.question, classes="lw-pre lw-strong")
                field = ui.textarea(t("Correct answer"), value=one.answer).props(
                    "outlined autogrow autofocus"
                )
                sides = {"examples": t("Example to learn from"), "questions": t("Held-out question")}
                chosen = ui.toggle(sides, value=side).props("no-caps unelevated")

                async def save() -> None:
                    if await self._take(one, chosen.value, str(field.value or "")):
                        dialog.close()

                with ui.element("div").classes("lw-actions"):
                    ui.button(t("Cancel"), on_click=dialog.close).props("flat no-caps")
                    ui.button(t("Save"), on_click=save).props("unelevated no-caps")

    def _more(self) -> None:
        self._n_shown += PAGE
        self._show()


def _names() -> Mapping[Kind, str]:
    return {
        "refused": t("Refused"), "unsupported": t("Unsupported"), "down": t("Thumbs down"),
        "up": t("Thumbs up"), "new": t("Not in the dataset"),
    }  # fmt: skip


def _signs(one: Asked) -> None:
    if one.is_refused:
        badge(t("refused"), "warn")
    if one.is_unsupported:
        badge(t("unsupported"), "warn")
    if one.thumb:
        badge(*((t("thumbs up"), "good") if one.thumb == "up" else (t("thumbs down"), "bad")))
    if one.side:
        badge(t("held-out question") if one.side == "questions" else t("example"), "good")
