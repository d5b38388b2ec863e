"""Do the jobs of a domain whose state is on PostgreSQL: beside its servers, on this host or another.

Start as many workers as you like. Each takes what it can (--can), one job of a kind at a time; a worker
that dies is noticed within half a minute, and its job goes on elsewhere at the last finished step.

Example:
  lorewright worker
  lorewright worker --can embed,generate
"""

import argparse
import signal
import threading

from lorewright.cli.domain import add_domain_option, local_caller, open_workspace
from lorewright.cli.output import note, show_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `worker` takes."""
    add_domain_option(parser)
    parser.add_argument(
        "--can",
        default="tune,embed,generate",
        metavar="WHAT",
        help="which jobs to take: tune, embed, generate (default: all)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Do jobs until stopped; what is under way then goes on elsewhere."""
    from lorewright.workspace.jobs.hosts import read_abilities
    from lorewright.workspace.jobs.working import begin_working

    can = read_abilities(arguments.can)
    with open_workspace(arguments) as workspace:
        _stop_in_order()
        workers = begin_working(workspace, local_caller(), can=can)
        host = workers.host
        if arguments.json:
            show_json({"id": host.id, "can": list(host.can), "gpu": host.gpu})
        else:
            seen = f"on {host.gpu}" if host.gpu else "no GPU"
            note(f"Worker {host.id} takes jobs of {workspace.folder.name}: {', '.join(can)} ({seen}).")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            note("Stopped: what was under way goes on elsewhere.")
        finally:
            workers.close()
    return 0


def _stop_in_order() -> None:
    """Let SIGTERM stop the worker as Ctrl-C does: its jobs are left to others at once."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
