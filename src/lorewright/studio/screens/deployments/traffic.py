"""How the versions of a deployment do in use: canary against live, shadow against what was shown."""

from collections.abc import Callable, Mapping
from typing import Any

from nicegui import ui

from lorewright.deployments import Deployment
from lorewright.storage import Record
from lorewright.studio.i18n import t
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.moments import moment_text
from lorewright.studio.parts.table import Cell, table
from lorewright.studio.parts.text import h3, muted
from lorewright.studio.visit import Visit
from lorewright.workspace.answering.kept_answers import answer_id_of, list_answers
from lorewright.workspace.answering.traffic import traffic

MAX_LETTERS = 160


async def show_traffic(visit: Visit, deployment: Deployment) -> None:
    """Show what the kept answers say of each version, and the differences with their intervals."""
    results = await visit.attempt(lambda: traffic(visit.server, visit.caller, deployment.name))
    with card(t("Live results"), t("Calculated from the stored answers.")):
        if not results or not results["versions"]:
            muted(t("No requests yet."))
            return
        table(t("Results by version"), *_columns(results["versions"]))
        for what, title in (("canary", t("Canary vs. live")), ("shadow", t("Shadow vs. shown answers"))):
            if results[what]:
                h3(title)
                _differences(results[what]["differences"])


async def show_latest(visit: Visit, deployment: Deployment) -> None:
    """List the newest answers, each with a link to how it came about."""
    page = await visit.attempt(list_answers, visit.server, visit.caller, deployment=deployment.name)
    if page is None or not page.records:
        return

    def trace_link(answer: Record) -> Callable[[], object]:
        return lambda: ui.link(t("Trace"), f"/answers/{answer_id_of(answer)}")

    heads = (t("When"), t("Version"), t("Question"), t("Answer"), t("Trace"))
    rows: list[list[Cell]] = [
        [
            moment_text(answer.created_at),
            f"@{answer.label}",
            _asked(answer.body),
            str(answer.body.get("text") or "")[:MAX_LETTERS],
            trace_link(answer),
        ]
        for answer in page.records
    ]
    with card(t("Latest answers"), t("Only those that you may see.")):
        table(t("Latest answers"), heads, rows)


def _asked(body: Mapping[str, Any]) -> str:
    messages = body.get("messages") or []
    content = next((turn.get("content") for turn in reversed(messages) if turn.get("role") == "user"), "")
    return content[:MAX_LETTERS] if isinstance(content, str) else ""


def _columns(rows: list[Mapping[str, Any]]) -> tuple[list[str], list[list[str]]]:
    names = list(rows[0])
    return [name.replace("_", " ") for name in names], [
        [_value_text(row[name]) for name in names] for row in rows
    ]


def _differences(rows: list[Mapping[str, Any]]) -> None:
    if not rows:
        muted(t("Not enough answers yet."))
        return
    table(t("Differences"), *_columns(rows))


def _value_text(value: Any) -> str:
    if isinstance(value, Mapping) and "mean" in value:
        return f"{value['mean']:.3g} ({value['low']:.3g} to {value['high']:.3g}, n={value['n']})"
    if isinstance(value, float):
        return f"{value:.3g}"
    return "" if value is None else str(value)
