"""Which documents the examples inside flows were made of: kept, for rows of the dataset come and go."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import Any

from lorewright.access import Caller
from lorewright.access.readable import Readable
from lorewright.datasets import Example, read_examples
from lorewright.errors import InvalidExamples
from lorewright.messages import Message, conversation_from_json
from lorewright.storage import Records
from lorewright.workspace.dataset.at_hand import made_once, made_once_for
from lorewright.workspace.dataset.sources import is_row_readable, sources_of
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace

KIND = "example_origin"
Shown = Callable[[Any], bool]
"""Tells of an example inside a flow, in JSON, whether somebody may see it."""


def note_examples(
    workspace: Workspace, flow: Mapping[str, Any], *, before: Mapping[str, Any] | None = None
) -> None:
    """Keep what the examples of a flow were made of, as the dataset says now.

    One that is no row of it was written by hand, unless it stood in the flow `before`: then nobody
    knows any more.
    """
    said = set(_examples_in(flow))
    if not said:
        return
    rows, former = made_once(workspace, _read_origins), set(_examples_in(before or {}))
    records = Records(workspace.database, KIND)
    for one in said:
        if one in rows or one not in former:
            records.put(_id(one), partial(_joined, new=rows.get(one, frozenset())))


def shown_to(workspace: Workspace, caller: Caller) -> Shown | None:
    """Return which examples inside flows a caller may see, `None` for all of them.

    One of whose documents nobody knows is for those alone who may read every document.
    """
    allowed = readable(workspace, caller)
    if allowed.is_all:
        return None
    hidden, seen = made_once_for(workspace, allowed, _read_rows)
    origins = {record.id: record.body["made_of"] for record in Records(workspace.database, KIND).all()}

    def is_shown(example: Any) -> bool:
        said = _said_by(example)
        if said is None:
            return True  # no conversation: whoever runs the flow is told so
        if said in hidden:
            return False
        return allowed.covers(origins[_id(said)]) if _id(said) in origins else said in seen

    return is_shown


def _read_origins(workspace: Workspace) -> dict[str, frozenset[str] | None]:
    """Return what each example of the dataset says, and which documents it was made of."""
    origins: dict[str, frozenset[str] | None] = {}
    for row in _rows(workspace):
        sources, known = sources_of(row), origins.get(_said_in(row), frozenset())
        origins[_said_in(row)] = None if sources is None or known is None else known | set(sources)
    return origins


def _read_rows(workspace: Workspace, allowed: Readable) -> tuple[frozenset[str], frozenset[str]]:
    """Return what the examples say that may not be read, and those that may."""
    rows = [(_said_in(row), is_row_readable(row, allowed)) for row in _rows(workspace)]
    return (
        frozenset(said for said, is_readable in rows if not is_readable),
        frozenset(said for said, is_readable in rows if is_readable),
    )


def _rows(workspace: Workspace) -> Sequence[Example]:
    return read_examples(workspace.examples_folder, on_bad_line=lambda _bad: None).examples


def _joined(body: Mapping[str, Any], *, new: frozenset[str] | None) -> dict[str, Any]:
    """Return an origin with more documents; what may be made of any stays so."""
    old = body.get("made_of", [])
    return {"made_of": None if old is None or new is None else sorted({*old, *new})}


def _examples_in(flow: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the examples inside a flow say, which may be unfinished."""
    nodes = flow.get("nodes")
    for node in nodes if isinstance(nodes, list) else ():
        params = node.get("params") if isinstance(node, Mapping) else None
        examples = params.get("examples") if isinstance(params, Mapping) else None
        for example in examples if isinstance(examples, list | tuple) else ():
            said = _said_by(example)
            if said is not None:
                yield said


def _said_in(row: Example) -> str:
    return _said([*row.turns, Message("assistant", row.completion)])


def _said_by(example: Any) -> str | None:
    try:
        return _said(conversation_from_json(example))
    except (InvalidExamples, AttributeError, KeyError, TypeError):
        return None


def _said(turns: Sequence[Message]) -> str:
    return "\0".join(f"{turn.role}:{turn.content}" for turn in turns if turn.role != "system")


def _id(said: str) -> str:
    return f"{KIND}_{sha256(said.encode()).hexdigest()[:40]}"
