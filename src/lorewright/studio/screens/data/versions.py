"""The versions of the dataset: what it held at every change, and the way back."""

from collections.abc import Callable, Sequence

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.dialogs import confirm
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.moments import ago_text, moment_text
from lorewright.studio.parts.person_names import person_name
from lorewright.studio.parts.table import Cell, row_actions, table
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.screens.data.stylesheet import head
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.dataset.versions import (
    DataVersion,
    all_versions,
    restore_version,
    save_dataset_version,
)

PAGE = 100


async def show(visit: Visit) -> None:
    """Show every version, the latest first."""
    head(visit, "/data/versions")

    @ui.refreshable
    async def versions() -> None:
        all_records = await visit.attempt(lambda: all_versions(visit.server, visit.caller))
        if visit.may("tune"):
            with ui.element("div").classes("lw-actions"):
                ui.button(t("Save a version"), icon="bookmark_add", on_click=keep).props("outline no-caps")
        if not all_records:
            description = t("A version is saved at every change made here. Only changes take up space.")
            empty("history", t("No versions yet"), description, also=(t("Go to Data"), "/data"))
            return
        with card():
            heads = (t("When"), t("Change"), t("Examples"), t("Questions"), t("By"), t("Actions"))
            rows = [
                _row(visit, all_records, place, versions.refresh)
                for place in range(min(PAGE, len(all_records)))
            ]
            table(t("Versions"), heads, rows)
            if len(all_records) > PAGE:
                muted(t("and {n} earlier ones", n=len(all_records) - PAGE))

    async def keep() -> None:
        version = await visit.attempt(_keep, visit)
        if version:
            tell(t("Saved."))
            versions.refresh()

    await versions()


def _keep(visit: Visit) -> DataVersion:
    return save_dataset_version(visit.server, visit.caller, t("Saved manually"))


def _row(
    visit: Visit, all_records: list[DataVersion], place: int, refresh: Callable[[], object]
) -> Sequence[Cell]:
    version = all_records[place]
    before = all_records[place + 1].id if place + 1 < len(all_records) else ""

    def when() -> None:
        Text("span", ago_text(version.at)).props["title"] = moment_text(version.at)

    def what() -> None:
        with ui.element("div").classes("lw-row"):
            Text("span", version.why)
            if place == 0:
                badge(t("latest"), "good")

    def actions() -> None:
        with row_actions():
            if before:
                ui.link(t("What changed"), f"/data/versions/{version.id}?before={before}")
            if place:
                ui.link(t("Changes since"), f"/data/versions/{version.id}")
                if visit.may("tune"):
                    back = ui.button(t("Restore"), on_click=lambda: _go_back(visit, version, refresh))
                    back.props("flat dense no-caps")

    return (
        when,
        what,
        version.n_examples,
        version.n_questions,
        person_name(version.by) or t("outside the studio"),
        actions,
    )


async def _go_back(visit: Visit, version: DataVersion, refresh: Callable[[], object]) -> None:
    description = t("The files are restored to this version: {n} examples, {m} questions. The current state "
"is saved as a version.", n=version.n_examples, m=version.n_questions)  # fmt: skip
    if not await confirm(t("Restore this version?"), description, t("Restore")):
        return
    if await visit.attempt(lambda: restore_version(visit.server, visit.caller, version.id)):
        tell(t("Version restored."))
        refresh()
