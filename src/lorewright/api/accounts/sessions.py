"""`/lorewright/v1/login`: a name and a password for a session, kept in a cookie that no script can read."""

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import Field

from lorewright.api.accounts.users import shown_user
from lorewright.api.http.caller import CallerOf, DomainOf, DomainsOf, ServerOf
from lorewright.api.http.origins import need_own_page
from lorewright.api.http.session_cookies import cookie_of, give_session, session_tokens
from lorewright.request_body import RequestBody
from lorewright.workspace.accounts.domains import log_in_elsewhere, log_out_everywhere
from lorewright.workspace.accounts.login import log_in

router = APIRouter(prefix="/lorewright/v1", tags=["sessions"])


class Login(RequestBody):
    """A request to log in."""

    name: str = Field(min_length=1, max_length=200)
    password: str = Field(min_length=1, max_length=1000)


@router.post("/login")
def post_login(
    body: Login,
    request: Request,
    response: Response,
    server: ServerOf,
    domain: DomainOf,
    domains: DomainsOf,
) -> dict[str, Any]:
    """Log in: start a session, whose cookie identifies the user until it ends.

    It starts one in every other domain of this server that has the same account with the same password.
    """
    need_own_page(request, server)
    user, token = log_in(server, body.name, body.password)
    for other, others_token in log_in_elsewhere(domains, domain, body.name, body.password).items():
        give_session(response, request, other, others_token)
    expires_at = give_session(response, request, domain, token)
    return {"object": "session", "user": shown_user(user), "expires_at": expires_at}


@router.post("/logout")
def post_logout(
    request: Request, response: Response, server: ServerOf, domain: DomainOf, domains: DomainsOf
) -> dict[str, Any]:
    """Log out: end the session of the cookie, and those in the other domains of this server."""
    need_own_page(request, server)
    tokens = session_tokens(request, domains)
    log_out_everywhere(domains, tokens)
    for one in domains:
        if one is domain or one.slug in tokens:
            response.delete_cookie(cookie_of(one), path="/", httponly=True, samesite="strict")
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
