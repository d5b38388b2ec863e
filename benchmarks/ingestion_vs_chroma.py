"""Chunks per CPU-second into a collection, against sentence-transformers (fp32) with Chroma.

    python -m venv other && other/bin/pip install torch chromadb sentence-transformers
    python -m benchmarks.ingestion_vs_chroma --data DATA --python other/bin/python --documents 200

Both sides index the same chunks of the same evenly spread documents with the same model on one
thread. Ours also cuts the documents and builds the full-text index; Chroma's side gets the chunks
as they are and has no full text with BM25. The sides take turns, so that a busy machine is equally
busy for both; the ratio is the figure to read.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.judged_sets import SETS, read_documents
from lorewright.documents import Document
from lorewright.knowledge import Collection
from lorewright.models import ModelStore
from lorewright.models.embedders import MINILM_SOURCE
from lorewright.models.engines.minilm import MiniLM
from lorewright.settings import Retrieval, cache_folder

_OTHER_SIDE = Path(__file__).with_name("chroma_side.py")


def main() -> None:
    """Let both sides index the documents in turn and print what each took."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, default=os.environ.get("LOREWRIGHT_DATA"), help="the data folder"
    )
    parser.add_argument("--set", default="aws-docs", choices=SETS)
    parser.add_argument("--documents", type=int, default=200, help="how many documents, evenly spread")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--python", required=True, help="an interpreter with chromadb, sentence-transformers")
    given = parser.parse_args()
    if given.data is None:
        parser.error("name the data folder with --data or LOREWRIGHT_DATA")
    if subprocess.run([given.python, "-c", "import chromadb, sentence_transformers"], check=False).returncode:
        sys.exit(f"Skipped: {given.python} has no chromadb and sentence-transformers.")
    documents = read_documents(given.data / given.set)
    documents = documents[:: max(1, len(documents) // given.documents)]
    weights = ModelStore(cache_folder()).pull(MINILM_SOURCE).path
    ours, theirs = [], []
    for _ in range(given.rounds):
        with tempfile.TemporaryDirectory() as place:
            ours.append(our_rate(documents, weights, Path(place)))
            theirs.append(their_rate(given.python, weights, Path(place)))
        ratio = ours[-1] / theirs[-1]
        print(f"chunks per CPU-second: ours {ours[-1]:.1f}, Chroma {theirs[-1]:.1f}, ratio {ratio:.2f}")
    print(f"{len(documents)} documents, {given.rounds} rounds: ratio {sum(ours) / sum(theirs):.2f}")


def our_rate(documents: list[Document], weights: Path, place: Path) -> float:
    """Return our chunks per CPU-second; leaves the chunks in `place` for the other side."""
    collection = Collection(place / "index", MiniLM(weights, n_threads=1), Retrieval())
    collection.search("warm")  # imports are not what is measured
    begun = time.process_time()
    added = collection.add(documents)
    seconds = time.process_time() - begun
    chunks = [
        {"id": chunk.id, "document_id": chunk.document_id, "context": chunk.context}
        for document in documents
        for chunk in collection.chunks_of(document.id)
    ]
    (place / "chunks.json").write_text(json.dumps(chunks), encoding="utf-8")
    return added.n_chunks / seconds


def their_rate(python: str, weights: Path, place: Path) -> float:
    """Return the other side's chunks per CPU-second."""
    model = _sentence_transformer(weights, place / "model")
    command = [python, str(_OTHER_SIDE), str(place / "chunks.json"), str(model), str(place / "chroma")]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    result = json.loads(said.splitlines()[-1])
    return float(result["n_chunks"] / result["cpu_seconds"])


def _sentence_transformer(weights: Path, folder: Path) -> Path:
    """Return a folder that sentence-transformers loads as mean pooling over the same weights."""
    folder.mkdir()
    for file in weights.iterdir():
        if file.is_file() and file.suffix != ".onnx":
            (folder / file.name).symlink_to(file)
    return folder


if __name__ == "__main__":
    main()
