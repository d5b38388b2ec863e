"""What adding one page over HTTP costs, until a search finds it, in a small index and in a large one.

    python -m benchmarks.one_page --chunks 1000 60000 --pages 10

Fills the index of a new domain with drawn texts and vectors, starts `lorewright serve`, uploads one
small Markdown page after another, waits for its job and searches for its words. Then the same with
small files that are attached to a vector store, and one page that is changed over and over. Prints,
per size, the CPU seconds of the server with all its processes from the upload to the hit, the wall
time, and the bytes by which the index grew.
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import insert

from benchmarks.cpu_time import cpu_seconds
from benchmarks.serving_load import Running, serving
from lorewright.access.caller import DOMAIN_STORE
from lorewright.documents import Chunk, Document
from lorewright.knowledge.chunk_table import make_chunk_table
from lorewright.knowledge.index import Embedded
from lorewright.storage.schema import document as document_table
from lorewright.workspace import Workspace, init_domain

_AT_ONCE = 4_096
_SYLLABLES = ("ka", "ri", "to", "mu", "sel", "an", "vor", "pi", "den", "lo", "fa", "gri", "ul", "est", "bo")
_CHUNKS_A_DOCUMENT = 4


def main() -> None:
    """Measure every size in turn."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--chunks", type=int, nargs="+", default=[1_000, 60_000])
    parser.add_argument("--pages", type=int, default=10)
    given = parser.parse_args()
    for n_chunks in given.chunks:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "desk"
            init_domain(folder)
            fill(folder, n_chunks)
            with serving(folder) as server:
                print(f"{n_chunks} chunks:", flush=True)
                measure_each(server, folder, given.pages)


def measure_each(server: Running, folder: Path, n_pages: int) -> None:
    """Measure the three ways of adding something small."""
    measure("a new page", server, folder, n_pages, lambda client, number: upload(client, f"new-{number}"))
    measure("a changed page", server, folder, n_pages, lambda client, _: upload(client, "same"))
    store = Client(server).post("/v1/vector_stores", {"name": "small"})["id"]
    measure("a file in a vector store", server, folder, n_pages, lambda client, _: attach(client, store))


class Client:
    """Speaks to the server in JSON."""

    def __init__(self, server: Running) -> None:
        self._server = server

    def get(self, path: str) -> dict[str, Any]:
        """Return what is at a path."""
        return self._ask("GET", path)

    def post(self, path: str, body: Any) -> dict[str, Any]:
        """Return what the server makes of a body."""
        return self._ask("POST", path, json.dumps(body).encode(), "application/json")

    def send(self, path: str, name: str, data: bytes, **fields: str) -> dict[str, Any]:
        """Return what the server makes of a file in a form."""
        edge = uuid4().hex
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
                 for key, value in fields.items()]  # fmt: skip
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = b"".join([*parts, head.encode(), data, f"\r\n--{edge}--\r\n".encode()])
        return self._ask("POST", path, body, f"multipart/form-data; boundary={edge}")

    def _ask(self, method: str, path: str, body: bytes | None = None, form: str = "") -> dict[str, Any]:
        connection = HTTPConnection(self._server.address, timeout=120)
        headers = {"Authorization": f"Bearer {self._server.key}"} | ({"Content-Type": form} if form else {})
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        said: dict[str, Any] = json.loads(response.read())
        connection.close()
        if response.status >= 300:
            raise ValueError(f"{method} {path}: {response.status} {said}")
        return said


Add = Callable[[Client, int], Callable[[], bool]]
"""Adds something and returns what tells whether it is found."""


def measure(what: str, server: Running, folder: Path, n_pages: int, add: Add) -> None:
    """Add pages one after the other and print what each took; the first warms everything up."""
    client = Client(server)
    took: list[tuple[float, float]] = []
    size = folder_bytes(folder)
    for number in range(n_pages + 1):
        before, begun = cpu_seconds(server.pid), time.monotonic()
        if not add(client, number)():
            raise ValueError(f"{what} {number} is not found")
        took.append((cpu_seconds(server.pid) - before, time.monotonic() - begun))
        time.sleep(0.3)
    grown = (folder_bytes(folder) - size) / len(took) / 1e6
    first, rest = took[0], took[1:]
    print(
        f"  {what}: {median(cpu for cpu, _ in rest):.2f} CPU-s (to {max(cpu for cpu, _ in rest):.2f}), "
        f"{median(wall for _, wall in rest):.2f} s until found, {grown:.1f} MB each (n={len(rest)}); "
        f"the first {first[0]:.2f} CPU-s",
        flush=True,
    )


