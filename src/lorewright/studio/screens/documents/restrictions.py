"""Parts of the documents that only some groups may read: listed, added and lifted."""

from collections.abc import Callable

from nicegui import ui

from lorewright.access.groups import Group
from lorewright.studio.i18n import t
from lorewright.studio.parts.table import Cell, icon_button, table
from lorewright.studio.parts.text import h2, muted
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.accounts.users_and_groups import all_groups
from lorewright.workspace.documents.restrictions import (
    Restriction,
    lift_restriction,
    list_restrictions,
    restrict,
)


def restrictions_button(visit: Visit) -> None:
    """Show the button that opens the list of restrictions."""
    ui.button(t("Restrictions"), icon="lock").props("outline no-caps").on_click(
        lambda: open_restrictions(visit)
    )


async def open_restrictions(visit: Visit, wanted: str = "") -> None:
    """Let an administrator restrict folders and documents to groups; `wanted` is named beforehand."""
    groups = await visit.attempt(lambda: all_groups(visit.server, visit.caller))
    if groups is None:
        return
    with ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog"):
        h2(t("Restricted documents"))
        muted(t("Only members of these groups and administrators find, cite, list or count them."))

        @ui.refreshable
        async def listed() -> None:
            restrictions = await visit.attempt(
                lambda: list_restrictions(visit.server.workspace, visit.caller)
            )
            heads = (t("Folder or document"), t("Documents"), t("Groups"), t("Actions"))
            rows = [_row(visit, one, groups, listed.refresh) for one in restrictions or ()]
            table(t("Restricted documents"), heads, rows)

        await listed()
        path = ui.input(t("Folder or document"), value=wanted, placeholder="hr/").props("outlined dense")
        chosen = ui.select(
            {group.id: group.name for group in groups}, label=t("Groups"), multiple=True
        ).props("outlined dense use-chips")

        async def add() -> None:
            if await visit.attempt(_restrict, visit, str(path.value or ""), list(chosen.value or ())):
                tell(t("Saved."))
                path.set_value("")
                listed.refresh()

        with ui.element("div").classes("lw-actions"):
            ui.button(t("Close"), on_click=dialog.close).props("flat no-caps")
            ui.button(t("Restrict"), on_click=add).props("unelevated no-caps")


def _row(visit: Visit, one: Restriction, groups: list[Group], again: Callable[[], object]) -> list[Cell]:
    names = {group.id: group.name for group in groups}
    shared = ", ".join(names.get(group_id, group_id) for group_id in one.groups) or t("Administrators")

    async def lift() -> None:
        if await visit.attempt(_lift, visit, one.path):
            again()

    def actions() -> None:
        icon_button("lock_open", t("Lift the restriction of {path}", path=one.path), lift)

    return [one.path, str(one.n_documents), shared, actions]


def _restrict(visit: Visit, path: str, groups: list[str]) -> bool:
    restrict(visit.server.workspace, visit.caller, path, groups)
    return True


def _lift(visit: Visit, path: str) -> bool:
    lift_restriction(visit.server.workspace, visit.caller, path)
    return True
