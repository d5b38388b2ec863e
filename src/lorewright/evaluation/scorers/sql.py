"""Returns what the target returns: SQL run on a given SQLite database, which it may only read."""

import re
import sqlite3
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path

from lorewright.evaluation.question import Question
from lorewright.evaluation.scorers import exact
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer

MOST_SECONDS = 5.0
MOST_ROWS = 10_000
_STEPS_BETWEEN_LOOKS = 10_000
_FENCE = re.compile(r"```(?:\w+)?\s*\n(.*?)```", re.DOTALL)
_QUERY = re.compile(r"\b(?:SELECT|WITH)\b.*", re.IGNORECASE | re.DOTALL)
_ORDERED = re.compile(r"\bORDER\s+BY\b", re.IGNORECASE)
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION,
                      sqlite3.SQLITE_RECURSIVE})  # fmt: skip
Rows = tuple[tuple[object, ...], ...]


def score(question: Question, answer: Answer, context: ScoringContext) -> Mapping[str, float]:
    """Return `sql` where there is a database: 1 where the answer's query returns the target's rows."""
    if context.database is None or not question.targets:
        return {}
    return {"sql": agreement(answer.text, question.targets, context)}


def agreement(text: str, targets: Sequence[str], context: ScoringContext) -> float:
    """Return 1 where the query in a text returns the same rows as one of the targets, else 0.

    The order of rows counts where the target orders them. A target that cannot be run is compared
    word for word.
    """
    return float(any(_agrees(text, target, context) for target in targets))


def _agrees(text: str, target: str, context: ScoringContext) -> bool:
    wanted = _run(context.database, query_in(target)) if context.database else None
    if wanted is None:
        return bool(exact.agreement(query_in(text), [query_in(target)], context))
    rows = _run(context.database, query_in(text)) if context.database else None
    if rows is None:
        return False
    return rows == wanted if _ORDERED.search(target) else Counter(rows) == Counter(wanted)


def query_in(text: str) -> str:
    """Return the query in a text: what stands in its first code block, or from the first SELECT on."""
    fenced = _FENCE.search(text)
    found = _QUERY.search(fenced[1] if fenced else text)
    return (found[0] if found else "").strip().rstrip(";").strip()


@lru_cache(maxsize=2048)  # every arm is scored against the same targets
def _run(database: Path | None, query: str) -> Rows | None:
    """Return the rows of a query, `None` where it cannot be run, takes too long or returns too much."""
    if database is None or not query:
        return None
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.set_authorizer(_authorize)
            until = time.monotonic() + MOST_SECONDS
            connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS_BETWEEN_LOOKS)
            rows = connection.execute(query).fetchmany(MOST_ROWS + 1)
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError):
        return None
    return None if len(rows) > MOST_ROWS else tuple(tuple(map(_plain, row)) for row in rows)


def _authorize(action: int, _one: object, name: object, *_: object) -> int:
    is_allowed = action in _ALLOWED and name not in ("load_extension", "readfile", "writefile")
    return sqlite3.SQLITE_OK if is_allowed else sqlite3.SQLITE_DENY


def _plain(value: object) -> object:
    """Return a value as it is compared: 3 and 3.0 are the same, and so are numbers but for rounding."""
    return round(float(value), 6) if isinstance(value, int | float) else value
