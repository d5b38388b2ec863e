"""`/lorewright/v1/login`: a name and a password for a session, kept in a cookie that no script can read."""

import time
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import Field

from lorewright.api.accounts.users import shown_user
from lorewright.api.http.caller import COOKIE, CallerOf, ServerOf
from lorewright.api.http.origins import need_own_page
from lorewright.request_body import RequestBody
from lorewright.workspace.accounts.login import log_in, log_out
from lorewright.workspace.server.server import Server

router = APIRouter(prefix="/lorewright/v1", tags=["sessions"])


class Login(RequestBody):
    """A request to log in."""

    name: str = Field(min_length=1, max_length=200)
    password: str = Field(min_length=1, max_length=1000)


@router.post("/login")
def post_login(body: Login, request: Request, response: Response, server: ServerOf) -> dict[str, Any]:
    """Log in: start a session, whose cookie identifies the user until it ends."""
    need_own_page(request, server)
    user, token = log_in(server, body.name, body.password)
    expires_at = give_session(response, request, server, token)
    return {"object": "session", "user": shown_user(user), "expires_at": expires_at}


@router.post("/logout")
def post_logout(request: Request, response: Response, server: ServerOf) -> dict[str, Any]:
    """Log out: end the session of the cookie."""
    need_own_page(request, server)
    log_out(server, request.cookies.get(COOKIE, ""))
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return {"object": "session.ended", "ended": True}


@router.get("/me")
def get_me(caller: CallerOf) -> dict[str, Any]:
    """Return who is calling and what they may do."""
    return {
        "object": "caller",
        "id": caller.id,
        "name": caller.name,
        "user": caller.user or None,
        "is_admin": caller.is_admin,
        "verbs": list(caller.verbs),
        "models": list(caller.models),
        "stores": list(caller.stores),
        "expires_at": caller.expires_at,
        "limits": caller.limits.to_json(),
        "user_limits": caller.user_limits.to_json(),
    }


def give_session(response: Response, request: Request, server: Server, token: str) -> int:
    """Put the token of a session into a cookie, and return when it is over in Unix seconds."""
    lasts_seconds = int(server.sessions.lasts_seconds)
    response.headers["Cache-Control"] = "no-store"
    response.set_cookie(
        COOKIE, token, max_age=lasts_seconds, path="/", httponly=True, samesite="strict",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return int(time.time()) + lasts_seconds
