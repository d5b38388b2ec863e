"""`/lorewright/v1/domains`: the domain that is served."""

from typing import Any

from fastapi import APIRouter

from lorewright.api.caller import Caller, HomeOf
from lorewright.api.pages import listed_values
from lorewright.errors import NotFound
from lorewright.workspace.domain_summary import domain_summary

router = APIRouter(prefix="/lorewright/v1/domains", tags=["domains"])


@router.get("")
def list_domains(home: HomeOf, caller: Caller) -> dict[str, Any]:
    """List the domains that are served: this one."""
    caller.need("read")
    return listed_values([domain_summary(home, caller)])


@router.get("/{name}")
def get_domain(name: str, home: HomeOf, caller: Caller) -> dict[str, Any]:
    """Return the domain: its counts and settings."""
    caller.need("read")
    if name != home.name:
        raise NotFound(f"No domain found with name {name!r}.", hint=f"This server serves {home.name!r}.")
    return domain_summary(home, caller)
