"""Every setting as a form shows it: its section, what it means, its type, its value, its default."""

import re
import typing
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from typing import Any, Literal

from lorewright.settings import Settings
from lorewright.workspace.domain.settings_template import SETTINGS_TEMPLATE

_SECTION = re.compile(r"^(?:# )?\[+([\w.]+)\]+\s*(?:#\s*(.*))?$")
_KEY = re.compile(r"^# (\w+) = (?:\"[^\"]*\"|[^#]*?)\s*(?:#\s*(.*))?$")

_AUTO = re.compile(r"^# (\w+) = \"auto\"")
_FOLLOWS = frozenset({
    "tuning.epochs", "tuning.max_examples", "tuning.no_gold_share",
    "priorities.unsupported", "priorities.second_points", "priorities.cost_points",
    "priorities.stale_percent", "traffic.changes_per_month",
    "serve.memory_gb", "serve.n_threads", "serve.n_prompt_threads",
})  # fmt: skip
"""Numbers whose default, 0 or -1, says that they follow from something else."""
_MOVED = "storage"
"""The section that says where the state is: `lorewright move` changes it, and takes the state along."""

Kind = Literal["text", "whole number", "number", "true or false", "choice", "texts"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """One setting: `path` is its name in lorewright.toml, such as `retrieval.n_kept`."""

    path: str
    section: str
    name: str
    description: str
    kind: Kind
    value: Any
    default: Any
    choices: tuple[str, ...] = ()
    is_auto: bool = False
    """Whether the default of a number says that it follows from something else."""


def settings_form(settings: Settings) -> list[Setting]:
    """Return every setting that is one value or a list of texts, in the order of the file."""
    descriptions = meanings()
    return [setting for setting in _of(settings, Settings(), "", descriptions) if setting is not None]


@lru_cache
def meanings() -> dict[str, str]:
    """Return what the template of lorewright.toml says about each key, by its path."""
    return {path: match[2] or "" for path, match in _entries(_KEY)}


@lru_cache
def _written_auto() -> frozenset[str]:
    """Return the paths whose default the template writes as "auto"."""
    return frozenset(path for path, _ in _entries(_AUTO))


def _entries(pattern: re.Pattern[str]) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield the paths of the template's keys whose line matches a pattern, each with its match."""
    section = ""
    for line in SETTINGS_TEMPLATE.splitlines():
        if match := _SECTION.match(line):
            section = match[1]
        elif match := pattern.match(line):
            yield (f"{section}.{match[1]}" if section else match[1]), match


def read_value(setting: Setting, typed: Any) -> Any:
    """Return what somebody typed as the setting's type; raise `ValueError` where it is none."""
    if setting.kind == "whole number":
        number = float(typed)
        if number != int(number):
            raise ValueError(f"{setting.path} is {typed}; it must be a whole number.")
        return int(number)
    if setting.kind == "number":
        return float(typed)
    if setting.kind == "texts":
        return tuple(part.strip() for part in str(typed or "").split(",") if part.strip())
    return bool(typed) if setting.kind == "true or false" else str(typed or "")


def _of(values: Any, defaults: Any, section: str, descriptions: dict[str, str]) -> list[Setting | None]:
    types = typing.get_type_hints(type(values))
    form: list[Setting | None] = []
    for field in fields(values):
        value, default = getattr(values, field.name), getattr(defaults, field.name)
        if field.name == _MOVED:
            continue
        if is_dataclass(value):
            form += _of(value, default, field.name, descriptions)
            continue
        path = f"{section}.{field.name}" if section else field.name
        form.append(_setting(path, types[field.name], value, default, descriptions.get(path, "")))
    return form


def _setting(path: str, wanted: Any, value: Any, default: Any, description: str) -> Setting | None:
    section, _, name = path.rpartition(".")
    kinds: dict[Any, Kind] = {str: "text", int: "whole number", float: "number", bool: "true or false"}
    kind: Kind | None = kinds.get(wanted)
    choices: tuple[str, ...] = ()
    if typing.get_origin(wanted) is Literal:
        kind, choices = "choice", typing.get_args(wanted)
    elif wanted == tuple[str, ...]:
        kind = "texts"
    if kind is None:
        return None  # tables of their own, such as evaluation.fields: edited in the file
    return Setting(
        path=path, section=section, name=name, description=description, kind=kind,
        value=value, default=default, choices=choices,
        is_auto=kind in ("number", "whole number") and (path in _FOLLOWS or path in _written_auto()),
    )  # fmt: skip
