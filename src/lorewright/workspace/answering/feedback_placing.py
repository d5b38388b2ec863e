"""Where feedback lands: among the examples or the held-out questions, never both."""

from collections.abc import Mapping
from typing import Any

from lorewright.access import Caller
from lorewright.errors import InUse
from lorewright.flows import style_from
from lorewright.flows.refusals import is_refusal
from lorewright.storage import Record
from lorewright.workspace.answering.messages import conversation_from
from lorewright.workspace.dataset.at_hand import material_at_hand, material_at_hand_for
from lorewright.workspace.dataset.placing import (
    PLACING_LOCK,
    Placement,
    Side,
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

KIND = "feedback"


def place_feedback(server: Server, caller: Caller, feedback_id: str, *, side: Side | None = None) -> Record:
    """Put what is right on its side, or on this one; it stays on the side that it once was on.

    Raises `InUse` where the like of it stands on the other side, whose rows measure what these teach.
    """
    workspace, records = server.workspace, server.records(KIND)
    with PLACING_LOCK:
        feedback = records.get(feedback_id)
        body = feedback.body
        conversation = conversation_from(body["messages"])
        place = (
            Placement(body["side"], body["similar_to"] or "", body["similarity"] or 0.0)
            if body["side"]
            else place_for(workspace, conversation)
        )
        if side:
            place = _on_side(place, side, is_placed=bool(body["side"]))
        if not body["side"]:
            place = _as_seen(workspace, caller, place)
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


def _as_seen(workspace: Workspace, caller: Caller, place: Placement) -> Placement:
    """Return where a pair belongs; a row like it that the caller may not see is not named."""
    material = material_at_hand_for(workspace, caller)
    seen = {row.id for rows in (material.examples, material.questions) for row in rows}
    return place if place.similar_to in seen else Placement(place.side)


def _on_side(place: Placement, side: Side, *, is_placed: bool) -> Placement:
    """Return the placement on the side that was chosen, where nothing like it stands on the other one."""
    if place.side == side:
        return place
    if is_placed or place.similar_to:
        where = "a held-out question" if place.side == "questions" else "an example"
        raise InUse(
            f"A question like this is {where} already.",
            hint="A question is learned from or measured with, never both. Remove the other one first.",
        )
    return Placement(side)


def _placed(place: Placement) -> dict[str, Any]:
    return {
        "side": place.side,
        "similar_to": place.similar_to or None,
        "similarity": place.similarity or None,
    }


def take_back(workspace: Workspace, feedback: Record) -> None:
    """Take what came of feedback out of the dataset."""
    body: Mapping[str, Any] = feedback.body
    if body["side"]:
        with PLACING_LOCK:
            delete_feedback_row(workspace, body["side"], feedback.id)


def _is_refusal(workspace: Workspace, text: str) -> bool:
    style = style_from(material_at_hand(workspace).train, workspace.settings)
    return is_refusal(text, (style.refusal, *style.refusal_phrases))
