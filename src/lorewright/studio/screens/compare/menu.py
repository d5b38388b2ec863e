"""What else can be done with a comparison: share it, name it, lay another beside it, remove it."""

from collections.abc import Callable

from nicegui import ui

from lorewright.studio.address import address
from lorewright.studio.i18n import t
from lorewright.studio.parts.dialogs import ask_text, confirm
from lorewright.studio.parts.moments import moment_text
from lorewright.studio.parts.text import h2
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.comparisons.listing import list_comparisons, remove_comparison, rename_comparison

_MOST = 12


def share_menu(comparison_id: str) -> None:
    """Show the files to keep: the browser asks for them with the visitor's own session."""
    base = address(f"/lorewright/v1/comparisons/{comparison_id}")
    with ui.button(t("Share"), icon="ios_share").props("outline no-caps"), ui.menu():
        _file(t("As one HTML page"), f"{base}/report.html", "lorewright-report.html")
        _file(t("As JSON"), f"{base}/report.json", "lorewright-report.json")


def more_menu(visit: Visit, comparison_id: str, name: str) -> None:
    """Show the rest of what can be done."""
    workspace = visit.server.workspace

    async def rename() -> None:
        given = await ask_text(t("Rename comparison"), t("Name"), name)
        if given and await _do(
            visit, lambda: rename_comparison(workspace, visit.caller, comparison_id, given)
        ):
            ui.navigate.reload()

    async def remove() -> None:
        description = t("Deployed versions keep their measurements.")
        if not await confirm(t("Remove this comparison?"), description, t("Remove"), is_harmful=True):
            return
        if await _do(visit, lambda: remove_comparison(workspace, visit.caller, comparison_id)):
            tell(t("Removed."))
            ui.navigate.to("/compare")

    with ui.button(icon="more_horiz").props(f'flat round aria-label="{t("More")}"'), ui.menu():
        ui.menu_item(t("Compare with another…"), lambda: _choose_other(visit, comparison_id))
        if visit.may("evaluate"):
            ui.menu_item(t("Rename…"), rename)
            ui.menu_item(t("Remove"), remove)


async def _choose_other(visit: Visit, comparison_id: str) -> None:
    others = await visit.attempt(lambda: list_comparisons(visit.server.workspace, visit.caller))
    rest = [one for one in others or [] if one.id != comparison_id][:_MOST]
    if not rest:
        tell(t("There is no other comparison yet."))
        return
    with ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog"):

        def go(other_id: str) -> None:
            dialog.close()
            ui.navigate.to(f"/compare/{comparison_id}/against/{other_id}")

        h2(t("Compare with another"))
        for one in rest:
            title = one.name or moment_text(one.created_at)
            ui.button(title, on_click=lambda chosen=one.id: go(chosen)).props("flat no-caps align=left")
        ui.button(t("Cancel"), on_click=dialog.close).props("flat no-caps")


async def _do(visit: Visit, work: Callable[[], object]) -> bool:
    def done() -> bool:
        work()
        return True

    return bool(await visit.attempt(done))


def _file(title: str, path: str, name: str) -> None:
    with ui.element("a").classes("cmp-file").props(f'href="{path}" download="{name}"'):
        ui.icon("download").props('aria-hidden="true"')
        ui.label(title)
