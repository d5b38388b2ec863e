"""A screen that is imported when somebody wants to see it, and says so where it fails."""

import inspect
import logging
from typing import Any

from lorewright.errors import LorewrightError
from lorewright.studio.i18n import t
from lorewright.studio.parts.empty import empty
from lorewright.studio.sitemap import load
from lorewright.studio.visit import Visit

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
        try:
            built = load(self._target)(self._visit, **parameters)
            if inspect.isawaitable(built):
                await built
        except LorewrightError as error:
            empty("error", str(error), error.hint)
        except Exception:  # noqa: BLE001 - a bug: the page says so, the log has its traceback
            _log.exception("a screen failed: %s", self._target)
            empty(
                "error",
                t("This page could not be displayed."),
                t("See the server's log for the cause. Other pages are not affected."),
            )
