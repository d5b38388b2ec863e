"""`/v1/models`: base models, tuned ones, arms and deployments."""

from typing import Any

from fastapi import APIRouter
from openai.types import Model, ModelDeleted

from lorewright.api.http.answers import ListOf, answers
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.workspace.answering.served_models import (
    ServedModel,
    find_served,
    list_served,
    remove_tuned_model,
)
from lorewright.workspace.openai.embeddings import embedding_models

router = APIRouter(prefix="/v1", tags=["models"])


@router.get("/models", responses=answers(ListOf[Model]))
def list_models(server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """List the models that the caller may use, the embedding model among them."""
    models = [_as_json(served) for served in list_served(server, caller)]
    return {"object": "list", "data": [*models, *embedding_models(server, caller)]}


@router.get("/models/{name:path}", responses=answers(Model))
def get_model(name: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one model; an embedding model also by OpenAI's names for one."""
    embedding = (one for one in embedding_models(server, caller) if name in (one["id"], *one["aliases"]))
    return next(embedding, None) or _as_json(find_served(server, name, caller))


@router.delete("/models/{name:path}", responses=answers(ModelDeleted))
def delete_model(name: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Delete a tuned model; others cannot be deleted."""
    return {"id": remove_tuned_model(server, caller, name), "object": "model", "deleted": True}


def _as_json(served: ServedModel) -> dict[str, Any]:
    return {
        "id": served.id,
        "object": "model",
        "created": int(served.created_at),
        "owned_by": served.owned_by,
        "kind": served.kind,
    }
