"""Drive every endpoint, print the table, and write docs/conformance.md."""

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import openai
from tests.conformance.drive import drive
from tests.conformance.inventory import endpoints
from tests.conformance.page import render

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"


def main() -> int:
    """Return 1 where any check failed."""
    with tempfile.TemporaryDirectory() as folder:
        probe, served = drive(Path(folder))
    day = datetime.now(tz=UTC).date().isoformat()
    text = render(endpoints(), served, probe, version=openai.__version__, day=day)
    PAGE.write_text(text, encoding="utf-8")
    print(text)
    return 0 if all(not check.instead for check in probe.checks) else 1


if __name__ == "__main__":
    sys.exit(main())
