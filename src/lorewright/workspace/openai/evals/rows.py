"""The rows of an evaluation: from files, and from kept answers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from lorewright.access import Caller
from lorewright.errors import BadParameter, UserError
from lorewright.evaluation.openai_evals.data_source import (
    Completions,
    FileContent,
    FileId,
    Jsonl,
    Responses,
    Row,
    StoredCompletions,
    StoredResponses,
)
from lorewright.evaluation.openai_evals.item_schema import UnfitItem, check_item
from lorewright.json_text import read_json
from lorewright.storage import Record
from lorewright.workspace.collections.files import own_file, path_of
from lorewright.workspace.openai.responses.items import messages_from
from lorewright.workspace.openai.responses.records import KIND
from lorewright.workspace.openai.stored_completions import KIND as CHATS
from lorewright.workspace.openai.stored_completions import asked_messages
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import owner_of

MAX_ROWS = 50_000


def read_rows(
    server: Server, caller: Caller, source: Jsonl | Completions | Responses, schema: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return every row as JSON; raise `UserError` that names the first one that cannot be used."""
    given = source.source
    if isinstance(given, FileContent):
        rows = given.content
    elif isinstance(given, FileId):
        rows = _file_rows(server, caller, given.id)
    elif isinstance(given, StoredResponses):
        rows = stored_rows(server, caller, given)
    else:
        rows = chat_rows(server, caller, given)
    if not rows:
        raise UserError(
            "The data source has no rows.", hint="Use other filters, or a file that is not empty."
        )
    if len(rows) > MAX_ROWS:
        raise UserError(f"The data source has {len(rows)} rows; the limit is {MAX_ROWS}.")
    check_rows(rows, schema)
    return [row.model_dump(exclude_none=True) for row in rows]


def check_rows(rows: Iterable[Row], schema: Mapping[str, Any]) -> None:
    """Raise `BadParameter` that names the first row whose item does not fit the schema."""
    for place, row in enumerate(rows):
        try:
            check_item(row.item, schema)
        except UnfitItem as error:
            raise BadParameter(
                f"data_source.source.content.{place}.item",
                f"Row {place + 1} does not match the schema: {error}",
            ) from error


def _file_rows(server: Server, caller: Caller, file_id: str) -> list[Row]:
    file = own_file(server, caller, file_id)
    rows = []
    with path_of(server, file).open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                rows.append(_row(line, f"Line {number} of {file.body['filename']}"))
    return rows


def _row(line: bytes, place: str) -> Row:
    try:
        return Row.model_validate(read_json(line))
    except ValidationError as error:
        first = error.errors()[0]
        raise UserError(
            f"{place} is not a valid row: {'.'.join(map(str, first['loc']))}: {first['msg']}.",
            hint='Example: {"item": {"question": "..."}}',
        ) from error
    except ValueError as error:
        raise UserError(f"{place} is not valid JSON: {error}.") from error


def stored_rows(server: Server, caller: Caller, wanted: StoredResponses) -> list[Row]:
    """Return the completed responses that a key may see and that are wanted, the oldest first.

    An item holds what was asked: `input` (the last text of the user), `messages`, `instructions`,
    `model`, `metadata` and `response_id`; its sample what was said.
    """
    every = server.records(KIND).all(owner=owner_of(caller))
    return [_stored_row(record) for record in every if _is_wanted(record.body["response"], wanted)]


def chat_rows(server: Server, caller: Caller, wanted: StoredCompletions) -> list[Row]:
    """Return the stored chat completions that a key may see and that are wanted, the oldest first.

    An item holds what was asked: `input` (the last text of the user), `messages`, `model`, `metadata`
    and `completion_id`; its sample what was said.
    """
    matching = [
        _chat_row(record)
        for record in server.records(CHATS).all(owner=owner_of(caller), label=wanted.model)
        if (wanted.created_after or 0) <= int(record.created_at) <= (wanted.created_before or float("inf"))
        and all(record.body["metadata"].get(name) == value for name, value in (wanted.metadata or {}).items())
    ]
    return matching[: wanted.limit]


def _chat_row(record: Record) -> Row:
    completion = record.body["completion"]
    messages = [{"role": turn["role"], "content": turn["content"] or ""} for turn in asked_messages(record)]
    message = completion["choices"][0]["message"] if completion["choices"] else {}
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
            "output_text": message.get("content") or "",
            "model": completion["model"],
            "usage": completion["usage"],
        },
    )


def _last_asked(messages: Sequence[Mapping[str, Any]]) -> str:
    return next((str(turn["content"]) for turn in reversed(messages) if turn["role"] == "user"), "")


def _is_wanted(response: Mapping[str, Any], wanted: StoredResponses) -> bool:
    metadata = response["metadata"] or {}
    return (
        response["status"] == "completed"
        and response["created_at"] >= (wanted.created_after or 0)
        and response["created_at"] <= (wanted.created_before or float("inf"))
        and wanted.model in (None, response["model"])
        and wanted.temperature in (None, response["temperature"])
        and wanted.top_p in (None, response["top_p"])
        and (wanted.instructions_search or "") in (response["instructions"] or "")
        and all(metadata.get(name) == value for name, value in (wanted.metadata or {}).items())
    )


def _stored_row(record: Record) -> Row:
    response, messages = record.body["response"], messages_from(record.body["input"])
    text = "".join(
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
            "output_text": text,
            "model": response["model"],
            "usage": {
                "prompt_tokens": usage.get("input_tokens", 0),
                "completion_tokens": usage.get("output_tokens", 0),
                "total_tokens": usage.get("total_tokens", 0),
            },
        },
    )
