"""`/lorewright/v1/oidc`: logging in at an OpenID provider, for the same session as with a password."""

import html
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Cookie, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from lorewright.api.http.caller import DomainOf, ServerOf
from lorewright.api.http.prefix import prefix_of, public_url
from lorewright.api.http.session_cookies import give_session
from lorewright.errors import LorewrightError
from lorewright.workspace.accounts.oidc import (
    LASTS_SECONDS,
    finish_login,
    oidc_settings,
    seal_refusal,
    start_login,
)
from lorewright.workspace.server.server import Server

router = APIRouter(prefix="/lorewright/v1/oidc", tags=["sessions"])

COOKIE = "lorewright_oidc"
PATH = "/lorewright/v1/oidc"


@router.get("")
def get_provider(request: Request, server: ServerOf) -> dict[str, Any]:
    """Return the OpenID provider and its login address; 404 if none is set up."""
    return {
        "object": "oidc",
        "issuer": oidc_settings(server).issuer,
        "login": f"{prefix_of(request)}{PATH}/login",
    }


@router.get("/login", response_class=RedirectResponse)
def get_login(request: Request, server: ServerOf, to: str = "/") -> RedirectResponse:
    """Redirect to the provider's login; `to` is the page to show afterwards."""
    try:
        departure = start_login(server, redirect_uri=_redirect_uri(request, server), wanted=to)
    except LorewrightError as refused:
        return _back_at_the_door(request, server, refused)
    response = RedirectResponse(departure.url, 302, headers={"Cache-Control": "no-store"})
    response.set_cookie(
        COOKIE, departure.kept, max_age=LASTS_SECONDS, path=_path(request), httponly=True,
        # Lax: the provider's page sends them back.
        samesite="lax", secure=request.url.scheme == "https",
    )  # fmt: skip
    return response


@router.get("/callback", response_class=HTMLResponse)
def get_callback(
    request: Request,
    server: ServerOf,
    domain: DomainOf,
    kept: Annotated[str, Cookie(alias=COOKIE)] = "",
    state: str = "",
    code: str = "",
    error: str = "",
    iss: str = "",
) -> Response:
    """Finish a login at the provider: start a session and redirect to the page.

    A refused login is redirected to the studio's login page, which shows the reason.
    """
    try:
        arrival = finish_login(server, kept, state=state, code=code, error=error, issuer=iss)
    except LorewrightError as refused:
        return _back_at_the_door(request, server, refused)
    # A page and no redirect: browsers keep a strict cookie back from what another site has begun.
    response = HTMLResponse(_leading_to(arrival.wanted), headers={"Cache-Control": "no-store"})
    give_session(response, request, domain, arrival.token)
    response.delete_cookie(COOKIE, path=_path(request), httponly=True, samesite="lax")
    return response


def _back_at_the_door(request: Request, server: Server, refused: LorewrightError) -> RedirectResponse:
    """Lead a browser back to the studio's door, which says why; raise the error for everybody else."""
    studio = getattr(request.app.state, "studio", "")
    if not studio or "text/html" not in request.headers.get("accept", ""):
        raise refused
    refusal = quote(seal_refusal(server, refused), safe="")
    response = RedirectResponse(
        f"{prefix_of(request)}{studio}/login?refused={refusal}", 303, headers={"Cache-Control": "no-store"}
    )
    response.delete_cookie(COOKIE, path=_path(request), httponly=True, samesite="lax")
    return response


def _redirect_uri(request: Request, server: Server) -> str:
    return oidc_settings(server).redirect_uri or public_url(request, f"{PATH}/callback")


def _path(request: Request) -> str:
    """Return where a browser sends the cookie of a login that is under way."""
    return f"{prefix_of(request)}{PATH}"


def _leading_to(page: str) -> str:
    place = html.escape(page, quote=True)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Lorewright</title>'
        # Browsers would look for an icon where there is none.
        f'<link rel="icon" href="data:,">'
        f'<meta http-equiv="refresh" content="0;url={place}"></head>'
        f'<body><p><a href="{place}">You are logged in. Continue</a></p></body></html>'
    )
