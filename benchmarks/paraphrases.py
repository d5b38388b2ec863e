"""How many right paraphrases are withheld, and how many tampered ones are caught, in ten languages.

    python -m benchmarks.paraphrases            # a line per language
    python -m benchmarks.paraphrases --misses   # and every sentence that is judged wrongly

The sentences are our own: what a document says, the same in other words (another notation, spelled
out, as a list), and that with one number, date, unit or name changed. Withheld is what an arm with
the policy `refuse` would not show. Figures are shares with their 95 % interval.
"""

import argparse
import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lorewright.evaluation import estimate
from lorewright.knowledge import check_claims

SENTENCES = Path(__file__).parent / "sets" / "paraphrases.tsv"


@dataclass(frozen=True, slots=True)
class Paraphrase:
    """What a document says, the same in other words, and that with one thing changed."""

    language: str
    source: str
    right: str
    tampered: str


def main() -> None:
    """Print both rates for every language and for all of them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--misses", action="store_true", help="show what is judged wrongly")
    given = parser.parse_args()
    rows = read_paraphrases()
    for language in (*dict.fromkeys(row.language for row in rows), "all"):
        chosen = [row for row in rows if language in (row.language, "all")]
        withheld = estimate([float(is_withheld(row.right, row.source)) for row in chosen])
        caught = estimate([float(is_withheld(row.tampered, row.source)) for row in chosen])
        print(f"{language:4} right ones withheld {withheld}   tampered ones caught {caught}")
    for line in misses(rows) if given.misses else ():
        print(line)


def read_paraphrases() -> list[Paraphrase]:
    """Return all sentences; a written-out line break in them is one."""
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Paraphrase(**{name: text.replace("\\n", "\n") for name, text in row.items()}) for row in rows]


def is_withheld(text: str, source: str) -> bool:
    """Whether an answer would not be shown, given what the document says."""
    return bool(check_claims(text, [source]).wrong)


def misses(rows: Iterable[Paraphrase]) -> Iterable[str]:
    """Yield every right paraphrase that is withheld and every tampered one that is not."""
    for row in rows:
        if is_withheld(row.right, row.source):
            wrong = check_claims(row.right, [row.source]).wrong
            yield f"withheld {row.language}: {row.right!r} for {wrong} | {row.source}"
        if not is_withheld(row.tampered, row.source):
            yield f"not caught {row.language}: {row.tampered!r} | {row.source}"


if __name__ == "__main__":
    main()
