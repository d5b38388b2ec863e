"""Follow a fine-tuning job in a terminal to its end."""

import time
from typing import TYPE_CHECKING

from lorewright.cli.domain import local_caller
from lorewright.cli.output import note
from lorewright.errors import Permanent

if TYPE_CHECKING:
    from lorewright.storage import Record
    from lorewright.workspace.server.server import Server

_LOOK_EVERY_SECONDS = 0.5


def follow_tuning(server: "Server", job: "Record") -> "Record":
    """Return a job once it is over, its messages shown as they come; raise `Permanent` where it failed."""
    from lorewright.workspace.openai.fine_tuning.halting import find_fine_tuning, lines_of
    from lorewright.workspace.openai.fine_tuning.jobs import OVER

    n_told = 0
    while True:
        job = find_fine_tuning(server, local_caller(), job.id)
        lines = lines_of(server, local_caller(), job.id)
        for line in lines[n_told:]:
            note(str(line.body["message"]))
        n_told = len(lines)
        if job.body["status"] in OVER:
            break
        time.sleep(_LOOK_EVERY_SECONDS)
    if job.body["status"] != "succeeded":
        error = job.body["error"] or {"message": f"The job was {job.body['status']}."}
        raise Permanent(str(error["message"]))
    return job
