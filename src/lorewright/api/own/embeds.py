"""`/lorewright/v1/deployments/{name}/embeds`: chats with a deployment for other pages."""

from typing import Any

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from lorewright.access import Limits
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.request_body import RequestBody
from lorewright.workspace.deployments.embeds import (
    REQUESTS_PER_MINUTE,
    Embed,
    create_embed,
    list_embeds,
    remove_embed,
)

router = APIRouter(prefix="/lorewright/v1", tags=["deployments"])


class NewEmbed(RequestBody):
    """A request for a chat that the pages of some origins may show."""

    model_config = ConfigDict(extra="forbid")

    origins: list[str] = Field(min_length=1, max_length=20)
    title: str = Field(default="", max_length=200)
    reads_documents: bool = False
    requests_per_minute: int = Field(default=REQUESTS_PER_MINUTE, ge=1)
    usd_per_month: float = Field(default=0.0, ge=0)


@router.post("/deployments/{name}/embeds")
def create(name: str, body: NewEmbed, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Create an embedded chat with a deployment; for administrators."""
    limits = Limits(requests_per_minute=body.requests_per_minute, usd_per_month=body.usd_per_month)
    embed = create_embed(
        server, caller, name, title=body.title, origins=body.origins, limits=limits,
        reads_documents=body.reads_documents,
    )  # fmt: skip
    return shown_embed(embed)


@router.get("/deployments/{name}/embeds")
def get_all(name: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """List the embedded chats with a deployment; for administrators."""
    return {"object": "list", "data": [shown_embed(one) for one in list_embeds(server, caller, name)]}


@router.delete("/embeds/{embed_id}")
def delete(embed_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Remove an embedded chat and revoke its key."""
    remove_embed(server, caller, embed_id)
    return {"id": embed_id, "object": "embed.deleted", "deleted": True}


def shown_embed(embed: Embed) -> dict[str, Any]:
    """Return an embed object."""
    return {
        "id": embed.id,
        "object": "embed",
        "created_at": int(embed.created_at),
        "deployment": embed.deployment,
        "title": embed.title,
        "origins": list(embed.origins),
        "key": embed.key_id,
        "reads_documents": embed.reads_documents,
        "path": f"/embed/{embed.id}",
    }
