"""Addresses as the browser needs them: inside the domain whose page it shows."""

import json

from nicegui import context

from lorewright import __version__
from lorewright.api.http.prefix import prefix_of
from lorewright.studio import ROOT


def address(path: str) -> str:
    """Return the address of a path of the server, for the page that is being built."""
    return f"{prefix_of(context.client.request)}{path}"


def look(name: str) -> str:
    """Return the address of a file of the studio's look; a new version is a new address."""
    return address(f"{ROOT}/look/{name}?{__version__}")


def shown_at(path: str) -> str:
    """Return the script that puts a path of the studio into the address bar, and builds nothing again."""
    return f"lorewright.shownAt({json.dumps(path)})"
