"""A process that does jobs beside the servers of a domain."""

from collections.abc import Collection

from lorewright.access import Caller
from lorewright.errors import InvalidSetting
from lorewright.models.gpu import find_gpu
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.hosts import this_process
from lorewright.workspace.jobs.shared_runner import SharedWorkers

PATIENCE_SECONDS = 60.0
"""How long a worker waits for a database that does not respond: it has time, and its work is worth it."""


def begin_working(workspace: Workspace, caller: Caller, *, can: Collection[str]) -> SharedWorkers:
    """Return what does the jobs of a domain from now on, until it is closed; for who may do anything.

    Raises `InvalidSetting` where the state is in SQLite: then its server does the jobs.
    """
    caller.need("admin")
    database = workspace.database
    if not database.is_shared:
        raise InvalidSetting(
            f"{workspace.folder.name} keeps its state in SQLite, which belongs to one host.",
            hint="There lorewright serve does the jobs. To share it: lorewright move --to URL",
        )
    database.patience_seconds = PATIENCE_SECONDS
    gpu = find_gpu()
    seen = ", ".join(gpu.devices) or ("a GPU" if gpu.has_driver else "")
    workers = SharedWorkers(workspace, this_process(can=can, gpu=seen))
    workers.resume()
    return workers
