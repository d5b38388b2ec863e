"""Web pages that somebody names by their addresses in the studio or over the API."""

from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import uuid4

from lorewright.access import Caller
from lorewright.errors import BadParameter
from lorewright.jobs import Job
from lorewright.workspace.jobs.orders import audit_start, ordered_by
from lorewright.workspace.server.server import Server

MAX_ADDRESSES = 100


def add_web_pages(server: Server, caller: Caller, addresses: Sequence[str]) -> Job:
    """Return the job that fetches and indexes web pages, of a sitemap all that it names.

    For administrators: the server fetches them, and it may reach places that others may not see.
    """
    caller.need("admin")
    named = list(dict.fromkeys(address.strip() for address in addresses if address.strip()))
    if not 1 <= len(named) <= MAX_ADDRESSES:
        raise BadParameter("addresses", f"Name 1 to {MAX_ADDRESSES} addresses.")
    for address in named:
        _check(address)
    order = {"paths": named, "is_sync": False, "upload": uuid4().hex}
    job = server.start("add", ordered_by(caller, order))
    audit_start(server.workspace, caller, job)
    return job


def _check(address: str) -> None:
    try:
        parts = urlsplit(address)
        is_page = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_page = False
    if not is_page:
        raise BadParameter(
            "addresses",
            f"{address!r} is not the address of a web page. Example: https://www.example.org/faq.",
        )
    if parts.username or parts.password:
        raise BadParameter(
            "addresses", f"The address of {parts.hostname} holds a password: it would be kept."
        )
