"""One answer by its id: what was asked and said, and how it came about node by node."""

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from lorewright.amounts import seconds_text
from lorewright.errors import NotFound
from lorewright.storage import Record
from lorewright.studio.i18n import t
from lorewright.studio.parts.answer_trace import show_trace
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.moments import moment_text
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.visit import Visit
from lorewright.workspace.answering.asked import last_question
from lorewright.workspace.answering.kept_answers import find_answer
from lorewright.workspace.answering.traces import find_trace


async def show(visit: Visit, answer_id: str) -> None:
    """Show an answer that was given in a chat or through the API, with its trace."""
    answer = await visit.attempt(_answer, visit, answer_id)
    if answer is None:
        description = t("Old answers are deleted once the limit is reached.")
        empty("search_off", t("Answer not found"), description, action=t("Home"), on_click=_to_home)
        return
    body = answer.body
    seconds = seconds_text(float(body["latency_ms"]) / 1000)
    facts = " · ".join([str(body["model"]), moment_text(answer.created_at), seconds])
    with heading(t("Trace of an answer"), facts):
        muted(answer_id).classes("lw-mono lw-small")
    with card(t("Question and answer")):
        _words(body)
    with card(t("How it came about")):
        trace = await visit.attempt(_trace, visit, answer_id)
        if isinstance(trace, dict):
            show_trace(trace, claims=body.get("unsupported", ()))
        elif trace:
            muted(trace)


def _answer(visit: Visit, answer_id: str) -> Record | None:
    """Return the answer, `None` where there is none: the page says so by itself."""
    try:
        return find_answer(visit.server, visit.caller, answer_id)
    except NotFound:
        return None


def _trace(visit: Visit, answer_id: str) -> dict[str, Any] | str:
    """Return the trace, or why there is none."""
    try:
        return find_trace(visit.server, visit.caller, answer_id)
    except NotFound as error:
        return f"{error} {error.hint}"


def _words(body: Mapping[str, Any]) -> None:
    """Show the last question and the answer, as far as words were kept."""
    if body.get("refused"):
        badge(t("refused"), "warn")
    asked = last_question(body.get("messages") or ())
    if not asked and not body.get("text"):
        muted(t("Only figures were stored of this answer, not its words."))
        return
    if asked:
        Text("p", asked, classes="lw-pre lw-strong")
    Text("p", str(body.get("text") or ""), classes="lw-pre")


def _to_home() -> None:
    ui.navigate.to("/")
