"""The place to drop files and folders on: each is uploaded with its progress, then all are indexed."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import events, ui

from lorewright.studio.address import look
from lorewright.studio.i18n import t
from lorewright.studio.parts.text import Text
from lorewright.studio.visit import Visit

Uploaded = Callable[[list[str]], Awaitable[None]]


class DropPlace:
    """The place on the page; what is dropped goes into its folder of the documents."""

    def __init__(self, zone: ui.element, status: Text) -> None:
        self._zone, self._status = zone, status

    def into(self, folder: str) -> None:
        """Let what is dropped from now on go into a folder ('' for the top)."""
        self._status.set_text(t("into {folder}", folder=folder) if folder else "")
        ui.run_javascript(
            f"document.getElementById({json.dumps(self._zone.html_id)})"
            f"?.dispatchEvent(new CustomEvent('lw-folder', {{detail: {json.dumps(folder)}}}))"
        )


def drop_files(visit: Visit, on_uploaded: Uploaded) -> DropPlace:
    """Show the place; `on_uploaded` is called with the ids of what was uploaded together."""
    with ui.element("section").classes("doc-drop").props(f'aria-label="{t("Add documents")}"') as zone:
        with ui.element("div").classes("doc-drop-head"):
            ui.icon("upload_file").props('aria-hidden="true"')
            with ui.element("div").classes("lw-grow"):
                with ui.element("div").classes("lw-row"):
                    Text("span", t("Drop files or folders anywhere on this page"), classes="lw-strong")
                    into = Text("span", "", classes="lw-muted")
                Text(
                    "span",
                    t("Text, Markdown, PDF, Office files, HTML and tables. Files stay on this machine."),
                    classes="lw-muted lw-small",
                )
            _pick("files", t("Choose files"), "multiple")
            _pick("folder", t("Choose a folder"), "multiple webkitdirectory")
        _uploads()
    zone.on(
        "uploaded",
        lambda event: _hand_on(event, on_uploaded),
        js_handler="(event) => emit(event.detail)",
    )
    given = f"{json.dumps(zone.html_id)}, {json.dumps(_options(visit))}"
    ui.run_javascript(f"import({json.dumps(look('documents.js'))}).then((it) => it.attach({given}))")
    return DropPlace(zone, into)


async def _hand_on(event: events.GenericEventArguments, on_uploaded: Uploaded) -> None:
    ids = event.args if isinstance(event.args, list) else []
    await on_uploaded([str(one) for one in ids])


def _pick(kind: str, label: str, how: str) -> None:
    Text("button", label, classes="doc-pick").props(f'type=button data-picks="{kind}"')
    ui.element("input").props(f'type=file {how} data-kind="{kind}" aria-label="{label}" hidden')


def _uploads() -> None:
    """Show where the script draws what is on its way."""
    with ui.element("div").classes("doc-uploads").props("hidden"):
        with ui.element("div").classes("doc-uploads-head"):
            ui.element("span").classes("lw-grow lw-small").props('role="status"')
            Text("button", t("Replace all"), classes="lw-chip").props("type=button hidden")
            Text("button", t("Clear list"), classes="lw-chip").props("type=button hidden")
        ui.element("ul").props(f'aria-label="{t("Uploads")}" tabindex="0"')


def _options(visit: Visit) -> dict[str, Any]:
    limit = visit.server.workspace.settings.serve.max_upload_mb
    return {
        "limit": int(limit * 1e6),
        "folder": "",
        "words": {
            "tooLarge": t("{size} exceeds the limit of {limit} MB per file.").replace(
                "{limit}", f"{limit:g}"
            ),
            "waiting": t("waiting"),
            "done": t("uploaded"),
            "there": t("A document with this name already exists."),
            "replace": t("Replace"),
            "again": t("connection lost, retrying"),
            "lost": t("The connection was lost. Upload it again."),
            "failed": t("The upload failed on the server."),
            "summary": t("{done} of {all} uploaded, {left} in progress, {failed} rejected"),
        },
    }
