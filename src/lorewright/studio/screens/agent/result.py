"""What a run found: the answer with its sources, and what no source supports."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from nicegui import ui

from lorewright.studio.answer_text import AnswerText, Cite
from lorewright.studio.i18n import t
from lorewright.studio.parts.text import Text, h3, muted

N_QUOTED = 200


def show_result(outcome: Mapping[str, Any]) -> None:
    """Show the answer of a run, why it ended as it did, and where each part stands."""
    if outcome.get("reason"):
        muted(str(outcome["reason"]))
    citations: Sequence[Mapping[str, Any]] = outcome.get("citations", ())
    if text := str(outcome.get("text", "")):
        places = {int(one["number"]): _address(one) for one in citations}
        AnswerText(
            text,
            citations=[
                Cite(number=int(one["number"]), position=int(one["position"]), title=str(one["document_id"]))
                for one in citations
            ],
            on_cite=lambda number: ui.navigate.to(places[number]) if places.get(number) else None,
        ).classes("lw-full")
    if citations:
        h3(t("Sources"))
        with ui.element("ul").classes("lw-plain agent-sources"):
            for number in dict.fromkeys(int(one["number"]) for one in citations):
                _show_source(next(one for one in citations if int(one["number"]) == number))
    if outcome.get("unsupported"):
        names = ", ".join(outcome["unsupported"])
        Text("p", t("Not supported by any passage: {names}", names=names), classes="lw-error")


def _show_source(citation: Mapping[str, Any]) -> None:
    with ui.element("li"):
        name, address = f"[{citation['number']}] {citation['document_id']}", _address(citation)
        if address:
            ui.link(name, address)
        else:
            Text("span", name, classes="lw-strong")
        quoted = " ".join(str(citation["quote"]).split())
        if quoted.startswith("|"):  # a row of a table
            quoted = " · ".join(cell.strip() for cell in quoted.strip("| ").split("|"))
        Text("span", f" {quoted[:N_QUOTED]}", classes="lw-muted")


def _address(citation: Mapping[str, Any]) -> str:
    """Return where a source can be read; '' for what a tool said."""
    if str(citation["document_id"]).startswith("tool:"):
        return ""
    query = f"document={quote(str(citation['document_id']), safe='')}"
    return f"/documents/view?{query}&start={citation['start']}&end={citation['end']}"
