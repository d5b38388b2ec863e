"""Drive every endpoint, print the table, and write docs/conformance.md."""

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import openai
from tests.clients.page import kept_section, with_section
from tests.conformance.drive import drive
from tests.conformance.inventory import endpoints, shape
from tests.conformance.page import render

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"


def main() -> int:
    """Return 1 where a check failed of an endpoint that is there."""
    with tempfile.TemporaryDirectory() as folder:
        probe, served = drive(Path(folder))
    day = datetime.now(tz=UTC).date().isoformat()
    text = render(endpoints(), served, probe, version=openai.__version__, day=day)
    kept = kept_section(PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(with_section(text, kept) if kept else text, encoding="utf-8")
    print(text)
    return int(any(check.instead and shape(check.endpoint) in served for check in probe.checks))


if __name__ == "__main__":
    sys.exit(main())
