"""A screen that is imported when somebody wants to see it, and says so where it fails."""

import inspect
import logging
from collections.abc import Awaitable, Sequence
from functools import partial
from typing import Any

from nicegui import context, ui

from lorewright.errors import InvalidExamples, LorewrightError, NotAllowed, NotFound
from lorewright.studio.i18n import t
from lorewright.studio.parts.cleanup import discard
from lorewright.studio.parts.empty import empty, loading
from lorewright.studio.parts.heading import heading
from lorewright.studio.sitemap import load
from lorewright.studio.studio_words import studio_words
from lorewright.studio.visit import Building, Visit, tell_error

_log = logging.getLogger("lorewright.studio")


class LazyScreen:
    """What `ui.sub_pages` builds a screen with: it has the parameters of the screen, less the visit.

    The first visitor of a fresh server waits for the module of one screen, not for those of all.
    """

    def __init__(self, visit: Visit, target: str) -> None:
        self._visit = visit
        self._target = target

    @property
    def __signature__(self) -> inspect.Signature:
        """The parameters that the address gives values for."""
        return inspect.Signature(list(inspect.signature(load(self._target)).parameters.values())[1:])

    async def __call__(self, **parameters: Any) -> None:
        """Show the screen, or why it cannot be shown."""
        place = context.slot.parent
        with Building.begun() as building:
            try:
                built = load(self._target)(self._visit, **parameters)
                if inspect.isawaitable(built):
                    await _waited_for(built)
            except LorewrightError as error:
                building.note(error)
            except Exception:  # noqa: BLE001 - a bug: the page says so, the log has its traceback
                _log.exception("a screen failed: %s", self._target)
                empty(
                    "error",
                    t("This page could not be displayed."),
                    t("See the server's log for the cause. Other pages are not affected."),
                )
        _show_errors(place, building.errors)


class Screens(ui.sub_pages):
    """The screens by their addresses; an address that is none of theirs says so in our words."""

    def _render_404(self) -> None:
        with heading(t("Page not found.")):
            pass
        empty("search_off", t("There is nothing at this address."), also=(t("Home"), "/"))


async def _waited_for(building: Awaitable[object]) -> None:
    """Wait for a screen; below what is there of it already, the page says that more is on its way."""
    waiting = loading().classes("lw-late")
    try:
        await building
    finally:
        discard(waiting)


def _show_errors(place: ui.element, errors: Sequence[LorewrightError]) -> None:
    """Show what failed in the place of what it left out; where the screen says it itself, beside it.

    That something is not there needs to be said once.
    """
    says_it = any("lw-empty" in element.classes for element in place.descendants())
    for error in errors:
        if says_it:
            if not isinstance(error, NotFound):
                tell_error(str(error), error.hint)
            continue
        action, go = t("Try again"), ui.navigate.reload
        if isinstance(error, InvalidExamples):
            action, go = t("Go to Data"), partial(ui.navigate.to, "/data")
        elif isinstance(error, NotAllowed | NotFound):
            action = ""
        empty(
            "error", studio_words(str(error)), studio_words(error.hint),
            action=action, on_click=go, also=(t("Home"), "/"),
        ).props('role="alert"')  # fmt: skip
