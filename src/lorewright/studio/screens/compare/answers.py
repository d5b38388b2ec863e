"""One question: its target, and what every arm answered, with citations, support, scores and sources."""

import re
from functools import partial

from nicegui import ui

from lorewright.amounts import seconds_text
from lorewright.evaluation import QuestionInAllArms, Row
from lorewright.studio.i18n import t
from lorewright.studio.parts.answer_trace import show_trace
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.cleanup import is_gone
from lorewright.studio.parts.empty import loading
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.visit import Visit
from lorewright.workspace.comparisons.evidence import find_evidence

_MOST_LETTERS = 20_000


def show_answers(visit: Visit, comparison_id: str, question: QuestionInAllArms, chosen: str) -> None:
    """Show the answers side by side, the recommended arm's first."""
    with ui.element("div").classes("lw-stack lw-tight"):
        with ui.element("div").classes("cmp-target"):
            if question.answerable:
                Text("p", t("Expected answer"), classes="lw-strong lw-small")
            else:
                Text(
                    "p",
                    t("No document answers this: the correct answer is a refusal"),
                    classes="lw-strong lw-small",
                )
            for target in question.targets[:3]:
                Text("p", target[:_MOST_LETTERS], classes="lw-pre")
        if len(question.question) > 220:
            Text("p", question.question[:_MOST_LETTERS], classes="lw-pre")
        with ui.element("div").classes("cmp-answers"):
            for arm, row in sorted(question.rows.items(), key=lambda pair: pair[0] != chosen):
                _answer(visit, comparison_id, arm, row, is_chosen=arm == chosen)


def _answer(visit: Visit, comparison_id: str, arm: str, row: Row, *, is_chosen: bool) -> None:
    with ui.element("article").classes("cmp-answer cmp-is-chosen" if is_chosen else "cmp-answer") as whole:
        whole.props["aria-label"] = t("Answer of {arm}", arm=arm)
        with ui.element("div").classes("cmp-answer-head"):
            Text("span", arm, classes="lw-strong")
            if row.is_right:
                badge(t("correct"), "good")
            else:
                badge(row.failure or t("wrong"), "bad")
        _show_answer_text(row)
        if row.unsupported:
            claims = ", ".join(row.unsupported)
            Text("p", t("Unsupported: {claims}", claims=claims), classes="lw-error lw-small")
        for cited in row.citations:
            where = cited.title or cited.document_id
            if cited.page is not None:
                where += ", " + t("page {n}", n=cited.page)
            with ui.element("p").classes("cmp-quote"):
                Text("b", where)
                Text("span", f": {cited.quote[:400]}")
        time = seconds_text(row.latency_ms / 1000)
        tokens = t("{time} · {n} tokens in, {m} out", time=time, n=row.prompt_tokens, m=row.completion_tokens)
        muted(tokens).classes("lw-small")
        _details(t("Scores"), lambda: _scores(row))
        _details(t("Trace of this answer"), partial(_trace, visit, comparison_id, arm, row))


def _show_answer_text(row: Row) -> None:
    """Show the answer's text; claims that nothing supports are underlined."""
    text = row.text[:_MOST_LETTERS]
    with ui.element("p").classes("cmp-said").props('tabindex="0"' if len(text) > 600 else ""):
        if not text:
            Text("span", t("(nothing)"), classes="lw-muted")
        for part, is_unsupported in _parts(text, row.unsupported):
            if is_unsupported:
                Text("mark", part, classes="cmp-unsupported").props(f'title="{t("Unsupported")}"')
            else:
                Text("span", part)
        if len(row.text) > _MOST_LETTERS:
            Text(
                "span", " " + t("… {n} more characters", n=len(row.text) - _MOST_LETTERS), classes="lw-muted"
            )


def _parts(text: str, claims: tuple[str, ...]) -> list[tuple[str, bool]]:
    """Cut a text where the claims stand in it; those written otherwise are told below it."""
    wanted = [re.escape(claim) for claim in sorted(claims, key=len, reverse=True) if claim.strip()]
    if not wanted:
        return [(text, False)] if text else []
    pieces = re.split(f"({'|'.join(wanted)})", text, flags=re.IGNORECASE)
    return [(piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece]


def _details(title: str, fill: object) -> None:
    """Show a part that is filled when it is first opened."""
    with ui.element("details").classes("cmp-detail") as details:
        Text("summary", title)
        place = ui.element("div").classes("lw-stack lw-tight")

    async def opened() -> None:
        if place.default_slot.children:
            return
        with place:
            assert callable(fill)
            content = fill()
            if content is not None:
                await content

    details.on("toggle", opened)


def _scores(row: Row) -> None:
    with ui.element("table").classes("lw-table"), ui.element("tbody"):
        for name, score in row.scores.items():
            with ui.element("tr"):
                Text("th", name.replace("_", " ")).props("scope=row")
                Text("td", f"{score:.2f}", classes="lw-number")


async def _trace(visit: Visit, comparison_id: str, arm: str, row: Row) -> None:
    wait = loading()
    evidence = await visit.attempt(
        lambda: find_evidence(visit.server.workspace, visit.caller, comparison_id, arm, row.question_id)
    )
    if is_gone(wait):
        return
    wait.delete()
    if evidence is None:
        muted(t("Only the answer was stored."))
        return
    show_trace(evidence.trace)
