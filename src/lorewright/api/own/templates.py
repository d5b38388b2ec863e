"""`/lorewright/v1/templates`: worked domains to start from."""

from typing import Any

from fastapi import APIRouter

from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import listed_values
from lorewright.api.own.jobs import shown_job
from lorewright.workspace.comparisons.from_template import start_from_template
from lorewright.workspace.domain.fill import templates_to_use

router = APIRouter(prefix="/lorewright/v1/templates", tags=["templates"])


@router.get("")
def list_templates(caller: CallerOf) -> dict[str, Any]:
    """List the templates that an empty domain can be filled from."""
    found = templates_to_use(caller).items()
    return listed_values([{"id": name, "object": "template", **one.to_json()} for name, one in found])


@router.post("/{name}")
def load_template(name: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Fill an empty domain from a template; the job indexes its documents.

    `comparison` names what was measured on the template before shipping, empty without one.
    """
    started = start_from_template(server, caller, name)
    return {
        "id": name,
        "object": "template",
        "comparison": started.comparison_id,
        "job": shown_job(server, caller, started.job),
    }
