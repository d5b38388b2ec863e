"""Flows: the ways from a question to an answer, as templates to begin from and as flows of one's own."""

import json
from collections.abc import Collection
from typing import Any

from nicegui import events, ui

from lorewright.errors import InvalidFlow
from lorewright.flows import flow_from_json, flow_to_json
from lorewright.json_text import read_json
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.dialogs import ask_text, confirm
from lorewright.studio.parts.drop import drop_zone
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.moments import ago_text
from lorewright.studio.parts.person_names import person_name
from lorewright.studio.parts.table import icon_button
from lorewright.studio.parts.text import Text, h2, muted
from lorewright.studio.parts.uploader import Uploader
from lorewright.studio.visit import Visit
from lorewright.workspace.flows.catalogue import all_arms, all_own_flows, remove_flow
from lorewright.workspace.flows.drafts import FlowDraft, forget_draft, list_drafts, new_draft, open_draft

MAX_BYTES = 4_000_000


async def show(visit: Visit) -> None:
    """Show one's own flows, and the arms as templates."""
    description = t("Draw a flow, try it and measure it: the same flows are compared, deployed and served.")
    with heading(t("Flows"), description):
        if visit.may("deploy"):
            _import_button(visit)
            empty_one = {"name": "flow", "nodes": [_node("question"), _node("answer")], "edges": []}
            begin = _beginning(visit, empty_one, "my-flow")
            ui.button(t("New flow"), icon="add", on_click=begin).props("unelevated no-caps")
    await _own(visit)
    await _templates(visit)


async def _own(visit: Visit) -> None:
    def load_flows() -> tuple[list[FlowDraft], Collection[str]]:
        saved = all_own_flows(visit.server.workspace, visit.caller)
        for name in saved:
            open_draft(visit.server, visit.caller, name)
        return list_drafts(visit.server, visit.caller), saved

    drafts, saved = await visit.attempt(load_flows) or ([], ())
    h2(t("Your flows"))
    if not drafts:
        empty("account_tree", t("No custom flows yet"), t("Use a template below, or import a flow."))
        return
    with ui.element("div").classes("lw-grid"):
        for draft in drafts:
            with card():
                with ui.element("div").classes("lw-row"):
                    ui.link(draft.name, f"/flows/edit?name={draft.name}").classes("lw-strong lw-grow")
                    if visit.may("deploy"):
                        remove = _removing(visit, draft.name)
                        icon_button("delete", t("Remove {name}", name=draft.name), remove)
                n_nodes = len(draft.flow["nodes"])
                facts = [
                    tn("{n} node", "{n} nodes", n_nodes),
                    t("{who}, {ago}", who=person_name(draft.by), ago=ago_text(draft.at)),
                ]
                if draft.name not in saved:
                    facts.append(t("draft, not saved yet"))
                muted(" · ".join(facts))


async def _templates(visit: Visit) -> None:
    arms = await visit.attempt(lambda: all_arms(visit.server.workspace, visit.caller))
    descriptions = {
        "base": t("The base model alone."),
        "quote": t("The documents' own sentences, without a model."),
        "nearest": t("The answer of the most similar example."),
        "few-shot": t("The model with examples in its prompt."),
        "rag": t("Retrieve, then answer with citations."),
        "rag-few-shot": t("Retrieve, with examples in the prompt."),
        "tuned": t("A model tuned on your examples."),
        "naive-hybrid": t("Retrieval for a model that was tuned without it."),
        "hybrid": t("Retrieval for a model that was tuned with it."),
    }
    h2(t("Templates"))
    with ui.element("div").classes("lw-grid"):
        for name, flow in (arms or {}).items():
            with card():
                Text("h3", name, classes="lw-h3")
                if any(node.kind == "classify" for node in flow.nodes):
                    muted(t("A classifier trained on the labels of your examples."))
                else:
                    muted(descriptions.get(name, ""))
                with ui.element("div").classes("lw-actions"):
                    ui.link(t("View"), f"/flows/edit?arm={name}").classes("lw-button")
                    if visit.may("deploy"):
                        begin = _beginning(visit, flow_to_json(flow), f"my-{name}")
                        use = ui.button(t("Use as template"), on_click=begin).props("outline no-caps")
                        use.props(f'aria-label="{t("Use {name} as template", name=name)}"')


def _node(kind: str) -> dict[str, Any]:
    return {"id": kind, "kind": kind, "params": {}}


def _beginning(visit: Visit, flow: dict[str, Any], name: str) -> Any:
    async def begin() -> None:
        draft = await visit.attempt(lambda: new_draft(visit.server, visit.caller, flow, name=name))
        if draft:
            ui.navigate.to(f"/flows/edit?name={draft.name}")

    return begin


def _removing(visit: Visit, name: str) -> Any:
    async def remove() -> None:
        description = t(
            "Its draft and versions are deleted. Deployments keep the flow they were created with."
        )
        if not await confirm(t("Remove {name}?", name=name), description, t("Remove"), is_harmful=True):
            return

        def gone() -> bool:
            if name in all_own_flows(visit.server.workspace, visit.caller):
                remove_flow(visit.server.workspace, visit.caller, name)
            forget_draft(visit.server, visit.caller, name)
            return True

        if await visit.attempt(gone):
            ui.navigate.reload()

    return remove


def _import_button(visit: Visit) -> None:
    async def take(event: events.UploadEventArguments) -> None:
        text = await event.file.text()
        with visit.errors_shown():
            flow = read_flow_file(text)
            await _beginning(visit, flow, str(flow["name"]))()

    with ui.dialog() as dialog, ui.card().classes("lw-dialog"):
        h2(t("Import a flow"))
        muted(t("A JSON file exported from Lorewright."))
        uploader = Uploader(max_file_size=MAX_BYTES, on_upload=take)
        uploader.props(f'flat bordered accept=.json aria-label="{t("Flow file")}"').classes("lw-drop")
        uploader.add_slot("header", drop_zone(t("Drop a file here"), t("Choose a file")))
        with ui.element("div").classes("lw-actions"):
            ui.button(t("Close"), on_click=dialog.close).props("flat no-caps")
    ui.button(t("Import"), icon="upload_file", on_click=dialog.open).props("outline no-caps")


def read_flow_file(text: str) -> dict[str, Any]:
    """Return the flow in a file as JSON; raise `InvalidFlow` for what is none."""
    try:
        values = read_json(text)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InvalidFlow(
            t("The file is not valid JSON: {error}.", error=error),
            hint=t("Choose a file that was exported from Lorewright."),
        ) from error
    values = values.get("flow", values) if isinstance(values, dict) else values
    return flow_to_json(flow_from_json(values))


async def rename_copy(visit: Visit, flow: dict[str, Any], name: str) -> None:
    """Ask for a name and begin a new flow with what a flow is now."""
    chosen = await ask_text(t("Copy flow"), t("Name"), f"{name}-copy", yes=t("Copy"))
    if chosen:
        await _beginning(visit, flow, chosen)()
