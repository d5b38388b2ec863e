"""Measure templates one after the other, in one process, and keep the comparisons with them.

    python -m benchmarks.template_comparisons FOLDER [NAME ...] [--arms quote,nearest] [--limit 20]

Lays every template (all without names) into FOLDER, measures those of the arms that it has material for,
and writes what `lorewright report --precomputed` shows. A template that lies there already is measured
again with the arms named: what was answered before is answered again. Then: make docs.
"""

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.bundle_comparison import bundle
from lorewright.access import LOCAL
from lorewright.errors import UserError
from lorewright.jobs import Steps, perform
from lorewright.tuning import ENVIRONMENT
from lorewright.workspace.comparisons.compare import compare
from lorewright.workspace.comparisons.plan import plan_comparison
from lorewright.workspace.dataset.question_choice import comparison_order
from lorewright.workspace.domain.folder import SETTINGS_FILE
from lorewright.workspace.domain.templates import VERSION_DESK, create_from_template, templates
from lorewright.workspace.domain.workspace import Workspace


def measure(folder: Path, name: str, arms: Sequence[str] | None, limit: int) -> Path:
    """Measure a template below a folder and keep its comparison; return where that lies."""
    domain = folder / name
    if not (domain / SETTINGS_FILE).exists():
        create_from_template(domain, name)
    with Workspace(domain) as workspace:
        can = [arm.name for arm in plan_comparison(workspace, LOCAL).arms if not arm.why_not]
        wanted = [arm for arm in arms if arm in can] if arms else None
        job = workspace.queue.submit("compare", comparison_order(wanted, limit=limit))

        def do(order: Mapping[str, Any], steps: Steps) -> dict[str, Any]:
            return compare(workspace, order, steps)

        perform(workspace.queue, job.id, {"compare": do})
        done = workspace.queue.get(job.id)
        if done.state != "finished":
            raise UserError(f"{name}: the comparison {done.state}: {done.error}")
    return bundle(domain, name)


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", help="the templates (default: all but the version desk)")
    parser.add_argument("--arms", type=lambda text: text.split(","))
    parser.add_argument("--limit", type=int, default=0)
    asked = parser.parse_args()
    os.environ.update(ENVIRONMENT)  # before torch is loaded: threads that wait must not spin
    for name in asked.names or [name for name in templates() if name != VERSION_DESK]:
        start = time.process_time()
        kept = measure(asked.folder, name, asked.arms, asked.limit)
        spent = time.process_time() - start
        sys.stdout.write(f"{name}: {kept.stat().st_size:,} bytes, {spent:.0f} CPU seconds\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
