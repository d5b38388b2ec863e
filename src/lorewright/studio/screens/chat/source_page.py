"""A page of a source as it was printed, the cited passages marked on it, and its neighbours."""

from collections.abc import Sequence

from nicegui import ui

from lorewright.documents.page_picture import PagePicture
from lorewright.errors import UnreadableDocument
from lorewright.studio.i18n import t
from lorewright.studio.parts.empty import loading
from lorewright.studio.parts.table import icon_button
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.screens.chat.contract import in_browser
from lorewright.studio.visit import Visit
from lorewright.workspace.collections.source_text import SourceText, source_page


class SourcePage:
    """One page at a time; the first one is that of the citation."""

    def __init__(
        self, visit: Visit, source: SourceText, page: int, quotes: Sequence[str], panel_id: str
    ) -> None:
        self._visit, self._source, self._page, self._quotes = visit, source, page, quotes
        self._panel_id = panel_id
        with ui.element("div").classes("chat-pages"):
            with ui.element("div").classes("lw-row"):
                self._before = icon_button("chevron_left", t("Previous page"), lambda: self._turn(-1))
                self._place = Text("span", "", classes="lw-small lw-muted").props('role="status"')
                self._after = icon_button("chevron_right", t("Next page"), lambda: self._turn(1))
            self._sheet = ui.element("div").classes("chat-sheet")
        with self._sheet:
            loading()
        ui.timer(0.01, self._draw, once=True)

    async def _turn(self, by: int) -> None:
        self._page += by
        await self._draw()

    async def _draw(self) -> None:
        visit, page = self._visit, self._page

        def draw() -> PagePicture | str:
            try:
                return source_page(visit.server, visit.caller, self._source.id, page, self._quotes)
            except UnreadableDocument as error:
                return str(error)

        drawn = await visit.attempt(draw)
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
        in_browser("toMark", self._panel_id)

    def _show(self, drawn: PagePicture) -> None:
        label = t("Page {n} of {name}", n=self._page, name=self._source.name)
        picture = ui.element("img").props(f"width={drawn.width} height={drawn.height}")
        picture.props["src"], picture.props["alt"] = drawn.address, label
        for left, top, width, height in drawn.boxes:
            box = ui.element("div").classes("chat-box").props('aria-hidden="true"')
            box.style(f"left:{left:.2%};top:{top:.2%};width:{width:.2%};height:{height:.2%}")
