"""The rows of an evaluation run, from a request, a file, or what was stored."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from lorewright.access import Key
from lorewright.errors import BadParameter, UserError
from lorewright.evaluation.data_source import (
    Completions,
    FileContent,
    FileId,
    Jsonl,
    Responses,
    Row,
    StoredResponses,
)
from lorewright.evaluation.item_schema import UnfitItem, check_item
from lorewright.workspace.eval_stored import chat_rows, stored_rows
from lorewright.workspace.files import find_file, path_of
from lorewright.workspace.home import Home

MAX_ROWS = 50_000


def read_rows(
    home: Home, key: Key, source: Jsonl | Completions | Responses, schema: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return every row as JSON; raise `UserError` that names the first one that cannot be used."""
    given = source.source
    if isinstance(given, FileContent):
        rows = given.content
    elif isinstance(given, FileId):
        rows = _file_rows(home, key, given.id)
    elif isinstance(given, StoredResponses):
        rows = stored_rows(home, key, given)
    else:
        rows = chat_rows(home, key, given)
    if not rows:
        raise UserError("The data source has no rows.", hint="Give other filters, or a file with lines.")
    if len(rows) > MAX_ROWS:
        raise UserError(f"The data source has {len(rows)} rows; at most {MAX_ROWS} are read.")
    check_rows(rows, schema)
    return [row.model_dump(exclude_none=True) for row in rows]


def check_rows(rows: Iterable[Row], schema: Mapping[str, Any]) -> None:
    """Raise `BadParameter` that names the first row whose item does not fit the schema."""
    for place, row in enumerate(rows):
        try:
            check_item(row.item, schema)
        except UnfitItem as error:
            raise BadParameter(
                f"data_source.source.content.{place}.item", f"Row {place + 1} does not fit: {error}"
            ) from error


def _file_rows(home: Home, key: Key, file_id: str) -> list[Row]:
    file = find_file(home, key, file_id)
    rows = []
    with path_of(home, file).open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                rows.append(_row(line, f"Line {number} of {file.body['filename']}"))
    return rows


def _row(line: bytes, place: str) -> Row:
    try:
        return Row.model_validate(json.loads(line))
    except ValidationError as error:
        first = error.errors()[0]
        raise UserError(
            f"{place} is no row: {'.'.join(map(str, first['loc']))}: {first['msg']}.",
            hint='A line looks like: {"item": {"question": "..."}}',
        ) from error
    except ValueError as error:
        raise UserError(f"{place} is no JSON: {error}.") from error
