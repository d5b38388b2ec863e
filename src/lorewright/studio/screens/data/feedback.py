"""Thumbs and corrections from chats: accepted into the dataset or turned down, by keyboard or pointer."""

import json
from collections.abc import Callable
from typing import Any

from nicegui import events, ui

from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.badge import Tone, badge
from lorewright.studio.parts.card_keys import mark, pressed, show_review_keys
from lorewright.studio.parts.empty import empty, loading
from lorewright.studio.parts.moments import ago_text
from lorewright.studio.parts.person_names import person_name
from lorewright.studio.parts.text import Text, h2, muted
from lorewright.studio.screens.data.stylesheet import head
from lorewright.studio.visit import Visit, tell
from lorewright.tuning.preference_rows import preference_lines
from lorewright.workspace.answering.feedback_review import (
    Reviewed,
    reject_feedback,
    reviewed_feedback,
    take_feedback,
)
from lorewright.workspace.answering.preference_pairs import export_pairs

PAGE = 30


async def show(visit: Visit) -> None:
    """Show what people thought of answers, and let it become data."""
    head(visit, "/data/feedback")
    await _Review(visit).load()


class _Review:
    """The feedback one by one; one of them is the current one, which the keys act on."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._all: list[Reviewed] = []
        self._n_shown = PAGE
        self._here = 0
        self._is_waiting_only = True
        self._whole = ui.element("div").classes("dat-review")
        with self._whole:
            loading()
        if visit.may("tune"):
            ui.keyboard(on_key=self._key, ignore=["input", "select", "textarea"])

    @property
    def _seen(self) -> list[Reviewed]:
        if not self._is_waiting_only:
            return self._all
        return [one for one in self._all if one.status in ("waiting", "kept")]

    async def load(self) -> None:
        """Read the feedback and show it."""
        feedback = await self._visit.attempt(
            lambda: reviewed_feedback(self._visit.server, self._visit.caller)
        )
        self._all = feedback or []
        self._show()

    def _show(self) -> None:
        visible = self._seen
        self._here = min(max(0, self._here), max(0, len(visible) - 1))
        self._whole.clear()
        with self._whole:
            if not self._all:
                description = t("Ratings and corrections from chats appear here.")
                empty(
                    "rate_review", t("No feedback yet"), description, action=t("Open chat"),
                    on_click=lambda: ui.navigate.to("/chat"),
                )  # fmt: skip
                return
            self._bar(len(visible))
            if not visible:
                empty("done_all", t("All feedback reviewed."), also=(t("Open chat"), "/chat"))
            self._cards = [self._card(place, one) for place, one in enumerate(visible[: self._n_shown])]
            if len(visible) > self._n_shown:
                ui.button(t("Show more"), on_click=self._more).props("outline no-caps").classes("lw-start")
        self._mark()

    def _bar(self, n: int) -> None:
        with ui.element("div").classes("dat-pager"):
            ui.switch(t("Pending only"), value=self._is_waiting_only, on_change=self._filter)
            Text("span", t("{n} shown", n=n), classes="lw-muted").props('role="status"')
            if self._visit.may("tune"):
                download = ui.button(
                    t("Download preference pairs"), icon="download", on_click=self._download_pairs
                )
                download.props("flat dense no-caps")
                show_review_keys()

    async def _download_pairs(self) -> None:
        """Give what can be learned from thumbs and corrections as a file for tuning on preferences."""
        visit = self._visit
        exported = await visit.attempt(lambda: export_pairs(visit.server, visit.caller))
        if exported is None:
            return
        n = len(exported.pairs)
        if n:
            arguments = ("preference-pairs.jsonl", preference_lines(exported.pairs), "application/jsonl")
            ui.run_javascript(f"lorewright.download({', '.join(map(json.dumps, arguments))})")
        tell(" ".join([tn("{n} preference pair.", "{n} preference pairs.", n), *exported.lines]))

    def _card(self, place: int, one: Reviewed) -> ui.element:
        card = ui.element("article").classes("lw-card dat-one").props('tabindex="-1"')
        card.props["aria-label"] = t("Feedback {n}", n=place + 1)
        card.on("click", lambda: self._go(place))
        with card:
            with ui.element("div").classes("lw-row"):
                self._signs(one)
            Text("p", one.question, classes="lw-pre lw-strong")
            with ui.element("div").classes("dat-sides"):
                with ui.element("div").classes("lw-stack lw-tight"):
                    muted(t("Answer given")).classes("lw-small")
                    Text("p", one.answer, classes="lw-pre")
                with ui.element("div").classes("lw-stack lw-tight"):
                    muted(t("Correct answer")).classes("lw-small")
                    if one.right:
                        Text("p", one.right, classes="lw-pre")
                    elif one.thumb == "up":
                        muted(t("The given answer, if you accept it."))
                    else:
                        muted(t("Not provided yet. Press e to write it."))
            if one.comment:
                Text("p", one.comment, classes="lw-muted lw-pre")
            if self._visit.may("tune"):
                self._buttons(place, one)
        return card

    def _signs(self, one: Reviewed) -> None:
        if one.thumb:
            badge(t("thumbs up") if one.thumb == "up" else t("thumbs down"), _thumb_tone(one.thumb))
        side = t("held-out questions") if one.side == "questions" else t("examples")
        states: dict[str, tuple[str, Tone]] = {
            "waiting": (t("pending"), "busy"), "kept": (t("not used"), "plain"),
            "placed": (t("added to {side}", side=side), "good"), "rejected": (t("rejected"), "warn"),
        }  # fmt: skip
        badge(*states.get(one.status, (one.status, "plain")))
        Text("span", f"{one.model} · {person_name(one.by)} · {ago_text(one.at)}", classes="lw-muted lw-small")
        if one.answer_id:
            ui.link(t("Trace"), f"/answers/{one.answer_id}").classes("lw-small")

    def _buttons(self, place: int, one: Reviewed) -> None:
        def button(text: str, icon: str, act: Callable[[Reviewed], object]) -> ui.button:
            async def go() -> None:
                self._here = place
                result = act(one)
                if hasattr(result, "__await__"):
                    await result

            return ui.button(text, icon=icon, on_click=go).props("flat dense no-caps")

        with ui.element("div").classes("lw-actions"):
            if one.status != "placed":
                button(t("Accept"), "check", self._accept)
            if one.status != "rejected":
                button(t("Reject"), "close", self._reject)
            button(t("Edit"), "edit", self._edit)

    async def _key(self, event: events.KeyEventArguments) -> None:
        visible, key = self._seen[: self._n_shown], pressed(event)
        if key in ("j", "k"):
            self._go(self._here + (1 if key == "j" else -1))
        elif visible and key == "a":
            await self._accept(visible[self._here])
        elif visible and key == "r":
            await self._reject(visible[self._here])
        elif visible and key == "e":
            self._edit(visible[self._here])

    def _go(self, place: int) -> None:
        self._here = min(max(0, place), max(0, len(self._cards) - 1))
        self._mark()

    def _mark(self) -> None:
        if not self._seen:
            return
        mark(self._cards, self._here)

    async def _accept(self, one: Reviewed) -> None:
        if not one.right and one.thumb != "up":
            self._edit(one)
            return
        await self._take(one, "")

    async def _take(self, one: Reviewed, right: str) -> bool:
        server, caller = self._visit.server, self._visit.caller
        taken = await self._visit.attempt(lambda: take_feedback(server, caller, one.id, right=right))
        if taken is None:
            return False
        held_out = taken.side == "questions"
        tell(t("Added to the held-out questions.") if held_out else t("Added to the examples."))
        await self.load()
        return True

    async def _reject(self, one: Reviewed) -> None:
        if one.status == "rejected":
            return
        if await self._visit.attempt(reject_feedback, self._visit.server, self._visit.caller, one.id):
            tell(t("Rejected."))
            await self.load()

    def _edit(self, one: Reviewed) -> None:
        with ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog dat-dialog"):
            h2(t("Correct answer"))
            Text("p", one.question, classes="lw-pre lw-strong")
            field = ui.textarea(t("Correct answer"), value=one.right or one.answer)
            field.props("outlined autogrow autofocus")

            async def save() -> None:
                if await self._take(one, str(field.value or "")):
                    dialog.close()

            with ui.element("div").classes("lw-actions"):
                ui.button(t("Cancel"), on_click=dialog.close).props("flat no-caps")
                ui.button(t("Save and accept"), on_click=save).props("unelevated no-caps")

    def _filter(self, event: events.ValueChangeEventArguments[Any]) -> None:
        self._is_waiting_only, self._here = bool(event.value), 0
        self._show()

    def _more(self) -> None:
        self._n_shown += PAGE
        self._show()


def _thumb_tone(thumb: str) -> Tone:
    return "good" if thumb == "up" else "bad"
