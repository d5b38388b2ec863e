"""`lorewright tune --preferences`: a model tuned on what people prefer: pairs of answers, or rated ones."""

import argparse
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from lorewright.cli.domain import local_caller, open_workspace
from lorewright.cli.output import note, show, show_json
from lorewright.errors import TooFewExamples, UserError
from lorewright.whole_files import pieces_of

if TYPE_CHECKING:
    from lorewright.storage import Record
    from lorewright.workspace.server.server import Server

SUFFIX = "preferences"


def tune_on_preferences(arguments: argparse.Namespace) -> int:
    """Tune on the pairs of a file, or of the domain's own chats, and name the new model."""
    from lorewright.cli.follow_tuning import follow_tuning
    from lorewright.workspace.openai.fine_tuning.halting import continued_fine_tuning
    from lorewright.workspace.server.server import Server

    with (
        open_workspace(arguments) as workspace,
        closing(Server(workspace.folder, workspace=workspace)) as server,
    ):
        method = arguments.method or workspace.settings.tuning.preference_method
        file = _kept(server, arguments.preferences) if arguments.preferences else _of_chats(server, method)
        base = arguments.base or workspace.settings.models.chat
        job = continued_fine_tuning(
            server, local_caller(), model=base, training_file=file.id, suffix=SUFFIX, method=method,
            seed=workspace.settings.tuning.seed,
        )  # fmt: skip
        job = follow_tuning(server, job)
    name, n_tokens = str(job.body["fine_tuned_model"]), job.body["trained_tokens"]
    if arguments.json:
        result = {"model": name, "base": base, "method": method, "trained_tokens": n_tokens, "job": job.id}
        show_json(result)
        return 0
    show(f"{name}: {n_tokens:,} tokens with {method}, started from {base}.")
    show("Ask it as this model in the studio's chat or over the API.")
    return 0


def _kept(server: "Server", path: str) -> "Record":
    """Return a file of pairs, uploaded."""
    from lorewright.workspace.collections.files import upload_file

    place = Path(path)
    if not place.is_file():
        raise UserError(
            f"No file found at {path}.", hint="Write one with: lorewright data pairs --output FILE"
        )
    return upload_file(
        server, local_caller(), pieces_of(place), filename=f"{place.stem}.jsonl", purpose="fine-tune"
    )


def _of_chats(server: "Server", method: str) -> "Record":
    """Return what people thought of the answers in the domain's own chats as an uploaded file."""
    from lorewright.tuning.preference_rows import preference_lines
    from lorewright.tuning.rated_rows import rated_lines
    from lorewright.workspace.answering.preference_pairs import export_pairs, export_rated
    from lorewright.workspace.collections.files import upload_file

    if method == "kto":
        rated = export_rated(server, local_caller())
        what, n, left_out, lines = "rated answers", len(rated.rows), rated.lines, rated_lines(rated.rows)
    else:
        found = export_pairs(server, local_caller())
        what, n, left_out, lines = (
            "preference pairs", len(found.pairs), found.lines, preference_lines(found.pairs)
        )  # fmt: skip
    note(f"{n:,} {what} from chats.")
    for line in left_out:
        note(line)
    if not n:
        raise TooFewExamples(
            f"There are no {what} to learn from.",
            hint="Rate or correct answers in a chat, or name a file: lorewright tune --preferences FILE",
        )
    text = lines.encode()
    return upload_file(server, local_caller(), [text], filename="chats.jsonl", purpose="fine-tune")
