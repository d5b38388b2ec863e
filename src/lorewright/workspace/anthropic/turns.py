"""The messages of Anthropic's API as the turns of a chat completion."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lorewright.errors import BadParameter

Block = Mapping[str, Any]
Turn = dict[str, Any]
_THOUGHTS = ("thinking", "redacted_thinking")


def turns_from(system: str | Sequence[Block] | None, messages: Sequence[Block]) -> list[Turn]:
    """Return the turns; raise `BadParameter` that names the block which no model here can read.

    Turns of the same role that follow each other become one.
    """
    turns: list[Turn] = [{"role": "system", "content": _text(system, "system")}] if system else []
    for place, message in enumerate(messages):
        for turn in _turns(message, f"messages.{place}"):
            last = turns[-1] if turns else {}
            if turn["role"] == last.get("role") and turn["role"] != "tool" and "tool_calls" not in last:
                last["content"] = "\n".join(text for text in (last["content"], turn["content"]) if text)
                last |= {name: turn[name] for name in ("tool_calls",) if name in turn}
            else:
                turns.append(turn)
    return turns


def _turns(message: Block, param: str) -> Iterator[Turn]:
    role, blocks = message.get("role"), _blocks(message.get("content"), f"{param}.content")
    if role == "assistant":
        yield _assistant_turn(blocks, f"{param}.content")
    elif role == "user":
        if not blocks:
            raise BadParameter(f"{param}.content", f"{param}.content must not be empty.")
        for place, block in enumerate(blocks):
            if block.get("type") == "tool_result":
                yield _result(block, f"{param}.content.{place}")
        rest = [block for block in blocks if block.get("type") != "tool_result"]
        if rest:
            yield {"role": "user", "content": _text(rest, f"{param}.content")}
    elif role == "system":
        yield {"role": "system", "content": _text(blocks, f"{param}.content")}
    else:
        raise BadParameter(f"{param}.role", f"{param}.role is {role!r}; it must be user or assistant.")


def _assistant_turn(blocks: Sequence[Block], param: str) -> Turn:
    """Return what the model said and called; what it thought is left out."""
    calls = [
        {
            "id": str(block.get("id")),
            "type": "function",
            "function": {"name": str(block.get("name")), "arguments": json.dumps(block.get("input") or {})},
        }
        for block in blocks
        if block.get("type") == "tool_use"
    ]
    texts = [block for block in blocks if block.get("type") not in ("tool_use", *_THOUGHTS)]
    content = _text(texts, param, between="")
    return {"role": "assistant", "content": content, **({"tool_calls": calls} if calls else {})}


def _result(block: Block, param: str) -> Turn:
    """Return what a tool said."""
    text = _text(block.get("content") or "", f"{param}.content")
    return {
        "role": "tool",
        "tool_call_id": str(block.get("tool_use_id")),
        "content": f"Error: {text}" if block.get("is_error") else text,
    }


def _blocks(content: Any, param: str) -> list[Block]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    if isinstance(content, list) and all(isinstance(block, Mapping) for block in content):
        return content
    raise BadParameter(param, f"{param} must be a string or a list of blocks.")


def _text(content: Any, param: str, *, between: str = "\n") -> str:
    blocks = _blocks(content, param)
    return between.join(_block_text(block, f"{param}.{place}") for place, block in enumerate(blocks))


def _block_text(block: Block, param: str) -> str:
    """Return the text of a block: a text itself, or a document or search result that is one."""
    kind = block.get("type")
    if kind == "text" and isinstance(block.get("text"), str):
        return str(block["text"])
    citations = block.get("citations")
    if isinstance(citations, Mapping) and citations.get("enabled"):
        raise BadParameter(
            f"{param}.citations",
            "Citations require a flow: use an arm or a deployment as the model.",
        )
    if kind == "search_result":
        return _titled(block.get("title"), _text(block.get("content"), f"{param}.content"))
    source = block.get("source")
    if kind == "document" and isinstance(source, Mapping) and source.get("type") in ("text", "content"):
        text = str(source.get("data", "")) if source["type"] == "text" else ""
        return _titled(block.get("title"), text or _text(source.get("content") or "", f"{param}.source"))
    raise BadParameter(param, f"{param} has type {kind!r}; the models support text only.")


def _titled(title: object, text: str) -> str:
    return f"# {title}\n{text}" if title else text
