"""`/v1/fine_tuning/checkpoints/{name}/permissions`: refused, since there are no projects to share with."""

from fastapi import APIRouter

from lorewright.api.http.caller import CallerOf
from lorewright.api.http.errors import BadParameter

router = APIRouter(prefix="/v1/fine_tuning/checkpoints", tags=["fine-tuning"])


@router.get("/{name:path}/permissions")
@router.post("/{name:path}/permissions")
def refuse(name: str, caller: CallerOf) -> None:
    """Explain how to share a tuned model instead."""
    caller.need("tune")
    raise BadParameter(
        "project_ids",
        f"{name!r} cannot be shared with projects, which are not supported. "
        "Any key with permission for it, or for all models, can use it.",
    )


@router.delete("/{name:path}/permissions/{permission_id}")
def refuse_removal(name: str, permission_id: str, caller: CallerOf) -> None:  # noqa: ARG001
    """Explain that there are no permissions to remove."""
    refuse(name, caller)
