"""What may be read as a condition of the index: it looks at no other chunk, whatever is searched for.

Conditions are ranges of document ids, so a changed permission holds from the next search on and no
row of the index has to follow it.
"""

from collections.abc import Collection

from lorewright.access.readable import Readable, is_within

NOTHING = "document_id IS NULL"
"""No chunk fulfils it: every chunk has a document."""


def condition_of(readable: Readable) -> str:
    """Return the SQL condition that a chunk's document may be read, '' where all may."""
    if readable.is_all:
        return ""
    regions = [_region(path, readable) for path in sorted(readable.opened)]
    if readable.has_rest:
        regions.insert(0, _region("", readable))
    return " OR ".join(f"({region})" for region in regions) or NOTHING


def condition(among: Collection[str] | None, readable: Readable) -> str:
    """Return the SQL condition that a chunk is of these documents and may be read, '' where any is."""
    conditions = [condition_of(readable), "" if among is None else one_of(among)]
    return " AND ".join(f"({condition})" for condition in conditions if condition)


def one_of(document_ids: Collection[str]) -> str:
    """Return the SQL condition that a chunk belongs to one of these documents."""
    return f"document_id IN ({', '.join(quoted(document_id) for document_id in document_ids)})"


def quoted(text: str) -> str:
    """Return a text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def _region(path: str, readable: Readable) -> str:
    """Return the condition for what lies below a path ('' for everything) and may be read as it may."""
    closed = [
        other
        for other in sorted(readable.restricted - readable.opened)
        if other != path and (not path or is_within(other, path))
    ]
    inside = [_within(path)] if path else []
    return " AND ".join([*inside, *(f"NOT ({_within(other)})" for other in closed)])


def _within(path: str) -> str:
    if not path.endswith("/"):
        return f"document_id = {quoted(path)}"
    end = path[:-1] + chr(ord("/") + 1)  # the first text that does not begin with the path
    return f"document_id >= {quoted(path)} AND document_id < {quoted(end)}"
