"""What a visitor chose for the studio itself: light or dark."""

from lorewright.studio.visit import Visit
from lorewright.workspace.accounts.preferences import preferences_of, set_preference


class Preferences:
    """The choices of one visitor."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit

    @property
    def dark(self) -> bool | None:
        """Whether pages are dark; `None` follows the device."""
        chosen = preferences_of(self._visit.server, self._visit.caller).get("dark")
        return None if chosen is None else bool(chosen)

    @dark.setter
    def dark(self, chosen: bool) -> None:
        set_preference(self._visit.server, self._visit.caller, "dark", chosen)
