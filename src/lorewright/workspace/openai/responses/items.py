"""Items: what goes into a response and comes out of it, as they are kept and as a model reads them."""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from lorewright.errors import BadParameter
from lorewright.json_text import read_json
from lorewright.workspace.answering.messages import text_of

Item = dict[str, Any]
_PREFIXES: Mapping[str, str] = {
    "message": "msg", "function_call": "fc", "function_call_output": "fco", "file_search_call": "fs",
    "compaction": "cmp", "reasoning": "rs", "mcp_list_tools": "mcpl", "mcp_call": "mcp",
    "mcp_approval_request": "mcpr", "mcp_approval_response": "mcpa",
}  # fmt: skip
_ROLES = ("user", "system", "developer", "assistant")
_UNREAD = frozenset({
    "file_search_call", "reasoning", "mcp_list_tools", "mcp_approval_request", "mcp_approval_response",
})  # fmt: skip
"""Items whose outcome is in the messages after them."""
_NEEDED: Mapping[str, Sequence[str]] = {
    "function_call": ("call_id", "name", "arguments"), "function_call_output": ("call_id",),
    "mcp_list_tools": ("server_label",), "mcp_call": ("server_label", "name", "arguments"),
    "mcp_approval_request": ("server_label", "name", "arguments"),
    "mcp_approval_response": ("approval_request_id",),
}  # fmt: skip
SUMMARY = "Summary of the conversation so far:"


def new_id(kind: str) -> str:
    """Return an id for a new item of a kind."""
    return f"{_PREFIXES[kind]}_{uuid4().hex}"


def read_items(given: Any, *, param: str = "input") -> list[Item]:
    """Return what a client sends as items with ids; raise `BadParameter` naming one that is none."""
    if isinstance(given, str):
        given = [{"role": "user", "content": given}]
    if not isinstance(given, list | tuple):
        raise BadParameter(param, f"{param} must be a string or a list of items.")
    for place, item in enumerate(given):
        if not isinstance(item, Mapping):
            raise BadParameter(f"{param}[{place}]", f"{param}[{place}] must be an object.")
    return [_read(item, f"{param}[{place}]") for place, item in enumerate(given)]


def messages_from(items: Sequence[Item], *, instructions: str | None = None) -> list[dict[str, Any]]:
    """Return items as the messages of a chat completion; leading instructions become one message."""
    messages: list[dict[str, Any]] = []
    if instructions:
        messages.append({"role": "system", "content": instructions})
    for item in items:
        _add(messages, item)
    n = n_leading(messages)
    if n > 1:
        text = "\n\n".join(_plain(turn["content"]) for turn in messages[:n])
        messages[:n] = [{"role": "system", "content": text}]
    return messages


def n_leading(messages: Sequence[Mapping[str, Any]]) -> int:
    """Return how many messages stand before the conversation."""
    return next((place for place, turn in enumerate(messages) if turn["role"] != "system"), len(messages))


def user_item(content: Any) -> Item:
    """Return what a user said, as a chat completion has it, as an item."""
    given: Sequence[Mapping[str, Any]] = (
        [{"type": "text", "text": content}] if isinstance(content, str) else content
    )
    parts = [
        {"type": "input_image", "image_url": part["image_url"]["url"], "detail": part["image_url"]["detail"]}
        if part["type"] == "image_url"
        else {"type": "input_text", "text": part["text"]}
        for part in given
    ]
    return {
        "id": new_id("message"), "type": "message", "role": "user", "status": "completed", "content": parts,
    }  # fmt: skip


def message_item(text: str, *, annotations: Sequence[Any] = (), logprobs: Sequence[Any] = ()) -> Item:
    """Return what a model says as an item."""
    return {
        "id": new_id("message"), "type": "message", "role": "assistant", "status": "completed",
        "content": [output_text(text, annotations=annotations, logprobs=logprobs)],
    }  # fmt: skip


def output_text(text: str, *, annotations: Sequence[Any] = (), logprobs: Sequence[Any] = ()) -> Item:
    """Return a part of what a model says."""
    return {
        "type": "output_text", "text": text, "annotations": list(annotations), "logprobs": list(logprobs),
    }  # fmt: skip


