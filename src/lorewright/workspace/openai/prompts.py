"""Prompts that are kept under a name, with versions and variables, for requests to name by their id."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from lorewright.access import Caller
from lorewright.errors import BadParameter, NotFound
from lorewright.storage import Order, Page, Record
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.server.server import Server

KIND, VERSIONS = "prompt", "prompt_version"
VARIABLE = re.compile(r"\{\{\s*([A-Za-z_]\w{0,63})\s*\}\}")
SETTINGS = (
    "model", "temperature", "top_p", "max_output_tokens", "text", "tools", "tool_choice", "reasoning",
)  # fmt: skip
"""What of a response a prompt may set, beside its texts; what a request says itself goes first."""


def create_prompt(server: Server, caller: Caller, *, name: str, body: Mapping[str, Any]) -> Record:
    """Return a new prompt with its first version; everybody who may chat may use it."""
    caller.need("deploy")
    checked = _checked(body)
    prompt = server.records(KIND).add(
        f"pmpt_{uuid4().hex}", {"name": name, "n_versions": 1, "default": "1"}, owner=caller.id
    )
    _keep(server, caller, prompt.id, "1", checked)
    audit(server.workspace, caller, Act.PROMPT_CREATED, prompt.id, name=name)
    return prompt


def add_prompt_version(
    server: Server, caller: Caller, prompt_id: str, body: Mapping[str, Any], *, is_default: bool = True
) -> Record:
    """Return a new version of a prompt; from then on it is the one used, where it is the default."""
    caller.need("deploy")
    checked = _checked(body)

    def count(held: dict[str, Any]) -> dict[str, Any]:
        number = held["n_versions"] + 1
        return held | {"n_versions": number} | ({"default": str(number)} if is_default else {})

    changed = server.records(KIND).change(prompt_id, count)
    version = _keep(server, caller, prompt_id, str(changed.body["n_versions"]), checked)
    _note_change(server, caller, prompt_id)
    return version


def choose_prompt_version(server: Server, caller: Caller, prompt_id: str, version: str) -> Record:
    """Return the prompt with another version used where none is named."""
    caller.need("deploy")
    get_prompt_version(server, caller, prompt_id, version)
    changed = server.records(KIND).change(prompt_id, lambda held: held | {"default": version})
    _note_change(server, caller, prompt_id)
    return changed


def delete_prompt(server: Server, caller: Caller, prompt_id: str) -> None:
    """Remove a prompt with its versions."""
    caller.need("deploy")
    server.records(KIND).remove(prompt_id)
    server.records(VERSIONS).remove_all(parent=prompt_id)
    audit(server.workspace, caller, Act.PROMPT_REMOVED, prompt_id)


def list_prompts(server: Server, caller: Caller, *, limit: int = 20, after: str = "") -> Page:
    """Return a page of the prompts, the newest first."""
    caller.need("chat", "deploy")
    return server.records(KIND).page(limit=limit, after=after)


def find_prompt(server: Server, caller: Caller, prompt_id: str) -> Record:
    """Return a prompt; raise `NotFound` for one that is not there."""
    caller.need("chat", "deploy")
    return server.records(KIND).get(prompt_id)


def list_prompt_versions(
    server: Server, caller: Caller, prompt_id: str, *, limit: int = 20, order: Order = "desc"
) -> Page:
    """Return a page of the versions of a prompt."""
    find_prompt(server, caller, prompt_id)
    return server.records(VERSIONS).page(parent=prompt_id, limit=limit, order=order)


def get_prompt_version(server: Server, caller: Caller, prompt_id: str, version: str = "") -> Record:
    """Return a version of a prompt, the one that is used where none is named."""
    prompt = find_prompt(server, caller, prompt_id)
    number = version or str(prompt.body["default"])
    record = server.records(VERSIONS).find(f"{prompt_id}/{number}")
    if record is None:
        raise NotFound(f"The prompt {prompt_id!r} has no version {number!r}.", param="prompt.version")
    return record


@dataclass(frozen=True, slots=True)
class PromptText:
    """A kept prompt as the text of a question: its name, the version, and the variables to ask for."""

    id: str
    name: str
    version: str
    text: str
    variables: tuple[str, ...]


def all_prompt_texts(server: Server, caller: Caller) -> list[PromptText]:
    """Return every prompt that has a text, by its name, in the version that is used where none is named."""
    caller.need("chat", "deploy")
    texts = []
    for prompt in server.records(KIND).all():
        version = server.records(VERSIONS).find(f"{prompt.id}/{prompt.body['default']}")
        text = "\n\n".join(_texts(version.body)).strip() if version else ""
        if version and text:
            variables = tuple(variables_in(version.body))
            number = str(prompt.body["default"])
            texts.append(PromptText(prompt.id, str(prompt.body["name"]), number, text, variables))
    return sorted(texts, key=lambda one: one.name.casefold())


def filled_text(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its variables filled in, once: a value is never read again."""
    return VARIABLE.sub(lambda match: values.get(match[1], match[0]), text)


def variables_in(body: Mapping[str, Any]) -> list[str]:
    """Return the variables that the texts of a version name, each once."""
    return list(dict.fromkeys(name for text in _texts(body) for name in VARIABLE.findall(text)))


def _checked(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a version's body; raise `BadParameter` for what no response can take."""
    unknown = [name for name in body if name not in (*SETTINGS, "instructions", "input")]
    if unknown:
        raise BadParameter(unknown[0], f"A prompt has no {unknown[0]!r}. It may hold: {', '.join(SETTINGS)}.")
    for place, tool in enumerate(body.get("tools") or ()):
        if isinstance(tool, Mapping) and tool.get("authorization"):
            raise BadParameter(
                f"tools[{place}].authorization",
                "Everybody who may chat may use a prompt: send authorization with the request.",
            )
    kept = {name: value for name, value in body.items() if value not in (None, "", [])}
    if not kept.get("instructions") and not kept.get("input"):
        raise BadParameter("instructions", "A prompt needs instructions, input, or both.")
    return kept


def _texts(value: Any) -> list[str]:
    """Return every text of what a prompt says; its settings have no variables."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        named = {"instructions", "input", "content", "text"}
        return [text for name, part in value.items() if name in named for text in _texts(part)]
    return [text for part in value for text in _texts(part)] if isinstance(value, list | tuple) else []


def _keep(server: Server, caller: Caller, prompt_id: str, version: str, body: dict[str, Any]) -> Record:
    return server.records(VERSIONS).add(f"{prompt_id}/{version}", body, parent=prompt_id, owner=caller.id)


def _note_change(server: Server, caller: Caller, prompt_id: str) -> None:
    audit(server.workspace, caller, Act.PROMPT_CHANGED, prompt_id)
