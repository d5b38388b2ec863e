"""Feedback on answers: thumbs are counted, corrections become examples or held-out questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from lorewright.access import Caller
from lorewright.errors import BadParameter
from lorewright.storage import Order, Page, Record
from lorewright.workspace.answering.feedback_placing import KIND, place_feedback, take_back
from lorewright.workspace.answering.kept_answers import KIND as ANSWERS
from lorewright.workspace.answering.kept_answers import answer_id_of, own_answer
from lorewright.workspace.dataset.sources import MADE_OF
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import get_owned, owner_of

Thumb = Literal["up", "down"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Opinion:
    """What a caller thinks of an answer; `correction` is what should have been answered.

    With `is_exemplary` and a thumb up, the answer as it was given is taken for right.
    """

    thumb: Thumb | None = None
    correction: str = ""
    comment: str = ""
    is_exemplary: bool = False


def give_feedback(server: Server, caller: Caller, answer_id: str, opinion: Opinion) -> Record:
    """Return the feedback, saved; a caller has one for each answer, and a later one takes its place.

    A correction goes into the feedback file of `examples/` or `questions/` at once where the key
    may tune; else it waits until one who may accepts it.
    """
    caller.need("chat")
    answer = own_answer(server, caller, answer_id)
    right = _right_text(answer, opinion)
    feedback_id = save_feedback(server, caller, answer, opinion, right)
    records = server.records(KIND)
    server.records(ANSWERS).change(answer.id, lambda old: old | {"thumb": opinion.thumb})
    audit(server.workspace, caller, Act.FEEDBACK_GIVEN, feedback_id, answer=answer_id)
    if right and caller.may("tune"):
        return place_feedback(server, caller, feedback_id)
    return records.get(feedback_id)


def feedback_id_for(answer_id: str, caller: Caller) -> str:
    """Return the id of the one feedback that a caller may have on an answer."""
    return "fb_" + sha256(f"{answer_id}\0{caller.id}".encode()).hexdigest()[:24]


def save_feedback(server: Server, caller: Caller, answer: Record, opinion: Opinion, right: str | None) -> str:
    """Return the id of a caller's feedback on an answer, saved; nothing of it is in the dataset yet."""
    answer_id = answer_id_of(answer)
    feedback_id = feedback_id_for(answer_id, caller)
    body = {
        "answer": answer_id,
        "thumb": opinion.thumb,
        "correction": opinion.correction or None,
        "comment": opinion.comment or None,
        "right": right,
        "by": caller.name,
        "deployment": answer.parent or None,
        "version": answer.label or None,
        **{name: answer.body[name] for name in ("model", "messages", "text", "provenance")},
        MADE_OF: documents_behind(answer.body),
    }
    records = server.records(KIND)
    known = records.find(feedback_id)
    if known is None:
        unplaced = {"side": None, "similar_to": None, "similarity": None}
        records.add(
            feedback_id,
            body | unplaced | _state(right),
            parent=answer_id,
            owner=caller.id,
            label=answer.parent,
        )
    else:
        records.change(feedback_id, lambda old: old | body | _state(right))
        if not right:
            take_back(server.workspace, known)
    return feedback_id


def accept_feedback(server: Server, caller: Caller, feedback_id: str) -> Record:
    """Return feedback whose correction is now an example or a held-out question."""
    caller.need("tune")
    feedback = own_feedback(server, caller, feedback_id)
    if not feedback.body["right"]:
        raise BadParameter(
            "feedback_id", f"The feedback {feedback_id} contains no correct answer to learn from."
        )
    return place_feedback(server, caller, feedback_id)


def find_feedback(server: Server, caller: Caller, feedback_id: str) -> Record:
    """Return feedback; raise `NotFound` for what is not there, or another key's."""
    caller.need("read")
    return own_feedback(server, caller, feedback_id)


def own_feedback(server: Server, caller: Caller, feedback_id: str) -> Record:
    """Return feedback that a caller may see, asked for the right already."""
    return get_owned(server.records(KIND), feedback_id, caller)


def list_feedback(
    server: Server,
    caller: Caller,
    *,
    deployment: str | None = None,
    limit: int = 20,
    after: str = "",
    order: Order = "desc",
) -> Page:
    """Return a page of the feedback that a key may see: its own, or all for an administrator."""
    caller.need("read")
    if after:
        own_feedback(server, caller, after)
    return server.records(KIND).page(
        owner=owner_of(caller), label=deployment, limit=limit, after=after, order=order
    )


def remove_feedback(server: Server, caller: Caller, feedback_id: str) -> None:
    """Take feedback back, with the example or question that came of it."""
    caller.need("chat")
    feedback = own_feedback(server, caller, feedback_id)
    take_back(server.workspace, feedback)
    server.records(KIND).remove(feedback_id)
    audit(server.workspace, caller, Act.FEEDBACK_REMOVED, feedback_id)


def _right_text(answer: Record, opinion: Opinion) -> str | None:
    """Return what is right according to an opinion, `None` where it does not say."""
    if not (opinion.thumb or opinion.correction or opinion.comment):
        raise BadParameter("thumb", "Provide a thumb (up or down), a correction or a comment.")
    if opinion.correction and not opinion.correction.strip():
        raise BadParameter("correction", "The correction is empty. Provide the answer that was expected.")
    if opinion.is_exemplary and opinion.thumb != "up" and not opinion.correction:
        raise BadParameter(
            "exemplary", "Only an answer with a thumb up or a correction can be marked as exemplary."
        )
    right = opinion.correction.strip() or (answer.body["text"] if opinion.is_exemplary else None)
    if right and answer.body["messages"] is None:
        raise BadParameter(
            "answer", "The text of this answer was not stored (store was false, or it was too long)."
        )
    return right or None


def documents_behind(answer: Mapping[str, Any]) -> list[str] | None:
    """Return the documents that an answer and its conversation were made of, `None` where nobody knows.

    What was answered earlier in a conversation may be made of any document.
    """
    earlier = [turn for turn in answer["messages"] or () if turn.get("role") not in _SPOKEN_BY_CALLER]
    return None if earlier or answer.get(MADE_OF) is None else list(answer[MADE_OF])


_SPOKEN_BY_CALLER = ("user", "system", "developer")


def _state(right: str | None) -> dict[str, Any]:
    return {"status": "waiting" if right else "kept"}
