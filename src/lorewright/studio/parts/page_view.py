"""A document page by page as it was printed: passages marked on it, larger and smaller, and on its own."""

from collections.abc import Callable

from nicegui import ui

from lorewright.documents.page_picture import PagePicture
from lorewright.errors import UnreadableDocument
from lorewright.studio.i18n import t
from lorewright.studio.parts.empty import loading
from lorewright.studio.parts.table import icon_button
from lorewright.studio.parts.text import Text, h2, muted
from lorewright.studio.visit import Visit

Draw = Callable[[int], PagePicture]
ZOOMS = (50, 75, 100, 125, 150, 200, 300)
"""Widths of a page, in percent of the place that it is shown in."""


class PageView:
    """One page at a time; `draw` returns a page by its number, `on_drawn` is called when one is shown."""

    def __init__(
        self,
        visit: Visit,
        draw: Draw,
        *,
        name: str,
        page: int = 1,
        on_drawn: Callable[[], object] | None = None,
        is_large: bool = False,
    ) -> None:
        self._visit, self._make, self._name, self._page = visit, draw, name, page
        self._on_drawn, self._zoom = on_drawn, 100
        with ui.element("div").classes("lw-pages"):
            with ui.element("div").classes("lw-row"):
                self._before = icon_button("chevron_left", t("Previous page"), lambda: self._turn(-1))
                self._place = Text("span", "", classes="lw-small lw-muted").props('role="status"')
                self._after = icon_button("chevron_right", t("Next page"), lambda: self._turn(1))
                ui.element("div").classes("lw-grow")
                self._out = icon_button("zoom_out", t("Zoom out"), lambda: self._scale(-1))
                self._percent = Text("span", "100 %", classes="lw-small lw-muted lw-number")
                self._in = icon_button("zoom_in", t("Zoom in"), lambda: self._scale(1))
                if not is_large:
                    icon_button("open_in_full", t("Show the page large"), self._enlarge)
            scroll = ui.element("div").classes("lw-scroll lw-sheet-place").props('tabindex="0" role="region"')
            scroll.props["aria-label"] = t("Page")
            with scroll:
                self._sheet = ui.element("div").classes("lw-sheet")
        with self._sheet:
            loading()
        ui.timer(0.01, self._draw, once=True)

    async def _turn(self, by: int) -> None:
        self._page += by
        await self._draw()

    def _scale(self, by: int) -> None:
        place = ZOOMS.index(self._zoom) + by
        self._zoom = ZOOMS[min(max(0, place), len(ZOOMS) - 1)]
        self._sheet.style(f"width: {self._zoom}%")
        self._percent.set_text(f"{self._zoom} %")
        self._out.set_enabled(self._zoom > ZOOMS[0])
        self._in.set_enabled(self._zoom < ZOOMS[-1])

    def _enlarge(self) -> None:
        """Show the page over the whole window."""
        with self._visit.client.content, ui.dialog(value=True).props("maximized") as dialog:
            dialog.on("hide", dialog.delete)
            with ui.card().classes("lw-page-large"):
                with ui.element("div").classes("lw-row"):
                    h2(self._name).classes("lw-grow")
                    icon_button("close", t("Close"), dialog.close)
                PageView(self._visit, self._make, name=self._name, page=self._page, is_large=True)

    async def _draw(self) -> None:
        page = self._page

        def draw() -> PagePicture | str:
            try:
                return self._make(page)
            except UnreadableDocument as error:
                return str(error)

        drawn = await self._visit.attempt(draw)
        if self._sheet.is_deleted or page != self._page:
            return
        self._sheet.clear()
        with self._sheet:
            if not isinstance(drawn, PagePicture):
                muted(t("This page cannot be displayed: {reason}", reason=drawn or "")).classes("lw-small")
                return
            self._show(drawn)
        self._place.set_text(t("Page {n} of {of}", n=page, of=drawn.n_pages))
        self._before.set_enabled(page > 1)
        self._after.set_enabled(page < drawn.n_pages)
        if self._on_drawn:
            self._on_drawn()

    def _show(self, drawn: PagePicture) -> None:
        label = t("Page {n} of {name}", n=self._page, name=self._name)
        picture = ui.element("img").props(f"width={drawn.width} height={drawn.height}")
        picture.props["src"], picture.props["alt"] = drawn.address, label
        for left, top, width, height in drawn.boxes:
            box = ui.element("div").classes("lw-box").props('aria-hidden="true"')
            box.style(f"left:{left:.2%};top:{top:.2%};width:{width:.2%};height:{height:.2%}")
