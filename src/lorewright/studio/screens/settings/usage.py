"""Usage and cost: requests, tokens and money by day, model and key."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from nicegui import ui

from lorewright.amounts import usd_text
from lorewright.studio.i18n import t
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.export import chart_buttons
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.table import table
from lorewright.studio.parts.text import Text
from lorewright.studio.visit import Visit
from lorewright.workspace.accounts.usage import names_by_id, total, used

SPANS = (7, 30, 90)
_QUIET = {"color": "#7d7d8c"}


async def show_usage(visit: Visit) -> None:
    """Show what was used lately: the visitor's own, an administrator's everybody's."""
    chosen = {"days": 30}

    @ui.refreshable
    async def usage() -> None:
        end = datetime.now(UTC).date()
        start = end - timedelta(days=chosen["days"] - 1)
        rows = await visit.attempt(
            lambda: used(visit.server, visit.caller, start=start, end=end, by=("day", "key", "model"))
        )
        if not rows:
            empty(
                "bar_chart", t("No usage yet"), t("Only answers that a model writes are counted."),
                action=t("Ask a question"), on_click=lambda: ui.navigate.to("/chat"),
            )  # fmt: skip
            return
        _figures(total(rows))
        days = [(start + timedelta(days=n)).isoformat() for n in range(chosen["days"])]
        with card(t("Tokens per day")):
            _chart(days, rows)
        _sums(visit, rows)

    def choose(days: int) -> None:
        chosen["days"] = days
        usage.refresh()

    options = {days: t("{n} days", n=days) for days in SPANS}
    ui.toggle(options, value=30, on_change=lambda event: choose(event.value)).props("no-caps unelevated")
    await usage()


def _figures(sums: dict[str, Any]) -> None:
    with ui.element("div").classes("lw-counts"):
        for value, name in (
            (f"{sums['n_requests']:,}", t("answers")),
            (f"{sums['prompt_tokens']:,}", t("input tokens")),
            (f"{sums['completion_tokens']:,}", t("output tokens")),
            (usd_text(sums["cost_usd"]), t("cost")),
        ):
            with ui.element("div").classes("lw-card lw-count"):
                Text("span", value, classes="lw-figure-value")
                Text("span", name, classes="lw-muted")


def _chart(days: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    """Show a bar for each day; the table below says the same in numbers."""
    by_day = dict.fromkeys(days, 0)
    for row in rows:
        by_day[row["day"]] = by_day.get(row["day"], 0) + row["prompt_tokens"] + row["completion_tokens"]
    place = ui.element("div").classes("lw-full")
    with place:
        _bars(days, by_day)
    chart_buttons("usage", place, kinds=("png",))


def _bars(days: Sequence[str], by_day: Mapping[str, int]) -> None:
    ui.echart({
        "grid": {"left": 60, "right": 10, "top": 10, "bottom": 30},
        "xAxis": {"type": "category", "data": [day[5:] for day in days], "axisLabel": _QUIET},
        "yAxis": {"type": "value", "axisLabel": _QUIET, "splitLine": {"lineStyle": {"opacity": 0.25}}},
        "tooltip": {"trigger": "axis"},
        "series": [{"type": "bar", "data": [by_day[day] for day in days], "itemStyle": {"color": "#6366f1"}}],
    }).classes("lw-bar-chart").props('aria-hidden="true"')  # fmt: skip


def _sums(visit: Visit, rows: Sequence[dict[str, Any]]) -> None:
    names = names_by_id(visit.server, visit.caller)
    heads = (t("Answers"), t("Input tokens"), t("Output tokens"), t("Cost"))
    for group, title in (("model", t("By model")), ("key", t("By key")), ("day", t("By day"))):
        sums: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            sums.setdefault(str(row[group]), []).append(row)
        with card(title):
            table(title, (title, *heads), [_line(names.get(name, name), sums[name]) for name in sums])


def _line(name: str, rows: Sequence[dict[str, Any]]) -> list[str | int]:
    sums = total(rows)
    counted = [int(sums[what]) for what in ("n_requests", "prompt_tokens", "completion_tokens")]
    return [name, *counted, usd_text(sums["cost_usd"])]
