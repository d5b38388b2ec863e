"""`/lorewright/v1/prompts`: prompts with versions and variables, used by their id in responses."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, OrderOf, listed_values
from lorewright.request_body import RequestBody
from lorewright.storage import Record
from lorewright.workspace.openai.prompts import (
    add_prompt_version,
    choose_prompt_version,
    create_prompt,
    delete_prompt,
    find_prompt,
    get_prompt_version,
    list_prompt_versions,
    list_prompts,
    variables_in,
)

router = APIRouter(prefix="/lorewright/v1/prompts", tags=["prompts"])


class PromptText(RequestBody):
    """What a prompt says, with `{{variables}}`, and what else of a response it sets."""

    model_config = ConfigDict(extra="allow")

    instructions: str | None = None
    input: str | list[dict[str, Any]] | None = None


class NewPrompt(PromptText):
    """A request for a prompt."""

    name: Annotated[str, Field(min_length=1, max_length=256)]


class NewVersion(PromptText):
    """A request for another version."""

    is_default: bool = True


class PromptChange(RequestBody):
    """A request to use another version where none is named."""

    default_version: str


@router.post("")
def create(body: NewPrompt, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Create a prompt."""
    given = body.model_dump(exclude={"name"}, exclude_none=True)
    return _shown(create_prompt(server, caller, name=body.name, body=given))


@router.get("")
def get_page(server: ServerOf, caller: CallerOf, limit: Limit = 20, after: str = "") -> dict[str, Any]:
    """List prompts, the newest first."""
    page = list_prompts(server, caller, limit=limit, after=after)
    return listed_values([_shown(prompt) for prompt in page.records], has_more=page.has_more)


@router.get("/{prompt_id}")
def get(prompt_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one prompt."""
    return _shown(find_prompt(server, caller, prompt_id))


@router.post("/{prompt_id}")
def change(prompt_id: str, body: PromptChange, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Choose the version that is used where a request names none."""
    return _shown(choose_prompt_version(server, caller, prompt_id, body.default_version))


@router.delete("/{prompt_id}")
def delete(prompt_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Delete a prompt with its versions."""
    delete_prompt(server, caller, prompt_id)
    return {"id": prompt_id, "object": "prompt.deleted", "deleted": True}


@router.post("/{prompt_id}/versions")
def create_version(prompt_id: str, body: NewVersion, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Add a version to a prompt; earlier versions stay as they are."""
    given = body.model_dump(exclude={"is_default"}, exclude_none=True)
    return _shown_version(add_prompt_version(server, caller, prompt_id, given, is_default=body.is_default))


@router.get("/{prompt_id}/versions")
def get_versions(
    prompt_id: str, server: ServerOf, caller: CallerOf, limit: Limit = 20, order: OrderOf = "desc"
) -> dict[str, Any]:
    """List the versions of a prompt, the newest first."""
    page = list_prompt_versions(server, caller, prompt_id, limit=limit, order=order)
    return listed_values([_shown_version(version) for version in page.records], has_more=page.has_more)


@router.get("/{prompt_id}/versions/{version}")
def get_version(prompt_id: str, version: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one version of a prompt."""
    return _shown_version(get_prompt_version(server, caller, prompt_id, version))


def _shown(prompt: Record) -> dict[str, Any]:
    return {
        "id": prompt.id,
        "object": "prompt",
        "created_at": int(prompt.created_at),
        "name": prompt.body["name"],
        "default_version": prompt.body["default"],
        "n_versions": prompt.body["n_versions"],
    }


def _shown_version(version: Record) -> dict[str, Any]:
    prompt_id, _, number = version.id.rpartition("/")
    return {
        "id": version.id,
        "object": "prompt.version",
        "prompt_id": prompt_id,
        "version": number,
        "created_at": int(version.created_at),
        "variables": variables_in(version.body),
        **version.body,
    }
