"""Turn a data set into a domain folder.

    python -m benchmarks.importers eol-support --data DATA my-domain
    python -m benchmarks.importers eol-support --data DATA my-domain --as-of t1

DATA is a folder with one folder per data set.
"""

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.importers import other_sets
from benchmarks.importers.eol_support import import_eol_support

Importer = Callable[[Path, Path], None]

IMPORTERS: dict[str, Importer] = {
    "eol-support": import_eol_support,
    "dstc11-support": other_sets.import_dstc11_support,
    "aws-docs": other_sets.import_aws_docs,
    "claude-docs": other_sets.import_claude_docs,
    "squad2": other_sets.import_squad2,
    "pubmedqa": other_sets.import_pubmedqa,
    **{
        name: partial(other_sets.import_examples_only, name=name)
        for name in ("banking77", "nl2bash", "mts-dialog", "text2sql-advising")
    },
}


def main() -> None:
    """Write the domain and say what is in it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", choices=sorted(IMPORTERS))
    parser.add_argument("target", type=Path, help="the domain folder to write")
    parser.add_argument("--data", type=Path, required=True, help="the folder with the data sets")
    parser.add_argument(
        "--as-of", choices=["t0", "t1"], default="t0", help="eol-support: the day of the pages"
    )
    parser.add_argument(
        "--spell-out", action="store_true", help="eol-support: put the style into the instruction"
    )
    given = parser.parse_args()
    given.target.mkdir(parents=True, exist_ok=True)
    if given.name == "eol-support":
        import_eol_support(given.data, given.target, as_of=given.as_of, spelled_out=given.spell_out)
    else:
        IMPORTERS[given.name](given.data, given.target)
    for folder in ("documents", "examples", "questions", "update"):
        files = [path for path in (given.target / folder).rglob("*") if path.is_file()]
        n_rows = sum(len(path.read_bytes().splitlines()) for path in files if path.suffix == ".jsonl")
        print(f"{folder:<10} {len(files):>6} files" + (f" {n_rows:>6} rows" if n_rows else ""))


if __name__ == "__main__":
    main()
