"""Knowing when a screen is left, and going on quietly where it was."""

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


def is_gone(element: ui.element) -> bool:
    """Return whether an element is no longer on the page: taken off it alone, or with what it stood in."""
    try:
        return any(outer.is_deleted for outer in element.ancestors(include_self=True))
    except RuntimeError:  # what it stood in is not even in memory any more
        return True


def discard(element: ui.element) -> None:
    """Take an element off the page, unless it went with its screen while something was waited for."""
    if not is_gone(element):
        element.delete()
