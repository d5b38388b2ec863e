"""What came of a job: its result, or the error that stopped it."""

from pathlib import Path
from typing import Any

from lorewright import errors
from lorewright.jobs import Job


def outcome(job: Job, log: Path) -> Any:
    """Return the result of a job that is over; raise what stopped it, of its own class.

    What was no error of ours is a bug: `log` is where its traceback stands.
    """
    if job.state == "finished":
        return job.result
    if job.state == "cancelled":
        raise errors.Cancelled("The job was cancelled.", hint="Run the same command again to continue.")
    told = job.error
    kind = getattr(errors, told["type"], None)
    if kind is None:
        raise errors.Permanent(
            f"{told['type']}: {told['message']}", hint=told["hint"] or f"The whole story is in {log}."
        )
    error: errors.LorewrightError = kind(told["message"], hint=told["hint"])
    raise error
