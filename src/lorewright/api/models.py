"""`/v1/models`: base models, tuned ones, arms and deployments."""

from typing import Any

from fastapi import APIRouter

from lorewright.api.caller import Caller, HomeOf
from lorewright.errors import NotFound
from lorewright.workspace.served import Served, find_served, list_served

router = APIRouter(prefix="/v1", tags=["models"])


@router.get("/models")
def list_models(home: HomeOf, caller: Caller) -> dict[str, Any]:
    """List the models that the caller may use."""
    return {"object": "list", "data": [_shown(served) for served in list_served(home, caller)]}


@router.get("/models/{name:path}")
def get_model(name: str, home: HomeOf, caller: Caller) -> dict[str, Any]:
    """Return one model."""
    return _shown(find_served(home, name, caller))


@router.delete("/models/{name:path}")
def delete_model(name: str, home: HomeOf, caller: Caller) -> dict[str, Any]:
    """Delete a tuned model; others cannot be deleted here."""
    caller.need("tune")
    served = find_served(home, name, caller)
    if served.kind != "tuned":
        raise NotFound(f"{name!r} is no tuned model: only those can be deleted here.")
    home.records("tuned_model").remove(served.id)
    return {"id": served.id, "object": "model", "deleted": True}


def _shown(served: Served) -> dict[str, Any]:
    return {
        "id": served.id,
        "object": "model",
        "created": int(served.created_at),
        "owned_by": served.owned_by,
        "kind": served.kind,
    }
