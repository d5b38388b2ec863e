"""Knowing when a screen is left."""

from collections.abc import Callable

from nicegui import ui


class ElementWithCleanup(ui.element):
    """An element that calls `on_gone` once it is deleted: with its screen, or with the whole page.

    What is told to the page instead, by its client's `on_delete`, stays until the page closes, and
    with it every screen that was ever shown there.
    """

    def __init__(self, tag: str, on_gone: Callable[[], object]) -> None:
        """Make an element of a tag."""
        super().__init__(tag)
        self._on_gone: Callable[[], object] | None = on_gone

    def _handle_delete(self) -> None:
        super()._handle_delete()
        if self._on_gone is not None:
            callbacks, self._on_gone = self._on_gone, None
            callbacks()
