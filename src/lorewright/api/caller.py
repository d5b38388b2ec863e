"""Who calls: the key or the session of a request, and the home it works in."""

from typing import Annotated

from fastapi import Depends, Request

from lorewright.access import LOCAL, Key
from lorewright.api.origins import is_local, need_own_page
from lorewright.errors import NotAllowed
from lorewright.workspace.home import Home
from lorewright.workspace.login import session_caller

COOKIE = "lorewright_session"


def home_of(request: Request) -> Home:
    """Return the home that this application serves."""
    home: Home = request.app.state.home
    return home


def caller_of(request: Request) -> Key:
    """Return who calls, and count the request where it is a POST: those do the work.

    Raises `Unauthenticated` for nobody we know, and `LimitReached`.
    """
    key = _known(request)
    request.state.caller = key  # the log and the headers of the response tell of it
    if request.method == "POST":
        home_of(request).gate.enter(key)
    return key


def _known(request: Request) -> Key:
    """Return the key of a bearer token, of Anthropic's header, or the user of a session."""
    home = home_of(request)
    if request.app.state.is_open:
        return _local(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    secret = token.strip() if scheme.lower() == "bearer" else request.headers.get("x-api-key", "")
    session = request.cookies.get(COOKIE, "")
    user = None if secret or not session else session_caller(home, session)
    if user is None:
        return home.keys.who(secret)
    need_own_page(request, home)
    return user


def _local(request: Request) -> Key:
    """Return the administrator that everybody on this machine is when keys are not asked for."""
    if not is_local(request):
        raise NotAllowed(
            "Without keys, only this machine is served.", hint="Call http://127.0.0.1, or serve with keys."
        )
    need_own_page(request, home_of(request))
    return LOCAL


Caller = Annotated[Key, Depends(caller_of)]
HomeOf = Annotated[Home, Depends(home_of)]
