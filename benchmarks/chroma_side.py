"""The other side of benchmarks.ingestion_vs_chroma: runs where Chroma is installed, without lorewright.

    python chroma_side.py CHUNKS.json WEIGHTS FOLDER

Embeds the chunks with sentence-transformers in full precision and adds them to a Chroma collection
on disk; prints the CPU seconds it took as JSON, loading and imports left out.
"""

import json
import sys
import time
from pathlib import Path

import chromadb
import torch
from sentence_transformers import SentenceTransformer

_BATCH = 512


def main() -> None:
    """Embed and add, in batches as large as the other side's."""
    chunks = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    torch.set_num_threads(1)
    model = SentenceTransformer(sys.argv[2], device="cpu")
    model.max_seq_length = 256
    collection = chromadb.PersistentClient(sys.argv[3]).create_collection("chunks")
    model.encode("warm")
    begun = time.process_time()
    for start in range(0, len(chunks), _BATCH):
        part = chunks[start : start + _BATCH]
        texts = [chunk["context"] for chunk in part]
        vectors = model.encode(texts, batch_size=32, normalize_embeddings=True, show_progress_bar=False)
        collection.add(
            ids=[chunk["id"] for chunk in part],
            documents=texts,
            embeddings=vectors,
            metadatas=[{"document": chunk["document_id"]} for chunk in part],
        )
    print(json.dumps({"cpu_seconds": time.process_time() - begun, "n_chunks": collection.count()}))


if __name__ == "__main__":
    main()
