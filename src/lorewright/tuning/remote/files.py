"""What a run on another server keeps in its folder: the rows it sends, its job there, the model it got."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from lorewright.messages import Message
from lorewright.tuning.row import Row
from lorewright.whole_files import write_whole

SUBMITTED, MODEL = "remote-job.json", "remote-model.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Submitted:
    """How far a run was handed over: ids of its files and its job there, '' before they were told.

    `last_event` is the newest event that was passed on; `is_halted` says that we stopped the job.
    """

    training_file: str = ""
    validation_file: str = ""
    job: str = ""
    last_event: str = ""
    is_halted: bool = False


def read_submitted(folder: Path) -> Submitted:
    """Return how far the run in a folder was handed over."""
    path = folder / SUBMITTED
    if not path.is_file():
        return Submitted()
    body = json.loads(path.read_text(encoding="utf-8"))
    return Submitted(**{one.name: body[one.name] for one in fields(Submitted) if one.name in body})


def save_submitted(folder: Path, submitted: Submitted) -> Submitted:
    """Write it as a whole and return it."""
    write_whole(folder / SUBMITTED, json.dumps(asdict(submitted)))
    return submitted


def save_model(folder: Path, uri: str, job: str) -> tuple[Path, str]:
    """Return the file that names the tuned model, and its SHA-256."""
    text = json.dumps({"uri": uri, "job": job})
    write_whole(folder / MODEL, text)
    return folder / MODEL, sha256(text.encode()).hexdigest()


def tuned_uri(path: Path) -> str:
    """Return the source of the model that such a file names."""
    return str(json.loads(path.read_text(encoding="utf-8"))["uri"])


def save_chats(path: Path, rows: Sequence[Row]) -> Path:
    """Write rows as OpenAI's files for fine-tuning hold them, a line each in their order; return it."""
    write_whole(path, "".join(json.dumps(_chat(row), ensure_ascii=False) + "\n" for row in rows))
    return path


def _chat(row: Row) -> dict[str, Any]:
    """Return a row as a chat; earlier answers in it are read and not learned."""
    turns = [_turn(message) for message in row.messages]
    return {"messages": [*turns, {"role": "assistant", "content": row.completion}]}


def _turn(message: Message) -> dict[str, Any]:
    turn: dict[str, Any] = {"role": message.role, "content": message.content}
    return {**turn, "weight": 0} if message.role == "assistant" else turn
