"""The plan and the steps of a run: calls folded with what went in and came out, sub-agents as a tree."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from nicegui import ui

from lorewright.agents.journal import STEPS
from lorewright.amounts import seconds_text, usd_text
from lorewright.studio.i18n import t
from lorewright.studio.parts.answer_trace import show_answer, show_prompt, taken_text
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.table import icon_button
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.screens.agent.tool_words import tool_words

LEAST_USD = 0.0001
"""Less than this is not worth a word beside a step."""
Entry = Mapping[str, Any]
ReadEntry = Callable[[int], Awaitable[Entry | None]]


def show_plan(entries: Sequence[Entry], on_edit: Callable[[str], Awaitable[None]] | None) -> None:
    """Show the newest plan; `on_edit` takes a new one as lines, without it nothing can be edited."""
    plan = next((one for one in reversed(entries) if one["kind"] == "plan" and not one["agent"]), None)
    if plan is None:
        return
    icons = {
        "open": "radio_button_unchecked",
        "doing": "play_circle",
        "done": "check_circle",
        "dropped": "block",
    }
    names = {"open": t("open"), "doing": t("in progress"), "done": t("done"), "dropped": t("dropped")}
    with card(t("Plan")):
        with ui.element("ul").classes("lw-plain"):
            for item in plan["items"]:
                state = "done" if item["state"] == "open" and _was_done(item, entries) else item["state"]
                with ui.element("li").classes(f"agent-part agent-part-{state}"):
                    ui.icon(icons[state]).props('aria-hidden="true"')
                    Text("span", f"{names[state]}:", classes="lw-unseen")
                    Text("span", item["text"])
        if on_edit is None:
            return
        with ui.expansion(t("Edit the plan")).classes("lw-full"):
            lines = ui.textarea(
                t("One line for each part"), value="\n".join(i["text"] for i in plan["items"])
            )
            lines.props("outlined autogrow").classes("lw-full")
            ui.button(t("Save plan"), on_click=lambda: on_edit(str(lines.value or ""))).props(
                "outline no-caps"
            )


def _was_done(item: Mapping[str, Any], entries: Sequence[Entry]) -> bool:
    """Return whether a call did what a part of the plan says: fixed steps do not cross parts off."""
    return any(
        entry["kind"] == "call" and not entry.get("error") and (first := _first(entry))
        and str(item["text"]).endswith(first)
        for entry in entries
    )  # fmt: skip


def show_steps(
    entries: Sequence[Entry],
    on_rerun: Callable[[int], Awaitable[None]] | None,
    read: ReadEntry,
    *,
    is_going_on: bool = False,
) -> None:
    """Show what happened, in order; what sub-agents did stands below their task.

    `read` returns an entry with its prompt, for steps that somebody opens.
    """
    own = [entry for entry in entries if not entry["agent"]]
    if is_going_on:
        with ui.element("div").classes("lw-row lw-muted agent-working"):
            ui.spinner(size="16px")
            Text("span", t("Working …"))
    elif not any(entry["kind"] in ("call", "refused") for entry in own):
        muted(t("No steps yet."))
    for entry in own:
        if entry["kind"] in ("call", "refused") and entry["tool"] != "plan":  # it stands above
            _show_call(entry, on_rerun)
        elif entry["kind"] in STEPS:
            _show_asked(entry, read)
    for agent in dict.fromkeys(str(entry["agent"]) for entry in entries if entry["kind"] == "sub"):
        of_agent = [entry for entry in entries if entry["agent"] == agent]
        sub = next(entry for entry in of_agent if entry["kind"] == "sub")
        name = f"{agent} ({sub['name']})" if sub.get("name") else agent
        ended = next((entry for entry in of_agent if entry["kind"] == "sub_end"), None)
        with ui.expansion(t("Sub-agent {n}: {task}", n=name, task=str(sub["text"])[:120])).classes("lw-full"):
            for entry in of_agent:
                if entry["kind"] in ("call", "refused"):
                    _show_call(entry, None)
                elif entry["kind"] in STEPS:
                    _show_asked(entry, read)
            Text("p", str(ended["text"]) if ended else t("Running"), classes="lw-pre")


def _show_asked(entry: Entry, read: ReadEntry) -> None:
    """Show that a model was asked, and what that took; opened, what was sent and what it answered."""
    if not entry.get("model"):  # fixed steps ask none
        return
    with ui.expansion(f"{entry['model']} · {taken_text(entry)}").classes("lw-full") as expansion:
        place = ui.element("div").classes("lw-full")

    async def fill(is_open: bool) -> None:  # noqa: FBT001 - what the expansion tells
        if not is_open or place.default_slot.children:
            return
        whole = await read(int(entry["n"]))
        with place:
            if whole is None or whole["prompt"] is None:
                muted(t("The prompt of this step was not kept."))
                return
            if not whole["prompt"]["is_exact"]:
                muted(t("The prompt could not be put together exactly as it was sent."))
            show_prompt(whole["prompt"]["messages"], whole["prompt"]["tools"])
            show_answer(whole)

    expansion.on_value_change(lambda event: fill(bool(event.value)))


def _show_call(entry: Entry, on_rerun: Callable[[int], Awaitable[None]] | None) -> None:
    took = seconds_text(float(entry.get("ms", 0)) / 1000) if entry.get("ms") else ""
    failed = t("failed") if entry.get("error") else ""
    paid = usd_text(float(entry["usd"])) if float(entry.get("usd") or 0) >= LEAST_USD else ""
    words = tool_words(str(entry["tool"]))
    title = ": ".join(part for part in (words.did, _first(entry)) if part)
    caption = " · ".join(part for part in (took, paid, failed) if part)
    with ui.element("div").classes("lw-row lw-full agent-step"):
        with ui.expansion(title, caption=caption or None, icon=words.icon).classes("lw-grow"):
            Text("h3", t("Input"), classes="lw-h3")
            Text("pre", _as_text(entry.get("arguments", {})), classes="lw-mono lw-pre")
            Text("h3", t("Output"), classes="lw-h3")
            output = str(entry.get("error") or entry.get("output") or "")
            Text("pre", output[:20_000], classes="lw-mono lw-pre")
        if on_rerun is not None:
            n = int(entry["n"])
            icon_button("replay", t("Run again from step {n}", n=n), lambda: on_rerun(n))


def _first(entry: Entry) -> str:
    arguments = entry.get("arguments")
    if not isinstance(arguments, Mapping) or not arguments:
        return ""
    return " ".join(str(next(iter(arguments.values()))).split())[:80]


def _as_text(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)[:20_000]
