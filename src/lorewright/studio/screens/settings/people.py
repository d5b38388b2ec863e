"""People: who may log in, as what, and how much they may use."""

from collections.abc import Callable
from typing import Any

from nicegui import ui

from lorewright.access import ROLES, Limits
from lorewright.access.users import User
from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.dialogs import confirm
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.limits_form import LimitsForm
from lorewright.studio.parts.moments import ago_text
from lorewright.studio.parts.role_names import role_name
from lorewright.studio.parts.table import Cell, icon_button, row_actions, table
from lorewright.studio.parts.text import h2
from lorewright.studio.screens.settings.invitations import show_invitations
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.accounts.users_and_groups import add_user, all_users, change_user, remove_user

Again = Callable[[], Any]


async def show_people(visit: Visit) -> None:
    """Show every user; make, change and remove them."""

    @ui.refreshable
    async def people() -> None:
        users = await visit.attempt(lambda: all_users(visit.server, visit.caller)) or []
        with card(
            t("Users"),
            t(
                "Administrators can do everything, editors everything except manage accounts, readers "
                "only chat and read."
            ),
        ):
            add = ui.button(t("Add user"), icon="person_add").props("unelevated no-caps")
            add.classes("lw-start").on_click(lambda: _edit(visit, None, people.refresh))
            heads = (t("Name"), t("Role"), t("State"), t("Created"), t("Actions"))
            table(t("Users"), heads, [_row(visit, user, people.refresh) for user in users])

    await people()
    await show_invitations(visit)


def _row(visit: Visit, user: User, again: Again) -> list[Cell]:
    def state() -> None:
        if not user.is_active:
            badge(t("inactive"), "warn")
        elif user.password_hash:
            badge(t("can log in"), "good")
        else:
            badge(t("keys only"), "plain")

    async def remove() -> None:
        description = t(
            "All keys and sessions of {name} are revoked immediately. What they created is kept.",
            name=user.name,
        )
        if await confirm(t("Remove this user?"), description, t("Remove"), is_harmful=True):
            await visit.attempt(lambda: remove_user(visit.server, visit.caller, user.id))
            again()

    def actions() -> None:
        with row_actions():
            change = t("Edit {name}", name=user.name)
            icon_button("edit", change, lambda: _edit(visit, user, again))
            icon_button("delete", t("Remove {name}", name=user.name), remove)

    return [user.name, role_name(user.role), state, ago_text(user.created_at), actions]


def _edit(visit: Visit, user: User | None, again: Again) -> None:
    """Ask for the values of a new user, or of one that is there."""
    with ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog"):
        h2(t("Edit {name}", name=user.name) if user else t("Add user"))
        name = ui.input(t("Name"), value=user.name if user else "").props("outlined dense autofocus")
        roles = {role: role_name(role) for role in ROLES}
        role = ui.select(roles, value=user.role if user else "reader", label=t("Role"))
        role.props("outlined dense")
        password = ui.input(t("New password") if user else t("Password"), password=True)
        password.props(
            f'outlined dense autocomplete=new-password hint="{t("Leave empty for none, or to keep it")}"'
        )
        limits = LimitsForm(user.limits if user else Limits())
        active = ui.switch(t("Active (can log in and use keys)"), value=user.is_active if user else True)
        active.set_visibility(user is not None)

        def save() -> bool:
            server, caller = visit.server, visit.caller
            if user is None:
                add_user(
                    server, caller, name=name.value, role=role.value, password=password.value,
                    limits=limits.value(),
                )  # fmt: skip
                return True
            changes: dict[str, Any] = {"role": role.value, "limits": limits.value()}
            changes |= {"name": name.value} if name.value != user.name else {}
            changes |= {"is_active": active.value} if active.value != user.is_active else {}
            changes |= {"password": password.value} if password.value else {}
            change_user(server, caller, user.id, changes)
            return True

        async def go() -> None:
            if await visit.attempt(save):
                dialog.close()
                tell(t("Saved."))
                again()

        with ui.element("div").classes("lw-actions"):
            ui.button(t("Cancel"), on_click=dialog.close).props("flat no-caps")
            ui.button(t("Save"), on_click=go).props("unelevated no-caps")
