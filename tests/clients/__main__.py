"""Try every client, or those that are named, and write the table into docs/conformance.md."""

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.clients.drive import Tried, try_all
from tests.clients.environments import clients
from tests.clients.page import PAGE, render, with_section
from tests.clients.results import remember, remembered
from tests.clients.serving import served


def main(names: list[str]) -> int:
    """Return 1 where a check failed; clients that are not named keep the row of their last try."""
    chosen = [client for client in clients() if not names or client.name in names]
    has_failed = False
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as address:
        for one in try_all(chosen, address):
            remember(one)
            _show(one)
            has_failed |= any(found.outcome == "failed" for found in one.outcomes.values())
    section = render(remembered(clients()), model=address.model, day=datetime.now(tz=UTC).date().isoformat())
    PAGE.write_text(with_section(PAGE.read_text(encoding="utf-8"), section), encoding="utf-8")
    return int(has_failed)


def _show(one: Tried) -> None:
    print(one.client.name, *one.client.pinned, one.skipped and f"skipped: {one.skipped}", flush=True)
    for capability, found in one.outcomes.items():
        print(f"  {capability}: {found.outcome} {found.detail}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
