"""Who calls: the key or the session of a request, and the server that answers."""

from typing import Annotated

from fastapi import Depends, Request

from lorewright.access import LOCAL, Caller
from lorewright.api.http.origins import is_local, need_own_page
from lorewright.api.http.session_cookies import cookie_of
from lorewright.errors import NotAllowed
from lorewright.workspace.accounts.login import session_caller
from lorewright.workspace.server.domains import ServedDomain, ServedDomains
from lorewright.workspace.server.server import Server


def server_of(request: Request) -> Server:
    """Return the server behind this application."""
    server: Server = request.app.state.server
    return server


def domain_of(request: Request) -> ServedDomain:
    """Return the domain that this application answers for."""
    domain: ServedDomain = request.app.state.domain
    return domain


def domains_of(request: Request) -> ServedDomains:
    """Return all domains that are served with it."""
    domains: ServedDomains = request.app.state.domains
    return domains


def caller_of(request: Request) -> Caller:
    """Return who calls, and count the request where it is a POST: those do the work.

    Raises `Unauthenticated` for nobody we know, and `LimitReached`.
    """
    key = _known(request)
    request.state.caller = key  # the log and the headers of the response tell of it
    if request.method == "POST":
        server_of(request).gate.enter(key)
    return key


def _known(request: Request) -> Caller:
    """Return the key of a bearer token, of Anthropic's header, or the user of a session."""
    server = server_of(request)
    if request.app.state.is_open:
        return _local(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    secret = token.strip() if scheme.lower() == "bearer" else request.headers.get("x-api-key", "")
    session = request.cookies.get(cookie_of(domain_of(request)), "")
    user = None if secret or not session else session_caller(server, session)
    if user is None:
        return server.keys.who(secret)
    need_own_page(request, server)
    return user


def _local(request: Request) -> Caller:
    """Return the administrator that everybody on this machine is when keys are not asked for."""
    if not is_local(request):
        raise NotAllowed(
            "Without keys, only requests from this machine are allowed.",
            hint="Use http://127.0.0.1, or serve with keys.",
        )
    need_own_page(request, server_of(request))
    return LOCAL


CallerOf = Annotated[Caller, Depends(caller_of)]
ServerOf = Annotated[Server, Depends(server_of)]
DomainOf = Annotated[ServedDomain, Depends(domain_of)]
DomainsOf = Annotated[ServedDomains, Depends(domains_of)]
