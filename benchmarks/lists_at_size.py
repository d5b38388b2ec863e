"""What lists and pages cost in a domain that was used for years: milliseconds of CPU for each.

    python -m benchmarks.lists_at_size FOLDER

Builds a domain with 10,000 documents, 5,000 chats, 2,000 jobs and 5,000 examples in FOLDER, unless
it is there already, and asks the API for every list of it, in this process.
"""

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from fastapi.testclient import TestClient

from lorewright.access import LOCAL
from lorewright.api.app import build_app
from lorewright.documents import Document
from lorewright.messages import Message, last_user_turn
from lorewright.models.fakes import ScriptedEngine
from lorewright.workspace.chats.chats import new_chat
from lorewright.workspace.chats.turns import add_turn
from lorewright.workspace.domain.folder import init_domain
from lorewright.workspace.server.server import Server

N_DOCUMENTS, N_CHATS, N_JOBS, N_EXAMPLES = 10_000, 5_000, 2_000, 5_000
PATHS = (
    "/v1/models", "/v1/files", "/v1/vector_stores", "/lorewright/v1/documents",
    "/lorewright/v1/documents/page-77.md", "/lorewright/v1/chats", "/lorewright/v1/chats?search=locker+77",
    "/lorewright/v1/jobs", "/lorewright/v1/tuning/runs", "/lorewright/v1/deployments", "/lorewright/v1/flows",
    "/lorewright/v1/data/examples", "/lorewright/v1/comparisons", "/lorewright/v1/feedback",
)  # fmt: skip


def main() -> None:
    """Build the domain, ask for each list five times, and print the median."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    if not (given.folder / "lorewright.toml").is_file():
        _build(given.folder)
    server = Server(given.folder, open_one=lambda _key: ScriptedEngine(_say, name="parrot"))
    client = TestClient(
        build_app(server, is_open=True), base_url="http://127.0.0.1", client=("127.0.0.1", 50000)
    )
    print(f"{'path':60} {'status':>6} {'first ms':>9} {'then ms':>8} {'KB':>7}")
    for path in PATHS:
        taken = []
        for _ in range(5):
            begun = time.process_time()
            answer = client.get(path)
            taken.append((time.process_time() - begun) * 1000)
        size = len(answer.content) / 1000
        print(f"{path:60} {answer.status_code:6} {taken[0]:9.0f} {median(taken[1:]):8.0f} {size:7.0f}")
    body = {"model": f"{server.name}/rag-few-shot", "messages": [{"role": "user", "content": "Locker 77?"}]}
    taken = []
    for _ in range(5):
        begun = time.process_time()
        answer = client.post("/v1/chat/completions", json=body)
        taken.append((time.process_time() - begun) * 1000)
    print(
        f"{'a question to rag-few-shot':60} {answer.status_code:6} {taken[0]:9.0f} {median(taken[1:]):8.0f}"
    )
    server.close()


def _say(messages: Sequence[Message]) -> str:
    return f"You said: {last_user_turn(messages)[:60]}"


def _build(folder: Path) -> None:
    init_domain(folder)
    settings = folder / "lorewright.toml"
    settings.write_text('[models]\nembedding = "hashing"\nchat = "file:/models/parrot.gguf"\n')
    rows = ({"prompt": f"What of locker {n}?", "completion": f"It is number {n}."} for n in range(N_EXAMPLES))
    (folder / "examples" / "desk.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    server = Server(folder, n_processes=2)  # the jobs are another process's
    workspace = server.workspace
    for batch in _batches(N_DOCUMENTS, 500):
        documents = [_document(n) for n in batch]
        for document in documents:
            workspace.documents.save(document, file_hash=document.text_hash)
        workspace.collection.add(documents)
        workspace.documents.mark_indexed({document.id: document.text_hash for document in documents})
    for n in range(N_CHATS):
        chat = new_chat(server, LOCAL, models=[f"{server.name}/rag"])
        add_turn(server, LOCAL, chat, f"What of locker {n}?", before="", models=chat.models)
    for n in range(N_JOBS):
        job = workspace.queue.submit("add", {"paths": [], "is_sync": True, "n": n})
        workspace.queue.finish(job.id, {"n_new": 0})
    server.close()


def _document(n: int) -> Document:
    text = f"# Page {n}\n\nLocker {n} is in row {n % 97}. It costs {n % 13} crowns a month."
    return Document(id=f"page-{n}.md", title=f"Page {n}", text=text)


def _batches(n: int, size: int) -> Iterator[range]:
    for first in range(0, n, size):
        yield range(first, min(n, first + size))


if __name__ == "__main__":
    main()
