"""Records as one caller sees them: their own, and for an administrator everybody's."""

from lorewright.access import Key
from lorewright.errors import NotFound
from lorewright.storage import Record, Records


def owner_of(key: Key) -> tuple[str, ...] | None:
    """Return whose records a key may list: its own and its user's, or `None` for everybody's."""
    return None if key.is_admin else key.owners


def is_own(key: Key, record: Record) -> bool:
    """Return whether a key may see a record as its own."""
    return key.is_admin or record.owner in key.owners


def get_owned(records: Records, record_id: str, key: Key, *, parent: str | None = None) -> Record:
    """Return a record; raise `NotFound`, in the same words, for what is not there or not for this key."""
    found = records.get(record_id)
    if is_own(key, found) and parent in (None, found.parent):
        return found
    raise NotFound(f"No {records.kind.replace('_', ' ')} found with id {record_id!r}.")
