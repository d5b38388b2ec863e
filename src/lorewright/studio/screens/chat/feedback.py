"""What a visitor thinks of an answer: thumbs, and corrections that become examples or questions."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nicegui import ui

from lorewright.storage import Record
from lorewright.studio.i18n import t
from lorewright.studio.parts.text import h2, muted
from lorewright.studio.visit import tell
from lorewright.workspace.answering.feedback import Opinion, Thumb
from lorewright.workspace.chats.judging import judge_answer
from lorewright.workspace.chats.turns import Turn

if TYPE_CHECKING:
    from lorewright.studio.screens.chat.contract import ChatPage


Thumbs = Mapping[Thumb, ui.button]


def show_thumb(given: Thumb | None, thumbs: Thumbs) -> None:
    """Show which thumb an answer has."""
    for thumb, button in thumbs.items():
        is_on = thumb == given
        button.classes(add="is-on" if is_on else "", remove="" if is_on else "is-on")
        button.props(f'aria-pressed="{str(is_on).lower()}"')


async def judge(page: "ChatPage", turn: Turn, place: int, thumb: Thumb, thumbs: Thumbs) -> None:
    """Give an answer a thumb, and show which one it has."""
    if await _give(page, turn, place, Opinion(thumb=thumb)):
        show_thumb(thumb, thumbs)
        tell(t("Thank you for your feedback."))


def ask_correction(page: "ChatPage", turn: Turn, place: int, thumbs: Thumbs) -> None:
    """Ask what should have been answered; that becomes an example or a held-out question."""
    with page.visit.client.content, ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog"):
        dialog.on("hide", dialog.delete)
        h2(t("Correct this answer"))
        muted(t("Your correction becomes either a training example or a held-out question, never both."))
        field = ui.textarea(t("Correct answer"), value=str(turn.answers[place]["text"])).props(
            "outlined autogrow autofocus"
        )
        comment = ui.input(t("Comment (optional)")).props("outlined dense")

        async def send() -> None:
            opinion = Opinion(
                thumb="down", correction=str(field.value or ""), comment=str(comment.value or "")
            )
            given = await _give(page, turn, place, opinion)
            if given:
                dialog.close()
                show_thumb("down", thumbs)
                side = given.body.get("side")
                where = {"examples": t("an example"), "questions": t("a held-out question")}.get(str(side))
                tell(
                    t("Saved as {what}.", what=where)
                    if where
                    else t("Saved. It will be used once it has been accepted.")
                )

        with ui.element("div").classes("lw-actions"):
            ui.button(t("Cancel"), on_click=dialog.close).props("flat no-caps")
            ui.button(t("Save"), on_click=send).props("unelevated no-caps")


async def _give(page: "ChatPage", turn: Turn, place: int, opinion: Opinion) -> Record | None:
    visit = page.visit
    return await visit.attempt(lambda: judge_answer(visit.server, visit.caller, turn.id, place, opinion))
