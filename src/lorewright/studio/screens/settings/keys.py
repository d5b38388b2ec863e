"""Keys: who may call the API, what for, how much and until when."""

import time
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from nicegui import ui

from lorewright.access import VERBS, Limits
from lorewright.access.roles import ALL, Rights
from lorewright.storage import Record
from lorewright.studio.i18n import t
from lorewright.studio.parts.dialogs import confirm
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.limits_form import LimitsForm
from lorewright.studio.parts.moments import ago_text, moment_text
from lorewright.studio.parts.table import Cell, icon_button, table
from lorewright.studio.parts.text import Text, h2, muted
from lorewright.studio.visit import Visit
from lorewright.workspace.accounts.keys import list_keys, make_key, revoke_key

Again = Callable[[], Any]


async def show_keys(visit: Visit) -> None:
    """Show the keys that the visitor may see; make and revoke them."""

    @ui.refreshable
    async def keys() -> None:
        all_records = await visit.attempt(lambda: list_keys(visit.server, visit.caller)) or []
        with card(
            t("API keys"), t("The secret of a key is shown only once. Revoking takes effect immediately.")
        ):
            add = ui.button(t("Create API key"), icon="key").props("unelevated no-caps").classes("lw-start")
            add.on_click(lambda: _make(visit, keys.refresh))
            heads = (t("Name"), t("Key"), t("Permissions"), t("Created"), t("Expires"), t("Actions"))
            table(t("API keys"), heads, [_row(visit, record, keys.refresh) for record in all_records])
        with card(t("Try it")):
            muted(t("Use any OpenAI client with this base URL and a key."))
            Text("pre", _snippet(visit.base_url), classes="lw-mono lw-pre lw-secret")

    await keys()


def _row(visit: Visit, record: Record, again: Again) -> list[Cell]:
    body = record.body

    async def revoke() -> None:
        description = t("Requests with {name} will be rejected.", name=body["name"])
        if await confirm(t("Revoke this key?"), description, t("Revoke"), is_harmful=True):
            await visit.attempt(lambda: revoke_key(visit.server, visit.caller, record.id))
            again()

    def actions() -> None:
        icon_button("delete", t("Revoke {name}", name=body["name"]), revoke)

    everything = body["is_admin"] or "*" in body["verbs"]
    may = t("all") if everything else ", ".join(body["verbs"])
    until = moment_text(body["expires_at"]) if body["expires_at"] else t("never")
    redacted = str(body.get("redacted") or "")
    return [body["name"], redacted, may, ago_text(record.created_at), until, actions]


def _make(visit: Visit, again: Again) -> None:
    with ui.dialog(value=True).props("persistent") as dialog, ui.card().classes("lw-dialog") as inside:
        h2(t("Create API key"))
        name = ui.input(t("Name")).props("outlined dense autofocus")
        admin = ui.switch(t("All permissions (administrator)"))
        admin.set_visibility(visit.may("admin"))
        verbs = ui.select(list(VERBS), label=t("Permissions (none selected: all)"), multiple=True, value=[])
        verbs.props("outlined dense use-chips").bind_visibility_from(admin, "value", value=False)
        until = ui.input(t("Expires (leave empty for no expiry)")).props(
            "outlined dense type=date stack-label"
        )
        limits = LimitsForm(Limits())

        def made() -> str:
            rights = Rights(is_admin=True) if admin.value else Rights(verbs=tuple(verbs.value) or ALL)
            return make_key(
                visit.server, visit.caller, name=name.value or t("unnamed"), user=None, rights=rights,
                limits=limits.value(), expires_at=_end_of(until.value),
            )[1]  # fmt: skip

        async def go() -> None:
            secret = await visit.attempt(made)
            if secret:
                inside.clear()
                with inside:
                    _show_secret(secret, dialog, again)

        with ui.element("div").classes("lw-actions"):
            ui.button(t("Cancel"), on_click=dialog.close).props("flat no-caps")
            ui.button(t("Create"), on_click=go).props("unelevated no-caps")


def _show_secret(secret: str, dialog: ui.dialog, again: Again) -> None:
    h2(t("Copy your key now. It is not shown again."))
    Text("p", secret, classes="lw-mono lw-secret").props('data-testid="secret"')
    with ui.element("div").classes("lw-actions"):
        ui.button(t("Copy"), icon="content_copy", on_click=lambda: ui.clipboard.write(secret)).props(
            "outline no-caps"
        )

        def done() -> None:
            dialog.close()
            again()

        ui.button(t("Done"), on_click=done).props("unelevated no-caps")


def _end_of(day: str) -> float | None:
    """Return the last moment of a day (Unix seconds), `None` for no day."""
    if not day:
        return None
    return datetime.combine(date.fromisoformat(day), datetime.max.time()).timestamp() or time.time()


def _snippet(base_url: str) -> str:
    return (
        "from openai import OpenAI\n\n"
        f'client = OpenAI(base_url="{base_url}/v1", api_key="lw-...")\n'
        "print(client.models.list())"
    )
