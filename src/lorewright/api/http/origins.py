"""Where a request comes from: this machine, and a page of our own."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import Request

from lorewright.errors import NotAllowed
from lorewright.workspace.server.server import Server

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_PROXIED = ("forwarded", "x-forwarded-for", "x-real-ip")


def is_loopback(host: str) -> bool:
    """Return whether a name or an address is this machine's own, as far as it says."""
    try:
        return host.casefold() == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def is_local(request: Request) -> bool:
    """Return whether this machine asks, itself and by a name of its own.

    The name matters: a page in a browser here can give our address a name of its own.
    """
    named = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    is_proxied = any(name in request.headers for name in _PROXIED)
    return is_loopback(address_of(request)) and is_loopback(named) and not is_proxied


def address_of(request: Request) -> str:
    """Return the address that a request comes from, or ''."""
    return request.client.host if request.client else ""


def need_own_page(request: Request, server: Server) -> None:
    """Raise `NotAllowed` where a page of another origin would change something in the user's name.

    Who sends a key of its own needs no such care: browsers add cookies, not keys.
    """
    origin = request.headers.get("origin")
    if request.method in _SAFE or origin is None or origin in server.workspace.settings.serve.cors_origins:
        return
    if urlsplit(origin).netloc != request.headers.get("host", ""):
        raise NotAllowed(
            f"Pages from {origin} cannot change anything on this server.",
            hint="Add the origin to serve.cors_origins, or send a key.",
        )
