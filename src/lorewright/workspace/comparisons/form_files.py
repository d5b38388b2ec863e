"""The files of a domain that answers are scored with: a JSON schema, a database to run queries on."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from lorewright.errors import InvalidSetting
from lorewright.json_text import read_json
from lorewright.workspace.domain.workspace import Workspace


def schema_of(workspace: Workspace) -> Mapping[str, Any] | None:
    """Return the JSON schema that answers must follow, `None` where the settings name none."""
    path = _path(workspace, "json_schema")
    if path is None:
        return None
    from jsonschema import Draft202012Validator, SchemaError  # takes a tenth of a second to load

    try:
        schema = read_json(path.read_text(encoding="utf-8"))
        Draft202012Validator.check_schema(schema)
    except (ValueError, SchemaError) as error:
        reason = str(error).splitlines()[0]
        raise InvalidSetting(
            f"evaluation.json_schema: {path.name} is not a JSON schema: {reason}.", hint="Fix that file."
        ) from error
    return dict(schema)


def database_of(workspace: Workspace) -> Path | None:
    """Return the SQLite file to run queries on, `None` where the settings name none."""
    path = _path(workspace, "sql_database")
    if path is None:
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("SELECT name FROM sqlite_master LIMIT 1").fetchall()
    except sqlite3.Error as error:
        raise InvalidSetting(
            f"evaluation.sql_database: {path.name} is not a SQLite database: {error}.",
            hint="Name a SQLite file of the domain.",
        ) from error
    return path


def _path(workspace: Workspace, name: str) -> Path | None:
    given = str(getattr(workspace.settings.evaluation, name))
    if not given:
        return None
    path: Path = workspace.folder / given
    if not path.is_file():
        raise InvalidSetting(
            f"evaluation.{name}: file not found: {given}.", hint="Give its path from the domain's folder."
        )
    return path
