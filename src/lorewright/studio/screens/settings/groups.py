"""Groups: who shares which models and collections."""

from collections.abc import Callable
from typing import Any

from nicegui import ui

from lorewright.access.groups import EVERYONE, Group
from lorewright.studio.i18n import t
from lorewright.studio.parts.dialogs import confirm
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.table import Cell, icon_button, row_actions, table
from lorewright.studio.parts.text import h2, muted
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.accounts.users_and_groups import (
    add_group,
    all_groups,
    all_users,
    change_group,
    remove_group,
)
from lorewright.workspace.answering.served_models import list_served
from lorewright.workspace.collections.stores import DOMAIN, all_stores
from lorewright.workspace.documents.restrictions import list_restrictions

Again = Callable[[], Any]


async def show_groups(visit: Visit) -> None:
    """Show every group; make, change and remove them."""

    @ui.refreshable
    async def groups() -> None:
        all_records = await visit.attempt(lambda: all_groups(visit.server, visit.caller)) or []
        description = t(
            "Users have access to the models and collections of their groups, and to what they created."
        )
        with card(t("Groups"), description):
            add = ui.button(t("Add group"), icon="group_add").props("unelevated no-caps")
            add.classes("lw-start").on_click(lambda: _edit(visit, None, groups.refresh))
            heads = (t("Name"), t("Users"), t("Models"), t("Collections"), t("Actions"))
            table(t("Groups"), heads, [_row(visit, group, groups.refresh) for group in all_records])

    await groups()


def _row(visit: Visit, group: Group, again: Again) -> list[Cell]:
    async def remove() -> None:
        description = t("Its users keep the access from their other groups.")
        if await confirm(t("Remove {name}?", name=group.name), description, t("Remove"), is_harmful=True):
            await visit.attempt(lambda: remove_group(visit.server, visit.caller, group.id))
            again()

    def actions() -> None:
        with row_actions():
            icon_button("edit", t("Edit {name}", name=group.name), lambda: _edit(visit, group, again))
            if group.id != EVERYONE:
                icon_button("delete", t("Remove {name}", name=group.name), remove)

    names = {user.id: user.name for user in all_users(visit.server, visit.caller)}
    people = t("everybody") if group.id == EVERYONE else ", ".join(names.get(id_, id_) for id_ in group.users)
    return [group.name, people, _names_text(group.models), _names_text(group.stores), actions]


def _names_text(names: tuple[str, ...]) -> str:
    known = {DOMAIN: t("Documents of this domain")}
    return t("all") if "*" in names else ", ".join(known.get(name, name) for name in names) or t("none")


def _edit(visit: Visit, group: Group | None, again: Again) -> None:
    users = {user.id: user.name for user in all_users(visit.server, visit.caller)}
    stores = {
        store.id: str(store.body.get("name") or store.id)
        for store in all_stores(visit.server, visit.caller)
        if store.id != DOMAIN
    } | {one.part: one.path for one in list_restrictions(visit.server.workspace, visit.caller)}
    models = {served.id: served.id for served in list_served(visit.server, visit.caller)}
    everything = {"*": t("all")}
    with ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog"):
        h2(t("Edit {name}", name=group.name) if group else t("Add group"))
        name = ui.input(t("Name"), value=group.name if group else "").props("outlined dense autofocus")
        people = _several(t("Users"), users, group.users if group else ())
        shared = _several(t("Models"), everything | models, group.models if group else ())
        collections = _several(t("Collections"), everything | stores, group.stores if group else ())
        if group is not None and group.id == EVERYONE:
            name.set_visibility(False)
            people.set_visibility(False)
            muted(t("All users are in this group."))

        def save() -> bool:
            values: dict[str, Any] = {"models": shared.value, "stores": collections.value}
            if group is None or group.id != EVERYONE:
                values |= {"name": name.value, "users": people.value}
            if group is None:
                add_group(visit.server, visit.caller, **values)
            else:
                change_group(visit.server, visit.caller, group.id, values)
            return True

        async def go() -> None:
            if await visit.attempt(save):
                dialog.close()
                tell(t("Saved."))
                again()

        with ui.element("div").classes("lw-actions"):
            ui.button(t("Cancel"), on_click=dialog.close).props("flat no-caps")
            ui.button(t("Save"), on_click=go).props("unelevated no-caps")


def _several(label: str, options: dict[str, str], chosen: tuple[str, ...]) -> ui.select:
    known = options | {name: name for name in chosen if name not in options}
    return ui.select(known, value=list(chosen), label=label, multiple=True).props("outlined dense use-chips")
