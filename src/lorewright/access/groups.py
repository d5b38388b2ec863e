"""Groups: who is in them may use their models and stores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from lorewright.access.caller import DOMAIN_STORE
from lorewright.errors import BadParameter
from lorewright.storage import Database, Record, Records

KIND = "group"
EVERYONE = "group_everyone"
"""The group that every user is in; it cannot be removed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Users by their ids, and the ids of models and stores that they share; `"*"` stands for all."""

    id: str
    name: str
    users: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    created_at: float = 0.0

    def holds(self, user_id: str) -> bool:
        """Return whether a user is in it."""
        return self.id == EVERYONE or user_id in self.users


class Groups:
    """The groups of one server. Until it is changed, everyone may use every model and the domain's store."""

    def __init__(self, database: Database) -> None:
        self._records = Records(database, KIND)

    def add(
        self, name: str, *, users: Sequence[str] = (), models: Sequence[str] = (), stores: Sequence[str] = ()
    ) -> Group:
        """Return the new group."""
        body = {"name": name, "users": list(users), "models": list(models), "stores": list(stores)}
        return group_in(self._records.add(f"group_{uuid4().hex}", body))

    def get(self, group_id: str) -> Group:
        """Return a group by its id; raise `NotFound` where there is none."""
        return self.all()[0] if group_id == EVERYONE else group_in(self._records.get(group_id))

    def all(self) -> list[Group]:
        """Return every group: that of everyone, then the others, the oldest first."""
        groups = {record.id: group_in(record) for record in self._records.all()}
        everyone = groups.pop(
            EVERYONE, Group(id=EVERYONE, name="everyone", models=("*",), stores=(DOMAIN_STORE,))
        )
        return [everyone, *groups.values()]

    def ids_of(self, named: Sequence[str]) -> list[str]:
        """Return the ids of groups that are named by id or by name, each once.

        Raises `BadParameter` for one that is not there.
        """
        known = self.all()
        ids = {group.name: group.id for group in reversed(known)} | {group.id: group.id for group in known}
        for name in named:
            if name not in ids:
                raise BadParameter("groups", f"No group found with id or name {name!r}.")
        return list(dict.fromkeys(ids[name] for name in named))

    def of(self, user_id: str) -> list[Group]:
        """Return the groups that a user is in."""
        return [group for group in self.all() if group.holds(user_id)]

    def change(self, group_id: str, values: Mapping[str, Any]) -> Group:
        """Return the group with these values of the body changed."""
        if group_id == EVERYONE and self._records.find(EVERYONE) is None:
            body = {"name": "everyone", "users": [], "models": ["*"], "stores": [DOMAIN_STORE]}
            self._records.add(EVERYONE, body)
        return group_in(self._records.change(group_id, lambda body: {**body, **values}))

    def forget(self, user_id: str) -> None:
        """Take a user out of every group."""
        for group in self.all():
            if user_id in group.users:
                self.change(group.id, {"users": [user for user in group.users if user != user_id]})

    def remove(self, group_id: str) -> None:
        """Let a group go; raise `NotFound` where there is none."""
        self._records.remove(group_id)


def group_in(record: Record) -> Group:
    """Return the group that a record holds."""
    lists = {name: tuple(record.body[name]) for name in ("users", "models", "stores")}
    return Group(id=record.id, name=record.body["name"], created_at=record.created_at, **lists)