def message_from_call(item: Item, said: str) -> list[dict[str, Any]]:
    """Return the call of a server's tool and what came of it as the messages of a chat completion."""
    function = {"name": item["name"], "arguments": item["arguments"]}
    call = {"id": item["id"], "type": "function", "function": function}
    return [
        {"role": "assistant", "content": "", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": item["id"], "content": said},
    ]


def sealed(summary: str) -> str:
    """Return a summary in the form in which it travels; who may send it may say anything anyway."""
    return base64.b64encode(json.dumps({"summary": summary}).encode()).decode()


def _read(item: Mapping[str, Any], param: str) -> Item:
    kind = str(item.get("type") or ("message" if "role" in item else ""))
    if kind == "item_reference":
        raise BadParameter(
            param,
            f"{param} is an item reference: send the item, previous_response_id or conversation.",
        )
    if kind not in _PREFIXES:
        raise BadParameter(
            f"{param}.type", f"{param}.type is {kind!r}; it must be one of: {', '.join(_PREFIXES)}."
        )
    given_id = item.get("id")
    read = {
        **{name: value for name, value in item.items() if value is not None},
        "id": given_id if isinstance(given_id, str) and given_id else new_id(kind),
        "type": kind,
    }
    if kind == "message":
        return _read_message(read, param)
    _need(read, _NEEDED.get(kind, ()), param)
    if kind == "mcp_approval_response" and not isinstance(read.get("approve"), bool):
        raise BadParameter(f"{param}.approve", f"{param}.approve must be true or false.")
    if kind == "function_call_output":
        text_of(read.get("output"), f"{param}.output")
    if kind == "compaction":
        _unsealed(read, param)
    return {"status": "completed", **read} if kind.startswith("function") else read


def _read_message(item: Item, param: str) -> Item:
    role = item.get("role")
    if role not in _ROLES:
        raise BadParameter(
            f"{param}.role", f"{param}.role is {role!r}; it must be one of: {', '.join(_ROLES)}."
        )
    content = item.get("content")
    if isinstance(content, str):
        content = [{"type": "input_text", "text": content}]
    if not isinstance(content, list) or not all(isinstance(part, Mapping) for part in content):
        raise BadParameter(f"{param}.content", f"{param}.content must be a string or a list of parts.")
    parts = [_read_part(part, role, f"{param}.content[{place}]") for place, part in enumerate(content)]
    return {**item, "role": role, "content": parts, "status": item.get("status", "completed")}


def _read_part(part: Mapping[str, Any], role: str, param: str) -> Item:
    kind = part.get("type")
    if kind == "input_image" and part.get("image_url"):
        return {"detail": "auto", **part}
    if kind == "refusal" and role == "assistant":
        return {"type": "refusal", "refusal": str(part.get("refusal") or "")}
    if kind not in ("text", "input_text", "output_text"):
        raise BadParameter(
            param,
            f"{param} has type {kind!r}; text and images by image_url are supported. "
            "Add files to a vector store and search it with the file_search tool.",
        )
    if not isinstance(part.get("text"), str):
        raise BadParameter(f"{param}.text", f"{param}.text must be a string.")
    if role == "assistant":
        lists = {name: part.get(name) or [] for name in ("annotations", "logprobs")}
        for name, given in lists.items():
            if not isinstance(given, list):
                raise BadParameter(f"{param}.{name}", f"{param}.{name} must be a list.")
        return output_text(part["text"], **lists)
    return {"type": "input_text", "text": part["text"]}


def _need(item: Item, names: Sequence[str], param: str) -> None:
    for name in names:
        if not isinstance(item.get(name), str):
            raise BadParameter(f"{param}.{name}", f"{param} ({item['type']}) must have {name}, a string.")


def _add(messages: list[dict[str, Any]], item: Item) -> None:
    """Add an item to the messages; calls of one turn belong to one message."""
    kind = item["type"]
    if kind in _UNREAD:
        return
    if kind == "function_call":
        call = {
            "id": item["call_id"], "type": "function",
            "function": {"name": item["name"], "arguments": item["arguments"]},
        }  # fmt: skip
        if not messages or messages[-1]["role"] != "assistant":
            messages.append({"role": "assistant", "content": ""})
        messages[-1].setdefault("tool_calls", []).append(call)
    elif kind == "function_call_output":
        text = text_of(item.get("output"), "output")
        messages.append({"role": "tool", "tool_call_id": item["call_id"], "content": text})
    elif kind == "mcp_call":
        messages += message_from_call(item, _outcome(item))
    elif kind == "compaction":
        summary = {"role": "system", "content": f"{SUMMARY}\n{_unsealed(item, 'input')}"}
        messages.insert(n_leading(messages), summary)  # before what users said, which is kept beside it
    else:
        role = "system" if item["role"] == "developer" else item["role"]
        messages.append({"role": role, "content": _content(item["content"])})


def _outcome(item: Item) -> str:
    """Return what came of the call of a server's tool, as the model is told."""
    error = item.get("error")
    if not error:
        return str(item.get("output") or "")
    content = error.get("content") if isinstance(error, Mapping) else error
    return f"Error: {text_of(content, 'error') if isinstance(content, list) else content}"


def _content(parts: Sequence[Mapping[str, Any]]) -> Any:
    """Return the parts of a message as one text, or as a list where there are images among them."""
    if all(part["type"] != "input_image" for part in parts):
        return text_of(list(parts), "content")
    return [
        {"type": "image_url", "image_url": {"url": part["image_url"], "detail": part["detail"]}}
        if part["type"] == "input_image"
        else {"type": "text", "text": part.get("text", "")}
        for part in parts
    ]


def _plain(content: Any) -> str:
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def _unsealed(item: Item, param: str) -> str:
    try:
        return str(read_json(base64.b64decode(item["encrypted_content"], validate=True))["summary"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadParameter(
            f"{param}.encrypted_content", f"{param} is not a compaction of this server."
        ) from error
