"""Who may read a collection: the groups that share it."""

from nicegui import ui

from lorewright.access.groups import EVERYONE, Group
from lorewright.studio.i18n import t
from lorewright.studio.parts.text import Text, h2, muted
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.accounts.users_and_groups import all_groups, change_group


def access_button(visit: Visit, store_id: str, name: str) -> None:
    """Show the button that opens the choice of groups."""
    ui.button(t("Access"), icon="group").props("outline no-caps").on_click(
        lambda: open_access(visit, store_id, name)
    )


async def open_access(visit: Visit, store_id: str, name: str) -> None:
    """Let an administrator choose the groups that see a collection."""
    groups = await visit.attempt(lambda: all_groups(visit.server, visit.caller))
    if groups is None:
        return
    with ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog"):
        h2(t("Access to {name}", name=name))
        muted(t("For everyone else its documents are hidden: never retrieved, cited or counted."))
        boxes = {group.id: _box(group, store_id) for group in groups}
        muted(t("Administrators and the creator of a collection always have access."))
        with ui.element("div").classes("lw-actions"):
            ui.link(t("All groups"), "/settings/groups").classes("lw-grow")
            ui.button(t("Cancel"), on_click=dialog.close).props("flat no-caps")

            async def save() -> None:
                chosen = {group_id for group_id, box in boxes.items() if box is not None and box.value}
                if await visit.attempt(_save, visit, store_id, groups, chosen):
                    dialog.close()
                    tell(t("Saved."))

            ui.button(t("Save"), on_click=save).props("unelevated no-caps")


def _box(group: Group, store_id: str) -> ui.checkbox | None:
    """Show a group with its box; one that shares everything is changed where groups are."""
    label = t("Everyone who can log in") if group.id == EVERYONE else group.name
    if "*" in group.stores:
        with ui.element("div").classes("lw-row"):
            ui.icon("check_circle").props('aria-hidden="true"')
            Text("span", t("{name} (has all collections)", name=label))
        return None
    return ui.checkbox(label, value=store_id in group.stores)


def _save(visit: Visit, store_id: str, groups: list[Group], chosen: set[str]) -> bool:
    for group in groups:
        is_shared, is_wanted = store_id in group.stores, group.id in chosen
        if "*" in group.stores or is_shared == is_wanted:
            continue
        others = [name for name in group.stores if name != store_id]
        stores = [*others, store_id] if is_wanted else others
        change_group(visit.server, visit.caller, group.id, {"stores": stores})
    return True
