"""Feedback on answers: thumbs are counted, corrections become examples or held-out questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from lorewright.access import Caller
from lorewright.errors import BadParameter
from lorewright.flows import style_from
from lorewright.flows.refusals import is_refusal
from lorewright.messages import Conversation
from lorewright.storage import Order, Page, Record
from lorewright.workspace.answering.kept_answers import KIND as ANSWERS
from lorewright.workspace.answering.kept_answers import own_answer
from lorewright.workspace.answering.messages import conversation_from
from lorewright.workspace.dataset.at_hand import material_at_hand, material_at_hand_for
from lorewright.workspace.dataset.placing import (
    PLACING_LOCK,
    Placement,
    delete_feedback_row,
    place_for,
    row_for,
    write_feedback_row,
)
from lorewright.workspace.dataset.sources import MADE_OF
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import get_owned, owner_of

KIND = "feedback"
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
    feedback_id = "fb_" + sha256(f"{answer_id}\0{caller.id}".encode()).hexdigest()[:24]
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
        MADE_OF: _made_of(answer.body),
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
            _take_back(server.workspace, known)
    server.records(ANSWERS).change(answer.id, lambda old: old | {"thumb": opinion.thumb})
    audit(server.workspace, caller, Act.FEEDBACK_GIVEN, feedback_id, answer=answer_id)
    if right and caller.may("tune"):
        return _place(server, caller, feedback_id)
    return records.get(feedback_id)


def accept_feedback(server: Server, caller: Caller, feedback_id: str) -> Record:
    """Return feedback whose correction is now an example or a held-out question."""
    caller.need("tune")
    feedback = own_feedback(server, caller, feedback_id)
    if not feedback.body["right"]:
        raise BadParameter(
            "feedback_id", f"The feedback {feedback_id} contains no correct answer to learn from."
        )
    return _place(server, caller, feedback_id)


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
    _take_back(server.workspace, feedback)
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


def _made_of(answer: Mapping[str, Any]) -> list[str] | None:
    """Return the documents that an answer and its conversation were made of, `None` where nobody knows.

    What was answered earlier in a conversation may be made of any document.
    """
    earlier = [turn for turn in answer["messages"] or () if turn.get("role") not in _SPOKEN_BY_CALLER]
    return None if earlier or answer.get(MADE_OF) is None else list(answer[MADE_OF])


_SPOKEN_BY_CALLER = ("user", "system", "developer")


def _state(right: str | None) -> dict[str, Any]:
    return {"status": "waiting" if right else "kept"}


def _place(server: Server, caller: Caller, feedback_id: str) -> Record:
    """Put what is right on its side; it stays on the side that it once was on."""
    workspace, records = server.workspace, server.records(KIND)
    with PLACING_LOCK:
        feedback = records.get(feedback_id)
        body = feedback.body
        conversation = conversation_from(body["messages"])
        place = (
            Placement(body["side"], body["similar_to"] or "", body["similarity"] or 0.0)
            if body["side"]
            else _placement(workspace, caller, conversation)
        )
        # First the record: killed in between, the same feedback again finishes it, on the same side.
        records.change(feedback_id, lambda old: old | _placed(place))
        row = row_for(
            place.side,
            feedback_id,
            conversation,
            body["right"],
            answerable=not _is_refusal(workspace, body["right"]),
            about={name: body[name] for name in ("answer", "by", "deployment", "version")}
            | {"at": feedback.updated_at, MADE_OF: body.get(MADE_OF)},
        )
        write_feedback_row(workspace, place.side, row)
    audit(server.workspace, caller, Act.FEEDBACK_ACCEPTED, feedback_id, side=place.side)
    return records.change(feedback_id, lambda old: old | {"status": "placed"})


def _placement(workspace: Workspace, caller: Caller, conversation: Conversation) -> Placement:
    """Return where a pair belongs; a row like it that the caller may not see is not named."""
    place = place_for(workspace, conversation)
    material = material_at_hand_for(workspace, caller)
    seen = {row.id for rows in (material.examples, material.questions) for row in rows}
    return place if place.similar_to in seen else Placement(place.side)


def _placed(place: Placement) -> dict[str, Any]:
    return {
        "side": place.side,
        "similar_to": place.similar_to or None,
        "similarity": place.similarity or None,
    }


def _take_back(workspace: Workspace, feedback: Record) -> None:
    body: Mapping[str, Any] = feedback.body
    if body["side"]:
        with PLACING_LOCK:
            delete_feedback_row(workspace, body["side"], feedback.id)


def _is_refusal(workspace: Workspace, text: str) -> bool:
    style = style_from(material_at_hand(workspace).train, workspace.settings)
    return is_refusal(text, (style.refusal, *style.refusal_phrases))
