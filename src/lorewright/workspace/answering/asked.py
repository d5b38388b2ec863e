"""What people asked and what became of it: for whoever looks after the answers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from lorewright.access import Caller
from lorewright.errors import BadParameter, InUse
from lorewright.storage import Record
from lorewright.workspace.accounts.usage import names_by_id
from lorewright.workspace.answering.feedback import Opinion, feedback_id_for, save_feedback
from lorewright.workspace.answering.feedback_placing import KIND as FEEDBACK
from lorewright.workspace.answering.feedback_placing import place_feedback
from lorewright.workspace.answering.kept_answers import KIND as ANSWERS
from lorewright.workspace.answering.kept_answers import answer_id_of, own_answer
from lorewright.workspace.dataset.placing import PLACING_LOCK, Side
from lorewright.workspace.dataset.versions import keep_version
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import owner_of

Kind = Literal["refused", "unsupported", "down", "up", "new"]
KINDS: tuple[Kind, ...] = get_args(Kind)
N_LOOKED_AT = 2000
"""Of the kept answers only so many of the newest are listed: more than anybody goes through."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question that was asked, and its answer; both are '' where only figures were kept.

    `side` is where it stands in the dataset by now, '' for nowhere; `cost_usd` is `None` where nobody knows.
    """

    answer_id: str
    at: float
    question: str
    answer: str
    model: str
    by: str
    is_refused: bool
    is_unsupported: bool
    thumb: str
    latency_ms: float
    cost_usd: float | None
    side: str

    def is_of(self, kind: Kind) -> bool:
        """Return whether it is of this kind; `new` is what is in no part of the dataset and can be."""
        return {
            "refused": self.is_refused,
            "unsupported": self.is_unsupported,
            "down": self.thumb == "down",
            "up": self.thumb == "up",
            "new": not self.side and bool(self.question),
        }[kind]


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedList:
    """What was asked, the newest first; `counts` has how many there are of each kind, whatever is listed."""

    asked: tuple[Asked, ...]
    n_all: int
    counts: Mapping[Kind, int]
    cost_usd: float


def list_asked(server: Server, caller: Caller, *, kind: Kind | None = None, words: str = "") -> AskedList:
    """Return what was asked lately, as a key may see it: its own, or everybody's for an administrator.

    `kind` leaves only those, `words` those whose question, answer or asker holds all of these words.
    """
    caller.need("read")
    page = server.records(ANSWERS).page(owner=owner_of(caller), limit=N_LOOKED_AT)
    names, sides = names_by_id(server, caller), _sides(server, caller)
    rows = [_asked(record, names, sides.get(answer_id_of(record), "")) for record in page.records]
    wanted = words.casefold().split()
    listed = (row for row in rows if (kind is None or row.is_of(kind)) and _holds(row, wanted))
    return AskedList(
        asked=tuple(listed),
        n_all=len(rows),
        counts=Counter(one for row in rows for one in KINDS if row.is_of(one)),
        cost_usd=sum(row.cost_usd or 0.0 for row in rows),
    )


def take_asked(server: Server, caller: Caller, answer_id: str, side: Side, *, right: str = "") -> Record:
    """Return the feedback through which a question is now an example or a held-out question.

    `right` is its right answer, else the one that was given is. Raises `InUse` where the like of it
    stands on the other side.
    """
    caller.need("tune")
    answer = own_answer(server, caller, answer_id)
    if answer.body["messages"] is None:
        raise BadParameter("answer_id", "The text of this answer was not stored, so it cannot be used.")
    text = right.strip() or str(answer.body["text"]).strip()
    if not text:
        raise BadParameter("right", "This answer is empty. Write the correct one first.")
    thumb = answer.body["thumb"]
    with PLACING_LOCK:
        keep_version(server, "Changed outside", by="")
    opinion = Opinion(thumb=thumb, correction=text if right.strip() else "")
    records = server.records(FEEDBACK)
    before = records.find(feedback_id_for(answer_id, caller))
    feedback_id = save_feedback(server, caller, answer, opinion, text)
    try:
        placed = place_feedback(server, caller, feedback_id, side=side)
    except InUse:
        if before is None:
            records.remove(feedback_id)
        else:
            records.change(feedback_id, lambda _: dict(before.body))
        raise
    with PLACING_LOCK:
        keep_version(server, "Accepted feedback", by=caller.name)
    return placed


def _sides(server: Server, caller: Caller) -> dict[str, str]:
    """Return on which side of the dataset answers stand by now, by their id."""
    feedback = server.records(FEEDBACK).all(owner=owner_of(caller))
    return {one.parent: str(one.body["side"]) for one in feedback if one.body["status"] == "placed"}


def _asked(record: Record, names: Mapping[str, str], side: str) -> Asked:
    body = record.body
    return Asked(
        answer_id=answer_id_of(record),
        at=record.created_at,
        question=last_question(body["messages"] or ()),
        answer=str(body["text"] or ""),
        model=record.label or str(body["model"]),
        by=names.get(record.owner, record.owner),
        is_refused=bool(body["refused"]),
        is_unsupported=bool(body["has_unsupported"]),
        thumb=str(body["thumb"] or ""),
        latency_ms=float(body["latency_ms"]),
        cost_usd=body.get("cost_usd"),
        side=side,
    )


def last_question(messages: Iterable[Mapping[str, Any]]) -> str:
    """Return the text of the last thing that somebody asked in a conversation, '' for none."""
    asked = [turn.get("content") for turn in messages if turn.get("role") == "user"]
    content = asked[-1] if asked else ""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "\n".join(str(part["text"]) for part in parts if isinstance(part, dict) and part.get("text"))


def _holds(row: Asked, words: Iterable[str]) -> bool:
    text = f"{row.question} {row.answer} {row.by} {row.model}".casefold()
    return all(word in text for word in words)
