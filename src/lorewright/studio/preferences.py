"""What a visitor chose for the studio itself, kept on the server: light or dark."""

from typing import Any

from lorewright.studio.visit import Visit

KIND = "studio_preferences"


class Preferences:
    """The choices of one visitor."""

    def __init__(self, visit: Visit) -> None:
        self._records = visit.server.records(KIND)
        self._id = f"preferences/{visit.caller.user or visit.caller.id}"

    @property
    def dark(self) -> bool | None:
        """Whether pages are dark; `None` follows the device."""
        chosen = self._body().get("dark")
        return None if chosen is None else bool(chosen)

    @dark.setter
    def dark(self, chosen: bool) -> None:
        self._set("dark", chosen)

    def _body(self) -> dict[str, Any]:
        found = self._records.find(self._id)
        return dict(found.body) if found else {}

    def _set(self, name: str, value: Any) -> None:
        self._records.put(self._id, lambda body: body | {name: value})
