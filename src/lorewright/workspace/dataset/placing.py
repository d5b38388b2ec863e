"""On which side of the divide a new pair belongs: to learn from, or to measure on, never both."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from lorewright.datasets import Example, is_held_out, near_duplicates, spoken
from lorewright.evaluation import held_out_texts
from lorewright.messages import Conversation
from lorewright.whole_files import rewrite_rows
from lorewright.workspace.dataset.at_hand import material_at_hand
from lorewright.workspace.dataset.sources import FEEDBACK
from lorewright.workspace.domain.workspace import Workspace

Side = Literal["examples", "questions"]
FILE = "feedback.jsonl"

# Two that say nearly the same, placed at once, must see each other.
PLACING_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Placement:
    """A side, and what lies there already that asks nearly the same ('' for nothing)."""

    side: Side
    similar_to: str = ""
    similarity: float = 0.0


def place_for(workspace: Workspace, conversation: Conversation) -> Placement:
    """Return the side that a question belongs to: where the like of it is, else by a hash of its words.

    The hash is the one that divides examples, so a question is on the side where it would be
    without anybody's feedback. Every example and every held-out question is looked at.
    """
    material = material_at_hand(workspace)
    texts: dict[Side, Mapping[str, str]] = {
        "questions": held_out_texts(material.questions),
        "examples": {example.id: spoken(example.prompt) for example in material.examples},
    }
    question_example = Example("asked", conversation, "")
    places = [
        Placement(side, pair.kept_id, pair.similarity)
        for side, known in texts.items()
        for pair in near_duplicates([question_example], known, embed=workspace.cached_embedder)
    ]
    if places:
        return max(places, key=lambda place: place.similarity)  # of equals the question: examples give way
    share = workspace.settings.evaluation.holdout_share
    return Placement("questions" if is_held_out(conversation, test_share=share) else "examples")


def write_feedback_row(workspace: Workspace, side: Side, row: Mapping[str, Any]) -> Path:
    """Write a row into a side's feedback file, in the place of the one with its id, and return the file."""
    path = _path(workspace, side)
    rewrite_rows(path, lambda rows: [*(old for old in rows if old["id"] != row["id"]), row])
    return path


def delete_feedback_row(workspace: Workspace, side: Side, row_id: str) -> None:
    """Remove a row from a side's feedback file; one that is not there is gone already."""
    path = _path(workspace, side)
    if path.exists():
        rewrite_rows(path, lambda rows: [row for row in rows if row["id"] != row_id])


def row_for(
    side: Side,
    row_id: str,
    conversation: Conversation,
    text: str,
    *,
    answerable: bool,
    about: Mapping[str, Any],
) -> dict[str, Any]:
    """Return a question with its right answer as a row of a side's file; `about` says where it is from."""
    turns = [turn.to_json() for turn in conversation]
    body: dict[str, Any] = {"id": row_id, "answerable": answerable, "meta": {FEEDBACK: row_id, **about}}
    if side == "questions":
        return {**body, "messages": turns, "targets": [text]}
    return {**body, "messages": [*turns, {"role": "assistant", "content": text}]}


def _path(workspace: Workspace, side: Side) -> Path:
    folder = workspace.questions_folder if side == "questions" else workspace.examples_folder
    return folder / FILE
