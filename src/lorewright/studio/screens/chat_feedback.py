"""What a visitor thinks of an answer: thumbs, and corrections that become examples or questions."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from nicegui import ui

from lorewright.storage import Record
from lorewright.studio.parts.text import h2, muted
from lorewright.studio.visit import tell
from lorewright.studio.words import t
from lorewright.workspace.feedback import Opinion, give_feedback

if TYPE_CHECKING:
    from lorewright.studio.screens.chat_parts import ChatPage


async def judge(
    page: "ChatPage", answer: Mapping[str, Any], thumb: Literal["up", "down"], on: ui.button, off: ui.button
) -> None:
    """Give an answer a thumb, and show which one it has."""
    if await _give(page, answer, Opinion(thumb=thumb)):
        on.classes("is-on").props('aria-pressed="true"')
        off.classes(remove="is-on").props('aria-pressed="false"')
        tell(t("Thank you. It counts for this model."))


def ask_correction(page: "ChatPage", answer: Mapping[str, Any]) -> None:
    """Ask what should have been answered; that becomes an example or a held-out question."""
    with page.visit.client.content, ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog"):
        dialog.on("hide", dialog.delete)
        h2(t("What should it have said?"))
        muted(t("Your words become an example to tune on, or a held-out question: never both."))
        field = ui.textarea(t("The right answer"), value=str(answer["text"])).props(
            "outlined autogrow autofocus"
        )
        comment = ui.input(t("Why? (may stay empty)")).props("outlined dense")

        async def send() -> None:
            opinion = Opinion(
                thumb="down", correction=str(field.value or ""), comment=str(comment.value or "")
            )
            given = await _give(page, answer, opinion)
            if given:
                dialog.close()
                side = given.body.get("side")
                where = {"examples": t("an example"), "questions": t("a held-out question")}.get(str(side))
                tell(t("It became {what}.", what=where) if where else t("It waits to be accepted."))

        with ui.element("div").classes("lw-actions"):
            ui.button(t("Cancel"), on_click=dialog.close).props("flat no-caps")
            ui.button(t("Save"), on_click=send).props("unelevated no-caps")


async def _give(page: "ChatPage", answer: Mapping[str, Any], opinion: Opinion) -> Record | None:
    visit = page.visit
    return await visit.attempt(lambda: give_feedback(visit.home, visit.caller, str(answer["id"]), opinion))
