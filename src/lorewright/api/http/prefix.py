"""The prefix of a request's address: that of its domain, and what a proxy in front has taken away."""

import re

from fastapi import Request

HEADER = "x-forwarded-prefix"
_PLAIN = re.compile(r"(/[A-Za-z0-9._~-]+)*")


def prefix_of(request: Request) -> str:
    """Return what stands before the path of a request in the browser: '' or `/d/NAME`."""
    return plain_prefix(request.headers.get(HEADER, ""))


def plain_prefix(given: str) -> str:
    """Return a prefix without the last slash, '' for one that could mean something else in a page."""
    bare = given.rstrip("/")
    return bare if _PLAIN.fullmatch(bare) else ""


def public_url(request: Request, path: str) -> str:
    """Return the whole address of a path of the domain that a request went to."""
    return f"{str(request.base_url).rstrip('/')}{prefix_of(request)}{path}"
