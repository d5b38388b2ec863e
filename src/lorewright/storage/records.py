"""Records: JSON values with an id, an owner and a place in a list, as clients of an API make them."""

import contextlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from lorewright.errors import NotFound, UserError
from lorewright.storage.database import Database
from lorewright.storage.schema import record as records

PASSING = frozenset({
    "session", "used_lately", "usage", "audit", "answer", "shadow_answer", "chat", "chat_turn",
    "chat_evidence", "chat_completion", "response", "response_events", "conversation",
    "conversation_item", "studio_preferences", "agent_run", "agent_entry",
})  # fmt: skip
"""Kinds of what is said and counted while a domain is served: where it may only be read, for that long."""
Order = Literal["asc", "desc"]
Change = Callable[[dict[str, Any]], dict[str, Any]]
Owner = str | Collection[str] | None


@dataclass(frozen=True, slots=True)
class Record:
    """A stored JSON value; times are Unix seconds."""

    id: str
    kind: str
    parent: str
    owner: str
    label: str
    created_at: float
    updated_at: float
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a list; `has_more` tells whether it goes on."""

    records: tuple[Record, ...]
    has_more: bool


class Records:
    """Every record of one kind."""

    def __init__(self, database: Database, kind: str) -> None:
        self._database = database
        self.kind = kind

    def add(
        self, record_id: str, body: Mapping[str, Any], *, parent: str = "", owner: str = "", label: str = ""
    ) -> Record:
        """Return the new record, saved."""
        now = self._database.clock()
        with self._database.write_once(passing=self.kind in PASSING) as connection:
            connection.execute(
                insert(records).values(
                    id=record_id, kind=self.kind, parent=parent, owner=owner, label=label, version=0,
                    created_at=now, updated_at=now, body=json.dumps(body),
                )
            )  # fmt: skip
        return Record(record_id, self.kind, parent, owner, label, now, now, dict(body))

    def find(self, record_id: str, *, parent: str | None = None, owner: Owner = None) -> Record | None:
        """Return a record by its id, or `None`; also for one of another parent or owner.

        What is another's is not even read: the time that takes would tell that it is there.
        """
        query = self._where(parent, owner, None).where(records.c.id == record_id)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return _record(row) if row else None

    def get(self, record_id: str) -> Record:
        """Return a record by its id; raise `NotFound` where there is none."""
        record = self.find(record_id)
        if record is None:
            raise NotFound(f"No {self.kind.replace('_', ' ')} found with id {record_id!r}.")
        return record

    def change(self, record_id: str, how: Change, *, label: str | None = None) -> Record:
        """Return the record with its body changed by `how`, saved.

        `how` may be called again when another process changed the record in between. Raises
        `NotFound`, and whatever `how` raises.
        """
        while True:
            with self._database.write(passing=self.kind in PASSING) as connection:
                named = self._all().where(records.c.id == record_id).with_for_update()
                row = connection.execute(named).first()
                if row is None:
                    raise NotFound(f"No {self.kind.replace('_', ' ')} found with id {record_id!r}.")
                body = how(json.loads(row.body))
                values = {
                    "body": json.dumps(body),
                    "version": row.version + 1,
                    "updated_at": self._database.clock(),
                }
                changed = connection.execute(
                    update(records)
                    .where(records.c.seq == row.seq, records.c.version == row.version)
                    .values(values if label is None else values | {"label": label})
                ).rowcount
            if changed == 1:
                return self.get(record_id)

    def put(
        self, record_id: str, how: Change, *, parent: str = "", owner: str = "", label: str = ""
    ) -> Record:
        """Return the record with its body changed by `how`, which begins with `{}` where there is none."""
        while True:
            try:
                return self.change(record_id, how)
            except NotFound:
                with contextlib.suppress(IntegrityError):  # another process was faster
                    return self.add(record_id, how({}), parent=parent, owner=owner, label=label)

    def page(
        self,
        *,
        parent: str | None = None,
        owner: Owner = None,
        label: str | None = None,
        limit: int = 20,
        after: str = "",
        before: str = "",
        order: Order = "desc",
    ) -> Page:
        """Return at most `limit` records in the order of their creation, between two ids (exclusive).

        `after` and `before` mean the list as it is ordered, as in OpenAI's API; `owner` may be one
        id or several.
        """
        query = self._where(parent, owner, label)
        listed = self._where(parent, owner, None)  # a label may change between two pages
        is_rising = order == "asc"
        if after:
            seq = self._seq(listed, after)
            query = query.where(records.c.seq > seq if is_rising else records.c.seq < seq)
        if before:
            seq = self._seq(listed, before)
            query = query.where(records.c.seq < seq if is_rising else records.c.seq > seq)
        ordered = query.order_by(records.c.seq if is_rising else records.c.seq.desc()).limit(limit + 1)
        with self._database.read() as connection:
            rows = [_record(row) for row in connection.execute(ordered)]
        return Page(tuple(rows[:limit]), len(rows) > limit)

    def all(
        self, *, parent: str | None = None, owner: Owner = None, label: str | None = None
    ) -> list[Record]:
        """Return every record, the oldest first."""
        query = self._where(parent, owner, label).order_by(records.c.seq)
        with self._database.read() as connection:
            return [_record(row) for row in connection.execute(query)]

    def count(self, *, parent: str | None = None, label: str | None = None) -> int:
        """Return how many records there are."""
        query = self._where(parent, None, label).subquery()
        with self._database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(query)).scalar_one())

    def remove(self, record_id: str) -> None:
        """Remove a record; raise `NotFound` where there is none."""
        with self._database.write_once(passing=self.kind in PASSING) as connection:
            gone = connection.execute(
                delete(records).where(records.c.kind == self.kind, records.c.id == record_id)
            ).rowcount
        if not gone:
            raise NotFound(f"No {self.kind.replace('_', ' ')} found with id {record_id!r}.")

    def remove_all(self, *, parent: str) -> None:
        """Remove every record that is a part of `parent`."""
        with self._database.write_once(passing=self.kind in PASSING) as connection:
            connection.execute(delete(records).where(records.c.kind == self.kind, records.c.parent == parent))

    def _all(self) -> Any:
        return select(records).where(records.c.kind == self.kind)

    def _where(self, parent: str | None, owner: Owner, label: str | None) -> Any:
        query = self._all()
        for column, value in ((records.c.parent, parent), (records.c.owner, owner), (records.c.label, label)):
            if isinstance(value, str):
                query = query.where(column == value)
            elif value is not None:
                query = query.where(column.in_(value))
        return query

    def _seq(self, listed: Any, record_id: str) -> int:
        """Return the place of the record that a page of a list begins or ends at."""
        # In that list alone: who may not see a record must not learn from a page that it is there.
        with self._database.read() as connection:
            row = connection.execute(listed.where(records.c.id == record_id)).first()
        if row is None:
            kind = self.kind.replace("_", " ")
            raise UserError(f"No {kind} found with id {record_id!r}; it cannot be used as a cursor.")
        return int(row.seq)


def _record(row: Row[Any]) -> Record:
    return Record(
        row.id, row.kind, row.parent, row.owner, row.label, row.created_at, row.updated_at,
        json.loads(row.body),
    )  # fmt: skip
