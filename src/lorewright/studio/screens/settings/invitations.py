"""Inviting people: a link for each, which makes one account and expires."""

from collections.abc import Callable
from typing import Any

from nicegui import ui

from lorewright.access import ROLES
from lorewright.access.groups import EVERYONE
from lorewright.access.invitations import Invitation
from lorewright.studio.i18n import t
from lorewright.studio.parts.copied import copy_button
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.moments import moment_text
from lorewright.studio.parts.person_names import person_name
from lorewright.studio.parts.role_names import role_name
from lorewright.studio.parts.table import Cell, icon_button, table
from lorewright.studio.parts.text import Text, h2, muted
from lorewright.studio.visit import Visit
from lorewright.workspace.accounts.invitations import invite, open_invitations, withdraw_invitation
from lorewright.workspace.accounts.users_and_groups import all_groups

Again = Callable[[], Any]
DAYS = (1, 7, 30)


async def show_invitations(visit: Visit) -> None:
    """Show the invitations that are open; make and withdraw them."""

    @ui.refreshable
    async def invitations() -> None:
        opened = await visit.attempt(lambda: open_invitations(visit.server, visit.caller)) or []
        description = t("A link with which somebody creates an account of their own, once.")
        with card(t("Invitations"), description):
            add = ui.button(t("Invite somebody"), icon="link").props("outline no-caps").classes("lw-start")
            add.on_click(lambda: _ask(visit, invitations.refresh))
            if opened:
                heads = (t("Name"), t("Role"), t("Invited by"), t("Expires"), t("Actions"))
                rows = [_row(visit, one, invitations.refresh) for one in opened]
                table(t("Invitations"), heads, rows)

    await invitations()


def _row(visit: Visit, one: Invitation, again: Again) -> list[Cell]:
    name = one.name or t("anybody with the link")

    async def withdraw() -> None:
        await visit.attempt(lambda: withdraw_invitation(visit.server, visit.caller, one.id))
        again()

    def actions() -> None:
        icon_button("delete", t("Withdraw the invitation of {name}", name=name), withdraw)

    return [name, role_name(one.role), person_name(one.by), moment_text(one.expires_at), actions]


async def _ask(visit: Visit, again: Again) -> None:
    """Ask who is invited as what; show the link once."""
    groups = await visit.attempt(lambda: all_groups(visit.server, visit.caller)) or []
    names = {group.id: group.name for group in groups if group.id != EVERYONE}
    with visit.client.content, ui.dialog(value=True).props("persistent") as dialog:
        dialog.on("hide", dialog.delete)
        with ui.card().classes("lw-dialog") as inside:
            h2(t("Invite somebody"))
            name = ui.input(t("Name (optional)")).props("outlined dense autofocus")
            role = ui.select({role: role_name(role) for role in ROLES}, value="reader", label=t("Role"))
            role.props("outlined dense")
            into = ui.select(names, label=t("Groups"), multiple=True, value=[]).props(
                "outlined dense use-chips"
            )
            into.set_visibility(bool(names))
            days = ui.select({n: t("{n} days", n=n) for n in DAYS}, value=7, label=t("Valid for"))
            days.props("outlined dense")

            def make() -> str:
                return invite(
                    visit.server, visit.caller, role=role.value, name=str(name.value or ""),
                    groups=into.value, days=days.value,
                )[1]  # fmt: skip

            async def go() -> None:
                token = await visit.attempt(make)
                if token:
                    inside.clear()
                    with inside:
                        _show_link(f"{visit.base_url}/studio/invitation#token={token}", dialog, again)

            with ui.element("div").classes("lw-actions"):
                ui.button(t("Cancel"), on_click=dialog.close).props("flat no-caps")
                ui.button(t("Create link"), on_click=go).props("unelevated no-caps")


def _show_link(link: str, dialog: ui.dialog, again: Again) -> None:
    h2(t("Send this link"))
    muted(t("It works once, and is not shown again. Send it by a way that only the guest reads."))
    Text("p", link, classes="lw-mono lw-secret").props('data-testid="invitation"')

    def done() -> None:
        dialog.close()
        again()

    with ui.element("div").classes("lw-actions"):
        copy_button(t("Copy link"), link)
        ui.button(t("Done"), on_click=done).props("unelevated no-caps")
