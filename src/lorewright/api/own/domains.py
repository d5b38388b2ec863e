"""`/lorewright/v1/domains`: the domains that are served, and new ones."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import ConfigDict, Field

from lorewright.access import Caller
from lorewright.api.http.caller import CallerOf, DomainOf, DomainsOf, ServerOf
from lorewright.api.http.pages import listed_values
from lorewright.api.http.prefix import public_url
from lorewright.api.http.session_cookies import give_session, session_tokens
from lorewright.errors import NotFound
from lorewright.request_body import RequestBody
from lorewright.workspace.accounts.domains import create_domain, domains_to_enter
from lorewright.workspace.agents.summary import domain_summary
from lorewright.workspace.comparisons.from_template import start_from_template
from lorewright.workspace.domain.templates import get_template
from lorewright.workspace.server.domains import ServedDomain, ServedDomains
from lorewright.workspace.server.server import Server

router = APIRouter(prefix="/lorewright/v1/domains", tags=["domains"])


class NewDomainBody(RequestBody):
    """A request for a new domain: empty, or a copy of a template."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    template: str = Field(default="", max_length=100)


@router.get("")
def list_domains(
    request: Request, server: ServerOf, caller: CallerOf, domain: DomainOf, domains: DomainsOf
) -> dict[str, Any]:
    """List this domain, and the others on this server that the browser is logged in to."""
    return listed_values(list(_listed(request, server, caller, domain, domains)))


@router.post("")
def post_domain(
    body: NewDomainBody,
    request: Request,
    response: Response,
    server: ServerOf,
    caller: CallerOf,
    domains: DomainsOf,
) -> dict[str, Any]:
    """Create a domain on this server; for administrators of its first domain.

    Users become its administrator with the name and password they have here. Without an account,
    `key` is the key of an administrator, shown this once.
    """
    template = get_template(body.template).name if body.template else ""
    new = create_domain(server, caller, domains, name=body.name)
    if new.token:
        give_session(response, request, new.domain, new.token)
    started = start_from_template(new.server, new.caller, template) if template else None
    return {
        **_shown(request, new.domain, new.server, new.caller),
        "key": new.key or None,
        "comparison": started.comparison_id if started else "",
    }


@router.get("/{name}")
def get_domain(
    name: str, request: Request, server: ServerOf, caller: CallerOf, domain: DomainOf, domains: DomainsOf
) -> dict[str, Any]:
    """Return a domain with its counts and settings."""
    for shown in _listed(request, server, caller, domain, domains):
        if shown["id"] == name:
            return shown
    raise NotFound(f"No domain found with name {name!r}.", hint=f"This server serves {server.name!r}.")


def _listed(
    request: Request, server: Server, caller: Caller, domain: ServedDomain, domains: ServedDomains
) -> Iterator[dict[str, Any]]:
    """Yield this domain as its caller sees it, then the others as those see them who are logged in there."""
    yield _shown(request, domain, server, caller)
    tokens = session_tokens(request, domains)
    for other, others_server, other_caller in domains_to_enter(
        domains, tokens, is_open=request.app.state.is_open
    ):
        if other is not domain:
            yield _shown(request, other, others_server, other_caller)


def _shown(request: Request, domain: ServedDomain, server: Server, caller: Caller) -> dict[str, Any]:
    """Return a domain object: its summary, and where clients of OpenAI's API find it."""
    address = f"/d/{domain.slug}"
    inside = public_url(request, "").removesuffix(f"/d/{request.app.state.domain.slug}")
    return {**domain_summary(server, caller), "path": address, "base_url": f"{inside}{address}/v1"}
