"""The rows of an evaluation run out of responses that were kept, and chat completions that were stored."""

from collections.abc import Mapping, Sequence
from typing import Any

from lorewright.access import Key
from lorewright.evaluation.data_source import Row, StoredCompletions, StoredResponses
from lorewright.storage import Record
from lorewright.workspace.chat_store import KIND as CHATS
from lorewright.workspace.chat_store import asked_messages
from lorewright.workspace.home import Home
from lorewright.workspace.owned import owner_of
from lorewright.workspace.response_items import messages_from
from lorewright.workspace.response_store import KIND


def stored_rows(home: Home, key: Key, wanted: StoredResponses) -> list[Row]:
    """Return the completed responses that a key may see and that are wanted, the oldest first.

    An item holds what was asked: `input` (the last text of the user), `messages`, `instructions`,
    `model`, `metadata` and `response_id`; its sample what was said.
    """
    every = home.records(KIND).all(owner=owner_of(key))
    return [_row(record) for record in every if _is_wanted(record.body["response"], wanted)]


def chat_rows(home: Home, key: Key, wanted: StoredCompletions) -> list[Row]:
    """Return the stored chat completions that a key may see and that are wanted, the oldest first.

    An item holds what was asked: `input` (the last text of the user), `messages`, `model`, `metadata`
    and `completion_id`; its sample what was said.
    """
    found = [
        _chat_row(record)
        for record in home.records(CHATS).all(owner=owner_of(key), label=wanted.model)
        if (wanted.created_after or 0) <= int(record.created_at) <= (wanted.created_before or float("inf"))
        and all(record.body["metadata"].get(name) == value for name, value in (wanted.metadata or {}).items())
    ]
    return found[: wanted.limit]


def _chat_row(record: Record) -> Row:
    completion = record.body["completion"]
    messages = [{"role": turn["role"], "content": turn["content"] or ""} for turn in asked_messages(record)]
    said = completion["choices"][0]["message"] if completion["choices"] else {}
    return Row(
        item={
            "input": _last_asked(messages),
            "messages": messages,
            "model": completion["model"],
            "metadata": record.body["metadata"],
            "completion_id": record.id,
        },
        sample={
            "input": messages,
            "output_text": said.get("content") or "",
            "model": completion["model"],
            "usage": completion["usage"],
        },
    )


def _last_asked(messages: Sequence[Mapping[str, Any]]) -> str:
    return next((str(turn["content"]) for turn in reversed(messages) if turn["role"] == "user"), "")


def _is_wanted(response: Mapping[str, Any], wanted: StoredResponses) -> bool:
    held = response["metadata"] or {}
    return (
        response["status"] == "completed"
        and response["created_at"] >= (wanted.created_after or 0)
        and response["created_at"] <= (wanted.created_before or float("inf"))
        and wanted.model in (None, response["model"])
        and wanted.temperature in (None, response["temperature"])
        and wanted.top_p in (None, response["top_p"])
        and (wanted.instructions_search or "") in (response["instructions"] or "")
        and all(held.get(name) == value for name, value in (wanted.metadata or {}).items())
    )


def _row(record: Record) -> Row:
    response, messages = record.body["response"], messages_from(record.body["input"])
    said = "".join(
        part.get("text", "")
        for item in response["output"]
        if item["type"] == "message"
        for part in item["content"]
    )
    usage = response["usage"] or {}
    return Row(
        item={
            "input": _last_asked(messages),
            "messages": messages,
            "instructions": response["instructions"] or "",
            "model": response["model"],
            "metadata": response["metadata"],
            "response_id": response["id"],
        },
        sample={
            "input": messages,
            "output_text": said,
            "model": response["model"],
            "usage": {
                "prompt_tokens": usage.get("input_tokens", 0),
                "completion_tokens": usage.get("output_tokens", 0),
                "total_tokens": usage.get("total_tokens", 0),
            },
        },
    )
