"""What was used, as callers may see it: their own, and for an administrator everybody's."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from lorewright.access import Caller
from lorewright.errors import BadParameter
from lorewright.storage import Record
from lorewright.workspace.accounts.keys import list_keys
from lorewright.workspace.server.ledger import COUNTS, KIND
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import owner_of

GROUPS = ("day", "key", "user", "model")
MAX_MONTHS = 24


def used(
    server: Server,
    caller: Caller,
    *,
    start: date,
    end: date,
    by: Sequence[str],
    key: str = "",
    model: str = "",
) -> list[dict[str, Any]]:
    """Return what was used from `start` to `end`, both included, added up by `by`, the newest day first."""
    if end < start:
        raise BadParameter("end", f"end is {end}; it must not be before start ({start}).")
    months = _months(start, end)
    if len(months) > MAX_MONTHS:
        raise BadParameter("start", f"start is {start}; the range must not exceed {MAX_MONTHS} months.")
    records = server.records(KIND)
    sums: dict[tuple[str, ...], dict[str, Any]] = {}
    for month in months:
        for record in records.all(parent=month, owner=owner_of(caller), label=key or None):
            is_within = start.isoformat() <= record.body["day"] <= end.isoformat()
            if is_within and model in ("", record.body["model"]):
                _add(sums, record, by)
    return sorted(sums.values(), key=lambda row: str(row["day"]), reverse=True)


def names_by_id(server: Server, caller: Caller) -> dict[str, str]:
    """Return what the keys and users are called that a caller may see, by their ids."""
    names = {record.id: str(record.body["name"]) for record in list_keys(server, caller)}
    users = server.users.all() if caller.is_admin else filter(None, [server.users.find(caller.user)])
    return names | {user.id: user.name for user in users}


def total(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what all rows come to."""
    return {name: sum(row[name] for row in rows) for name in COUNTS}


def _add(sums: dict[tuple[str, ...], dict[str, Any]], record: Record, by: Sequence[str]) -> None:
    facts = {**record.body, "user": record.owner if record.owner.startswith("user_") else None}
    place = tuple(str(facts[name]) for name in by)
    row = sums.setdefault(
        place,
        {name: facts[name] if name in by else None for name in GROUPS} | dict.fromkeys(COUNTS, 0),
    )
    for name in COUNTS:
        row[name] += facts[name]


def _months(start: date, end: date) -> list[str]:
    first, last = start.year * 12 + start.month - 1, end.year * 12 + end.month - 1
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last + 1)]
