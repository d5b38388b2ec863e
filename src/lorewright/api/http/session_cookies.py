"""The cookies of sessions: one for each domain of the server, which no script can read."""

import time

from fastapi import Request, Response

from lorewright.workspace.server.domains import ServedDomain, ServedDomains

COOKIE = "lorewright_session"
"""The cookie of a session in the first domain; that of another one ends in its name."""


def cookie_of(domain: ServedDomain) -> str:
    """Return the name of the cookie that holds a session in a domain."""
    return COOKIE if domain.is_first else f"{COOKIE}_{domain.slug}"


def session_tokens(request: Request, domains: ServedDomains) -> dict[str, str]:
    """Return the sessions that a browser has, by the domain."""
    sent = {domain.slug: request.cookies.get(cookie_of(domain), "") for domain in domains}
    return {slug: token for slug, token in sent.items() if token}


def give_session(response: Response, request: Request, domain: ServedDomain, token: str) -> int:
    """Put the token of a session into a cookie, and return when it is over in Unix seconds."""
    lasts_seconds = int(domain.open().sessions.lasts_seconds)
    response.headers["Cache-Control"] = "no-store"
    response.set_cookie(
        cookie_of(domain), token, max_age=lasts_seconds, path="/", httponly=True, samesite="strict",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return int(time.time()) + lasts_seconds
