"""Read a folder of hostile files and cut sets of documents: what is found, what is refused, how fast.

    python -m benchmarks.ingestion --data DATA [--misses] [--torture-only]

DATA (or LOREWRIGHT_DATA) holds `docs-torture` (files, and manifest.jsonl with what each should give) and
any sets of documents as `docs*.jsonl`. Tokens are words and marks, so that the splitter alone is timed.
An expected string counts where it stands in the text as it is; "as words" it counts too where only markup,
case or line ends are between its words, as between the cells of a table. `--misses` lists the others.
"""

import argparse
import json
import os
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from lorewright.documents import Document, DocumentReader, cut
from lorewright.errors import UnreadableDocument

_WORD = re.compile(r"[^\W_]+")
_TOKEN = re.compile(r"\w+|[^\w\s]")
SIZE_TOKENS = 128


def main() -> None:
    """Print both measurements."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, default=os.environ.get("LOREWRIGHT_DATA"), help="the data folder"
    )
    parser.add_argument("--misses", action="store_true", help="list what is missing")
    parser.add_argument("--torture-only", action="store_true", help="do not time the splitter")
    given = parser.parse_args()
    if given.data is None:
        parser.error("name the data folder with --data or LOREWRIGHT_DATA")
    if (given.data / "docs-torture").is_dir():
        print(read_all(given.data / "docs-torture", shows_misses=given.misses))
    for path in sorted(given.data.glob("*/docs*.jsonl")) if not given.torture_only else ():
        print(cut_all(path))


def read_all(folder: Path, *, shows_misses: bool = False) -> str:
    """Return how many files gave their text and how many were refused that should be."""
    counts: Counter[str] = Counter()
    slowest = 0.0
    begun = time.perf_counter()
    with DocumentReader() as reader:
        for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            started = time.perf_counter()
            text = _text(reader, folder / entry["file"])
            slowest = max(slowest, time.perf_counter() - started)
            kind = "text" if entry["expect"] == "text" else "refused"
            counts[f"{kind} of"] += 1
            counts[kind] += (text is not None) == (kind == "text")
            if kind == "text":
                counts["strings of"] += len(entry["must_contain"])
                words = _words(text or "")
                for wanted in entry["must_contain"]:
                    counts["strings"] += _folded(wanted) in (text or "")
                    is_there = _words(wanted) in words
                    counts["strings as words"] += is_there
                    counts["strings as words of"] += 1
                    if shows_misses and not is_there:
                        print(f"{entry['file']}: {wanted!r}")
                if shows_misses and text is None:
                    print(f"{entry['file']}: not read")
    figures = ", ".join(
        f"{name} {counts[name]} of {counts[f'{name} of']}"
        for name in ("text", "refused", "strings", "strings as words")
    )
    return f"docs-torture: {figures}; {time.perf_counter() - begun:.0f} s, slowest file {slowest:.1f} s"


def _text(reader: DocumentReader, path: Path) -> str | None:
    try:
        return _folded(reader.read(path, document_id=path.name).text)
    except UnreadableDocument:
        return None


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _words(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def cut_all(path: Path) -> str:
    """Return the speed of the splitter on one set of documents, and the sizes of its chunks."""
    documents = list(_documents(path))
    places = {document.text: _places(document.text) for document in documents}
    begun = time.process_time()
    chunks = [
        chunk
        for document in documents
        for chunk in cut(
            document, token_offsets=lambda text: places.get(text) or _places(text), size_tokens=SIZE_TOKENS
        )
    ]
    seconds = time.process_time() - begun
    sizes = sorted(len(_places(chunk.text)) for chunk in chunks)
    n_bytes = sum(len(document.text.encode()) for document in documents)
    return (
        f"{path.parent.name}/{path.name}: {len(documents)} documents, {n_bytes / 1e6:.1f} MB, "
        f"{len(chunks)} chunks, {n_bytes / 1e6 / seconds:.1f} MB per CPU-second; "
        f"tokens p10 {sizes[len(sizes) // 10]}, p50 {sizes[len(sizes) // 2]}, max {sizes[-1]}"
    )


def _documents(path: Path) -> Iterable[Document]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            yield Document(entry["id"], entry.get("title", ""), entry["text"])


def _places(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in _TOKEN.finditer(text)]


if __name__ == "__main__":
    main()
