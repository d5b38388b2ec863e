"""Tools as values, and what calls them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from lorewright.models import Stopped, never


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool by its name, what its server says of it, and the JSON Schema of its arguments."""

    name: str
    description: str = ""
    schema: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool said: its text, and the JSON behind it where it gave any (`None` without)."""

    text: str
    structured: Any = None


class Tools(Protocol):
    """Servers of tools, known by the names that the settings give them.

    Both raise `UnknownName` for a server or a tool that is not there, `Transient` where a server
    cannot be reached or takes too long, and `Permanent` where it refuses.
    """

    def listed(self, server: str) -> Sequence[Tool]:
        """Return the tools of a server that flows may call."""

    def call(
        self, server: str, tool: str, arguments: Mapping[str, Any], *, stopped: Stopped = never
    ) -> Result:
        """Return what a tool says; raises `Permanent` where it says that it failed, or far too much.

        Raises `Cancelled` soon after `stopped()` has become true.
        """
