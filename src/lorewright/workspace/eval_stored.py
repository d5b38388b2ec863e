"""The rows of an evaluation run out of responses that were kept."""

from collections.abc import Mapping
from typing import Any

from lorewright.access import Key
from lorewright.evaluation.data_source import Row, StoredResponses
from lorewright.storage import Record
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
    asked = next((turn["content"] for turn in reversed(messages) if turn["role"] == "user"), "")
    return Row(
        item={
            "input": asked,
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
