"""How many examples `hybrid` needs: started from the reader, and from the bare adapter.

    python -m benchmarks.hybrid_examples FOLDER --examples 60 254
    python -m benchmarks.hybrid_examples FOLDER --examples 60 --starts reader

Lays the bundled version desk into a folder for every start and number of examples, lets the product add,
tune and compare there, and prints the arm with its 95 % intervals.
"""

import argparse
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.real_domains import run_domain, table
from lorewright.evaluation import to_json
from lorewright.workspace.domain.version_desk import create_demo
from lorewright.workspace.domain.workspace import Workspace

STARTS = {"reader": "auto", "bare": "off"}


def main() -> None:
    """Measure every start with every number of examples."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--examples", nargs="+", type=int, default=[60, 254])
    parser.add_argument("--starts", nargs="+", choices=STARTS, default=list(STARTS))
    parser.add_argument("--arms", default="hybrid")
    parser.add_argument("--limit", type=int, default=30, help="held-out questions")
    given = parser.parse_args()
    for n_examples in given.examples:
        for start in given.starts:
            domain = create_demo(given.folder / f"{start}-{n_examples}")
            change_settings(domain / "lorewright.toml", reader=STARTS[start], n_examples=n_examples)
            seconds = run_domain(domain, limit=given.limit, arms=given.arms)
            print(f"\n## {n_examples} examples, from the {start}: tuned in {seconds['tune']:.0f} s\n")
            print(table(comparison_of(domain)), flush=True)


def comparison_of(domain: Path) -> Mapping[str, Any]:
    """Return the latest comparison of a domain, as JSON."""
    with Workspace(domain) as workspace:
        latest = workspace.comparisons.latest()
        assert latest is not None, "nothing was measured"
        found: Mapping[str, Any] = to_json(latest)
        return found


def change_settings(settings: Path, *, reader: str, n_examples: int) -> None:
    """Set which start a domain's tuning has, and how many examples it learns from.

    The desk's own number of epochs is for all its examples: here they follow from how many there are.
    """
    text = settings.read_text(encoding="utf-8")
    text, n_lines = re.subn(r"^epochs = .*\n", "", text, flags=re.MULTILINE)
    assert n_lines == 1, "the version desk does not set its epochs any more"
    text = text.replace("[tuning]\n", f"[tuning]\nmax_examples = {n_examples}\n")
    settings.write_text(f'[models]\nreader = "{reader}"\n\n{text}', encoding="utf-8")


if __name__ == "__main__":
    main()
