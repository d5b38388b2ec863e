"""Settings changed from outside an editor: written into lorewright.toml, whose comments stay."""

from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.items import Table

from lorewright.access import Caller
from lorewright.settings import Settings, read_settings
from lorewright.whole_files import unfinished_file
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.folder import SETTINGS_FILE
from lorewright.workspace.domain.workspace import Workspace


def change_settings(workspace: Workspace, caller: Caller, changes: Mapping[str, Any]) -> Settings:
    """Return the settings with other values, as `write_settings` does; for administrators."""
    caller.need("admin")
    return save_settings(workspace, caller, changes)


def save_settings(workspace: Workspace, by: Caller, changes: Mapping[str, Any]) -> Settings:
    """Return the settings with other values, and note who changed which; `by` was asked for the right."""
    settings = write_settings(workspace, changes)
    audit(workspace, by, Act.SETTINGS_CHANGED, ", ".join(changes), keys=sorted(changes))
    return settings


def write_settings(workspace: Workspace, changes: Mapping[str, Any]) -> Settings:
    """Return the settings with other values, by path such as `retrieval.n_kept`; written and in force.

    `None` takes a key out: its default holds again. Raises `InvalidSetting` for what cannot be,
    and then nothing is written.
    """
    path = workspace.folder / SETTINGS_FILE
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    for name, value in changes.items():
        _set(document, name, value)
    with unfinished_file(path) as draft:
        draft.write_text(tomlkit.dumps(document), encoding="utf-8")
        read_settings(draft)
    workspace.reload()
    return workspace.settings


def _set(document: tomlkit.TOMLDocument, name: str, value: Any) -> None:
    """Set one key of a document; its section is made where there is none."""
    section, _, key = name.rpartition(".")
    if section and section not in document:
        if value is None:
            return
        document[section] = tomlkit.table()
    place: Any = document[section] if section else document
    if value is not None:
        place[key] = list(value) if isinstance(value, tuple) else value
    elif key in place:
        del place[key]
    if isinstance(place, Table) and section and not place.value:
        del document[section]
