"""`/v1/evals`: what an item looks like, and which outputs are a pass."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from openai.types import (
    EvalCreateResponse,
    EvalDeleteResponse,
    EvalListResponse,
    EvalRetrieveResponse,
    EvalUpdateResponse,
)
from pydantic import Field

from lorewright.api.http.answers import ListOf, answers
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.errors import BadParameter
from lorewright.api.http.pages import Limit, OrderOf, listed
from lorewright.evaluation.graders import Grader
from lorewright.request_body import RequestBody
from lorewright.storage import Record
from lorewright.workspace.openai.evals.evals import change_eval, create_eval, delete_eval
from lorewright.workspace.openai.evals.listing import find_eval, list_evals

router = APIRouter(prefix="/v1/evals", tags=["evals"])


class CustomConfig(RequestBody):
    """Items with a custom schema; with `include_sample_schema`, a model is sampled for them."""

    type: Literal["custom"]
    item_schema: dict[str, Any]
    include_sample_schema: bool = False


class StoredConfig(RequestBody):
    """Stored completions of clients; not supported."""

    type: Literal["stored_completions", "logs"]
    metadata: dict[str, Any] | None = None


class EvalRequest(RequestBody):
    """A request for an evaluation."""

    data_source_config: Annotated[CustomConfig | StoredConfig, Field(discriminator="type")]
    testing_criteria: list[Grader] = Field(min_length=1, max_length=50)
    name: str = ""
    metadata: dict[str, Any] | None = None


class EvalChange(RequestBody):
    """A request to change the name or metadata."""

    name: str | None = None
    metadata: dict[str, Any] | None = None


@router.post("", responses=answers(EvalCreateResponse))
def post_eval(body: EvalRequest, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Create an evaluation."""
    config = body.data_source_config.model_dump(exclude_none=True)
    evaluation = create_eval(
        server, caller, name=body.name, metadata=body.metadata, config=config, graders=body.testing_criteria
    )
    return shown_eval(evaluation)


@router.get("", responses=answers(ListOf[EvalListResponse]))
def get_evals(
    server: ServerOf,
    caller: CallerOf,
    after: str = "",
    limit: Limit = 20,
    order: OrderOf = "asc",
    order_by: Literal["created_at", "updated_at"] = "created_at",
) -> dict[str, Any]:
    """List evaluations, the oldest first."""
    page = list_evals(server, caller, limit=limit, after=after, order=order, order_by=order_by)
    return listed(page, shown_eval)


@router.get("/{eval_id}", responses=answers(EvalRetrieveResponse))
def get_eval(eval_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one evaluation."""
    return shown_eval(find_eval(server, caller, eval_id))


@router.post("/{eval_id}", responses=answers(EvalUpdateResponse))
def update_eval(eval_id: str, body: EvalChange, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Change the name or metadata of an evaluation."""
    if not body.model_fields_set:
        raise BadParameter("name", "Nothing to change. Provide a name, metadata, or both.")
    return shown_eval(change_eval(server, caller, eval_id, name=body.name, metadata=body.metadata))


@router.delete("/{eval_id}", responses=answers(EvalDeleteResponse))
def remove_eval(eval_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Delete an evaluation with its runs."""
    delete_eval(server, caller, eval_id)
    return {"object": "eval.deleted", "deleted": True, "eval_id": eval_id}


def shown_eval(record: Record) -> dict[str, Any]:
    """Return an evaluation object."""
    config = record.body["data_source_config"]
    return {
        "id": record.id,
        "object": "eval",
        "created_at": int(record.created_at),
        "name": record.body["name"],
        "metadata": record.body["metadata"],
        "data_source_config": {"type": config["type"], "schema": _schema(config)},
        "testing_criteria": record.body["testing_criteria"],
    }


def _schema(config: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of what templates may refer to."""
    properties = {"item": config["item_schema"]}
    if config["include_sample_schema"]:
        sample = {
            "model": {"type": "string"}, "choices": {"type": "array"}, "output_text": {"type": "string"},
            "output_json": {}, "output_tools": {"type": "array"},
        }  # fmt: skip
        properties["sample"] = {
            "type": "object", "properties": sample, "required": ["model", "choices", "output_text"],
        }  # fmt: skip
    return {"type": "object", "properties": properties, "required": list(properties)}
