"""The folders of the documents: one can be opened, and chosen to see only what lies in it."""

from collections import Counter
from collections.abc import Callable, Iterable

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.text import Text


def folder_counts(ids: Iterable[str]) -> dict[str, int]:
    """Return how many documents lie in and below every folder, in the order of the folders; '' is the top."""
    counts: Counter[str] = Counter()
    for name in ids:
        parts = name.split("/")[:-1]
        counts[""] += 1
        counts.update("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))
    return dict(sorted(counts.items()))


class FolderTree:
    """The folders as a list that opens and closes; `on_choose` hears which one was chosen."""

    def __init__(self, chosen: str, on_choose: Callable[[str], object]) -> None:
        self._chosen, self._on_choose = chosen, on_choose
        self._open = {chosen[:place] for place, letter in enumerate(chosen) if letter == "/"} | {chosen}
        self._counts: dict[str, int] = {}
        self._tree = ui.element("nav").classes("lw-card doc-tree").props(f'aria-label="{t("Folders")}"')
        with ui.element("div").classes("doc-folders-small lw-full"):
            self._select = ui.select({"": t("All folders")}, value="", label=t("Folder")).props(
                "outlined dense"
            )
            self._select.on_value_change(lambda event: self.choose(str(event.value or "")))

    def show(self, counts: dict[str, int]) -> None:
        """Show folders with how many documents each holds."""
        self._counts = counts
        if self._chosen not in counts:
            self._chosen = ""
        names = {name: name or t("All folders") for name in counts} or {"": t("All folders")}
        self._select.set_options(names, value=self._chosen)
        self._draw()

    def choose(self, folder: str) -> None:
        """Choose a folder, as if it was clicked."""
        if folder == self._chosen:
            return
        self._chosen = folder
        self._open |= {folder[:place] for place, letter in enumerate(folder) if letter == "/"} | {folder}
        self._select.set_value(folder)
        self._on_choose(folder)
        self._draw()  # last: it takes the button away that was clicked

    def _draw(self) -> None:
        self._tree.clear()
        with self._tree:
            for name, n in self._counts.items():
                if self._is_seen(name):
                    self._folder(name, n)

    def _is_seen(self, name: str) -> bool:
        above = [name[:place] for place, letter in enumerate(name) if letter == "/"]
        return all(folder in self._open for folder in above)

    def _folder(self, name: str, n: int) -> None:
        depth = name.count("/") + 1 if name else 0
        row = ui.element("div").classes("doc-folder").style(f"padding-left: {max(0, depth - 1) * 14}px")
        if name == self._chosen:
            row.props("data-here=yes")
        with row:
            self._fold(name)
            button = Text("button", name.rpartition("/")[2] or t("All folders"), classes="doc-folder-name")
            button.props("type=button").on("click", lambda: self.choose(name))
            if name == self._chosen:
                button.props('aria-current="true"')
            Text("span", f"{n:,}", classes="doc-folder-n")

    def _fold(self, name: str) -> None:
        has_inner = name and any(other.startswith(f"{name}/") for other in self._counts)
        if not has_inner:
            ui.element("span").classes("doc-fold")
            return
        is_open = name in self._open
        with ui.element("button").classes("doc-fold").props("type=button") as fold:
            ui.icon("expand_more" if is_open else "chevron_right").props('aria-hidden="true"')
        fold.props["aria-label"] = t("Close {name}", name=name) if is_open else t("Open {name}", name=name)
        fold.props["aria-expanded"] = "true" if is_open else "false"
        fold.on("click", lambda: self._turn(name))

    def _turn(self, name: str) -> None:
        self._open ^= {name}
        self._draw()
