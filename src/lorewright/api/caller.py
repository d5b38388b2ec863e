"""Who calls: the key of a request, and the home it works in."""

from typing import Annotated

from fastapi import Depends, Request

from lorewright.access import Key
from lorewright.workspace.home import Home


def home_of(request: Request) -> Home:
    """Return the home that this application serves."""
    home: Home = request.app.state.home
    return home


def caller_of(request: Request) -> Key:
    """Return the key that a request carries, as a bearer token or as Anthropic's clients send it."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    secret = token.strip() if scheme.lower() == "bearer" else request.headers.get("x-api-key", "")
    return home_of(request).keys.who(secret)


Caller = Annotated[Key, Depends(caller_of)]
HomeOf = Annotated[Home, Depends(home_of)]
