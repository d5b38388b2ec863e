"""A question of a test saved for good, with its right answer and the document that holds it."""

from nicegui import ui

from lorewright.documents import Chunk
from lorewright.evaluation import Question
from lorewright.studio.i18n import t
from lorewright.studio.parts.cleanup import discard
from lorewright.studio.parts.text import Text, h2, muted
from lorewright.studio.visit import Visit
from lorewright.workspace.dataset.judged_questions import add_question

_N_PROPOSED = 300


async def save_question(visit: Visit, query: str, chunk: Chunk) -> Question | None:
    """Ask what the right answer is; return the saved question, or `None` where nobody wants it."""
    with visit.client.content, ui.dialog() as dialog, ui.card().classes("lw-dialog"):
        h2(t("Save this question"))
        muted(t("It becomes a held-out question: used for measuring, never for training."))
        question = ui.input(t("Question"), value=query).props("outlined dense")
        lines = (line for line in chunk.text.splitlines() if not line.startswith("#"))
        proposed = " ".join(" ".join(lines).split())[:_N_PROPOSED]
        answer = ui.textarea(t("Correct answer, as short as possible"), value=proposed)
        answer.props("outlined autogrow")
        Text("p", t("Relevant document: {name}", name=chunk.document_id), classes="lw-pre")
        with ui.element("div").classes("lw-actions"):
            ui.button(t("Cancel"), on_click=lambda: dialog.submit("")).props("flat no-caps")
            ui.button(t("Save"), on_click=lambda: dialog.submit("yes")).props("unelevated no-caps")
        dialog.open()
    is_wanted = await dialog
    texts = str(question.value or ""), str(answer.value or "")
    discard(dialog)
    if not is_wanted:
        return None
    return await visit.attempt(lambda: add_question(visit.server, visit.caller, *texts, [chunk.document_id]))
