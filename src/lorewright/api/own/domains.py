"""`/lorewright/v1/domains`: the domain that is served."""

from typing import Any

from fastapi import APIRouter

from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import listed_values
from lorewright.errors import NotFound
from lorewright.workspace.agents.summary import domain_summary

router = APIRouter(prefix="/lorewright/v1/domains", tags=["domains"])


@router.get("")
def list_domains(server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """List the domains that this server serves: exactly one."""
    return listed_values([domain_summary(server, caller)])


@router.get("/{name}")
def get_domain(name: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return the domain with its counts and settings."""
    summary = domain_summary(server, caller)
    if name != server.name:
        raise NotFound(f"No domain found with name {name!r}.", hint=f"This server serves {server.name!r}.")
    return summary