def upload(client: Client, name: str) -> Callable[[], bool]:
    """Upload a page in place of one of the same name."""
    word, page = a_page(name)
    made = client.send("/lorewright/v1/documents", f"{name}.md", page.encode(), replace="true")
    job = made["job"]["id"]
    wait(lambda: client.get(f"/lorewright/v1/jobs/{job}")["state"] == "finished")

    return lambda: is_found(client, DOMAIN_STORE, word)


def attach(client: Client, store: str) -> Callable[[], bool]:
    """Attach a small file to a vector store."""
    word, page = a_page("note")
    file = client.send("/v1/files", "note.md", page.encode(), purpose="assistants")["id"]
    client.post(f"/v1/vector_stores/{store}/files", {"file_id": file})
    wait(lambda: client.get(f"/v1/vector_stores/{store}/files/{file}")["status"] == "completed")

    return lambda: is_found(client, store, word)


def is_found(client: Client, store: str, word: str) -> bool:
    """Return whether a search finds the page with a word."""
    found = client.post(f"/v1/vector_stores/{store}/search", {"query": f"What does {word} need?"})
    return any(word in part["text"] for hit in found["data"] for part in hit["content"])


def a_page(name: str) -> tuple[str, str]:
    """Return a word that no other page has, and a page with it."""
    word = f"zq{uuid4().hex[:10]}"
    return (
        word,
        f"# {name}\n\nThe machine {word} needs oil every week.\n\nAsk the workshop where it is.\n",
    )


def wait(is_done: Callable[[], bool]) -> None:
    """Ask again and again until it is done."""
    for _ in range(1_200):
        if is_done():
            return
        time.sleep(0.05)
    raise TimeoutError("nothing happened for a minute")


def fill(folder: Path, n_chunks: int) -> None:
    """Index drawn documents, as if they had been added and embedded."""
    draw = random.Random(0)
    words = sorted({"".join(draw.choices(_SYLLABLES, k=draw.choice((2, 3, 4)))) for _ in range(20_000)})
    vectors = np.random.default_rng(0)
    with Workspace(folder) as workspace:
        stamp = {
            "embedder": workspace.embedder.name, "language": "English",
            "chunk_tokens": str(workspace.settings.retrieval.chunk_tokens),
        }  # fmt: skip
        place, n = workspace.state_folder / "index", workspace.embedder.n_dimensions
        _ = workspace.database
        table = make_chunk_table(place, n_dimensions=n, stamp=stamp)
        for documents in batches(drawn_documents(draw, words, n_chunks)):
            chunks = [chunk for document in documents for chunk in chunks_of(document)]
            drawn = unit(vectors.standard_normal((len(chunks), n)))
            table.replace(documents, [Embedded(stamp["embedder"], chunks, drawn)])
            with workspace.database.write() as connection:
                connection.execute(insert(document_table), [row_of(document) for document in documents])
        table.compact()


def row_of(document: Document) -> dict[str, Any]:
    """Return a document as it is stored once it is indexed."""
    return {
        "id": document.id, "title": document.title, "text": document.text, "text_hash": document.text_hash,
        "file_hash": document.text_hash, "media_type": document.media_type, "page_starts": "[]",
        "metadata": "{}", "n_versions": 1, "indexed_hash": document.text_hash, "added_at": 0.0,
        "updated_at": 0.0,
    }  # fmt: skip


def drawn_documents(draw: random.Random, words: Sequence[str], n_chunks: int) -> Iterator[Document]:
    """Yield documents of a few paragraphs of drawn words; frequent words are frequent."""
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    for number in range(n_chunks // _CHUNKS_A_DOCUMENT):
        drawn = draw.choices(words, cum_weights=None, weights=weights, k=80 * _CHUNKS_A_DOCUMENT)
        parts = [" ".join(drawn[first : first + 80]) for first in range(0, len(drawn), 80)]
        yield Document(f"drawn/{number:06}.md", f"Page {number}", "\n\n".join(parts), "text/markdown")


def batches(documents: Iterator[Document]) -> Iterator[list[Document]]:
    """Yield as many documents as are written at once."""
    batch: list[Document] = []
    for document in documents:
        batch.append(document)
        if len(batch) * _CHUNKS_A_DOCUMENT >= _AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def chunks_of(document: Document) -> Iterator[Chunk]:
    """Yield a chunk per paragraph."""
    start = 0
    for part in document.text.split("\n\n"):
        yield Chunk(f"{document.id}#{start}", document.id, document.title, start, start + len(part), part)
        start += len(part) + 2


def unit(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return rows of length 1."""
    lengths: NDArray[np.float64] = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / lengths).astype(np.float32)


def folder_bytes(folder: Path) -> int:
    """Return how much a folder takes."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
