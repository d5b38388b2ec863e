"""Endpoints that keep: files, uploads, vector stores, evaluations, batches."""

import json
import time
from collections.abc import Callable
from typing import Any, TypeVar

from openai import OpenAI
from tests.conformance.answering import MODEL
from tests.conformance.probe import Probe

PAGE = b"# Parking\n\nParking spaces cost 40 euros a month.\n"
PATIENCE_SECONDS = 60.0
Made = TypeVar("Made")


def until(get: Callable[[], Made], *over: str) -> Made:
    """Return what `get` returns once its status is one of `over`, or when patience ends."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        made = get()
        if getattr(made, "status", "") in over or time.monotonic() > end:
            return made


def kept_file(
    client: OpenAI, content: bytes = PAGE, name: str = "parking.md", purpose: Any = "assistants"
) -> str:
    """Return the id of a new file."""
    return client.files.create(file=(name, content), purpose=purpose).id


def files(probe: Probe) -> None:
    """A file is kept, listed, read and deleted."""
    client, one = probe.client.files, "/files/{file_id}"
    made = probe.call("POST /files", lambda: client.create(file=("parking.md", PAGE), purpose="assistants"))
    said = (made.filename, made.bytes, made.purpose)
    probe.check(
        "POST /files", "keeps name, size and purpose", said == ("parking.md", len(PAGE), "assistants"), said
    )
    client.create(file=("other.md", PAGE), purpose="assistants")
    listed = probe.call("GET /files", lambda: client.list(limit=1))
    probe.check("GET /files", "lists page by page", len(listed.data) == 1 and len(list(listed)) == 2)
    found = probe.call(f"GET {one}", lambda: client.retrieve(made.id))
    probe.check(f"GET {one}", "returns the one that was asked for", found.id == made.id)
    content = probe.call(f"GET {one}/content", lambda: client.content(made.id).read())
    probe.check(f"GET {one}/content", "returns its bytes", content == PAGE, content)
    gone = probe.call(f"DELETE {one}", lambda: client.delete(made.id))
    probe.check(f"DELETE {one}", "says that it is gone", gone.deleted and gone.id == made.id)
    probe.refused(f"GET {one}", "does not find it any more", lambda: client.retrieve(made.id), status=404)


def uploads(probe: Probe) -> None:
    """A file comes in parts; an upload can be given up."""
    client, one = probe.client.uploads, "/uploads/{upload_id}"
    begun = probe.call(
        "POST /uploads",
        lambda: client.create(
            bytes=len(PAGE), filename="p.md", mime_type="text/markdown", purpose="assistants"
        ),
    )
    parts = [
        probe.call(f"POST {one}/parts", lambda half=half: client.parts.create(begun.id, data=half)).id  # type: ignore[misc]
        for half in (PAGE[:20], PAGE[20:])
    ]
    done = probe.call(f"POST {one}/complete", lambda: client.complete(begun.id, part_ids=parts))
    probe.check(
        f"POST {one}/complete", "makes a file of it", done.file and done.status == "completed", done.status
    )
    whole = probe.client.files.content(done.file.id).read() if done.file else b""
    probe.check(f"POST {one}/complete", "puts the parts in order", whole == PAGE, whole)
    other = client.create(bytes=1, filename="a.md", mime_type="text/markdown", purpose="assistants")
    given_up = probe.call(f"POST {one}/cancel", lambda: client.cancel(other.id))
    probe.check(f"POST {one}/cancel", "is given up", given_up.status == "cancelled", given_up.status)


def vector_stores(probe: Probe) -> None:
    """A store is made, changed, searched and deleted."""
    client, one = probe.client.vector_stores, "/vector_stores/{vector_store_id}"
    made = probe.call("POST /vector_stores", lambda: client.create(name="pages", metadata={"a": "b"}))
    listed = probe.call("GET /vector_stores", client.list)
    probe.check("GET /vector_stores", "lists it", made.id in {store.id for store in listed})
    found = probe.call(f"GET {one}", lambda: client.retrieve(made.id))
    probe.check(f"GET {one}", "returns its name", found.name == "pages", found.name)
    changed = probe.call(f"POST {one}", lambda: client.update(made.id, name="papers"))
    probe.check(f"POST {one}", "changes its name", changed.name == "papers", changed.name)
    client.files.create(made.id, file_id=kept_file(probe.client))
    until(lambda: next(iter(client.files.list(made.id))), "completed", "failed")
    hits = list(probe.call(f"POST {one}/search", lambda: client.search(made.id, query="parking spaces")))
    probe.check(
        f"POST {one}/search", "finds what a file says", hits and "40 euros" in hits[0].content[0].text
    )
    gone = probe.call(f"DELETE {one}", lambda: client.delete(made.id))
    probe.check(f"DELETE {one}", "says that it is gone", gone.deleted)
    probe.refused(f"GET {one}", "does not find it any more", lambda: client.retrieve(made.id), status=404)


def vector_store_files(probe: Probe) -> None:
    """Files of a store are added, labelled, read and taken out."""
    client = probe.client.vector_stores
    store, file = client.create().id, kept_file(probe.client)
    path = "/vector_stores/{vector_store_id}/files"
    one = f"{path}/{{file_id}}"
    probe.call(f"POST {path}", lambda: client.files.create(store, file_id=file, attributes={"year": 2026}))
    done = until(lambda: client.files.retrieve(file, vector_store_id=store), "completed", "failed")
    probe.check(f"POST {path}", "is read in the end", done.status == "completed", done.last_error)
    probe.call(f"GET {one}", lambda: client.files.retrieve(file, vector_store_id=store))
    listed = probe.call(f"GET {path}", lambda: client.files.list(store))
    probe.check(f"GET {path}", "lists it", [found.id for found in listed] == [file])
    changed = probe.call(
        f"POST {one}", lambda: client.files.update(file, vector_store_id=store, attributes={"year": 2027})
    )
    probe.check(
        f"POST {one}", "changes its attributes", changed.attributes == {"year": 2027}, changed.attributes
    )
    text = "".join(
        part.text or ""
        for part in probe.call(
            f"GET {one}/content", lambda: client.files.content(file, vector_store_id=store)
        )
    )
    probe.check(f"GET {one}/content", "returns its text", "40 euros" in text, text)
    gone = probe.call(f"DELETE {one}", lambda: client.files.delete(file, vector_store_id=store))
    probe.check(f"DELETE {one}", "takes it out", gone.deleted and not list(client.files.list(store)))


def file_batches(probe: Probe) -> None:
    """Many files are added to a store at once."""
    client = probe.client.vector_stores
    store = client.create().id
    ids = [kept_file(probe.client, name=f"{n}.md") for n in range(2)]
    path = "/vector_stores/{vector_store_id}/file_batches"
    one = f"{path}/{{batch_id}}"
    made = probe.call(f"POST {path}", lambda: client.file_batches.create(store, file_ids=ids))
    done = until(
        lambda: client.file_batches.retrieve(made.id, vector_store_id=store),
        "completed",
        "failed",
        "cancelled",
    )
    probe.check(f"POST {path}", "reads all files", done.file_counts.completed == 2, done.file_counts)
    probe.call(f"GET {one}", lambda: client.file_batches.retrieve(made.id, vector_store_id=store))
    listed = probe.call(
        f"GET {one}/files", lambda: client.file_batches.list_files(made.id, vector_store_id=store)
    )
    probe.check(f"GET {one}/files", "lists its files", {file.id for file in listed} == set(ids))
    other = client.file_batches.create(store, file_ids=[kept_file(probe.client, name="late.md")])
    probe.call(f"POST {one}/cancel", lambda: client.file_batches.cancel(other.id, vector_store_id=store))


def evals(probe: Probe) -> None:
    """An evaluation is defined, and a run asks a model and grades what it says."""
    client, one = probe.client.evals, "/evals/{eval_id}"
    item = {"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"]}
    config: Any = {"type": "custom", "item_schema": item, "include_sample_schema": True}
    grader: Any = {
        "type": "string_check", "name": "holds", "operation": "ilike",
        "input": "{{ sample.output_text }}", "reference": "{{ item.word }}",
    }  # fmt: skip
    made = probe.call(
        "POST /evals", lambda: client.create(name="e", data_source_config=config, testing_criteria=[grader])
    )
    listed = probe.call("GET /evals", client.list)
    probe.check("GET /evals", "lists it", made.id in {found.id for found in listed})
    probe.call(f"GET {one}", lambda: client.retrieve(made.id))
    changed = probe.call(f"POST {one}", lambda: client.update(made.id, name="f"))
    probe.check(f"POST {one}", "changes its name", changed.name == "f", changed.name)
    asked = [{"role": "user", "content": "Say {{ item.word }}"}]
    source: Any = {
        "type": "completions", "model": MODEL,
        "input_messages": {"type": "template", "template": asked},
        "source": {"type": "file_content", "content": [{"item": {"word": "hat"}}, {"item": {"word": "cat"}}]},
    }  # fmt: skip
    begun = probe.call(f"POST {one}/runs", lambda: client.runs.create(made.id, data_source=source))
    run = f"{one}/runs/{{run_id}}"
    until(lambda: client.runs.retrieve(begun.id, eval_id=made.id), "completed", "failed")
    done = probe.call(f"GET {run}", lambda: client.runs.retrieve(begun.id, eval_id=made.id))
    probe.check(f"POST {one}/runs", "grades every item", done.result_counts.passed == 2, done.result_counts)
    runs = probe.call(f"GET {one}/runs", lambda: client.runs.list(made.id))
    probe.check(f"GET {one}/runs", "lists it", [found.id for found in runs] == [begun.id])
    items = probe.call(
        f"GET {run}/output_items", lambda: client.runs.output_items.list(begun.id, eval_id=made.id)
    )
    probe.check(f"GET {run}/output_items", "lists every item", len(items.data) == 2, len(items.data))
    probe.call(
        f"GET {run}/output_items/{{output_item_id}}",
        lambda: client.runs.output_items.retrieve(items.data[0].id, eval_id=made.id, run_id=begun.id),
    )
    source["source"]["content"] *= 250  # long enough not to be over before it is cancelled
    other = client.runs.create(made.id, data_source=source)
    probe.call(f"POST {run}/cancel", lambda: client.runs.cancel(other.id, eval_id=made.id))
    gone = probe.call(f"DELETE {run}", lambda: client.runs.delete(begun.id, eval_id=made.id))
    probe.check(f"DELETE {run}", "says that it is gone", gone.deleted)
    probe.call(f"DELETE {one}", lambda: client.delete(made.id))
    probe.refused(f"GET {one}", "does not find it any more", lambda: client.retrieve(made.id), status=404)


def batches(probe: Probe) -> None:
    """Many requests are done as one batch."""
    client, one = probe.client.batches, "/batches/{batch_id}"
    body = {"model": MODEL, "messages": [{"role": "user", "content": "Hello"}]}
    rows = [
        {"custom_id": str(n), "method": "POST", "url": "/v1/chat/completions", "body": body} for n in range(2)
    ]
    content = "".join(json.dumps(row) + "\n" for row in rows).encode()
    file = kept_file(probe.client, content, "batch.jsonl", "batch")
    made = probe.call(
        "POST /batches",
        lambda: client.create(input_file_id=file, endpoint="/v1/chat/completions", completion_window="24h"),
    )
    until(lambda: client.retrieve(made.id), "completed", "failed", "expired", "cancelled")
    done = probe.call(f"GET {one}", lambda: client.retrieve(made.id))
    counts = done.request_counts
    probe.check(
        "POST /batches", "does every request", counts and counts.completed == 2, counts or done.errors
    )
    said = probe.client.files.content(done.output_file_id).text if done.output_file_id else ""
    probe.check("POST /batches", "leaves the answers in a file", said.count("You said: Hello") == 2, said)
    listed = probe.call("GET /batches", client.list)
    probe.check("GET /batches", "lists it", made.id in {batch.id for batch in listed})
    other = client.create(input_file_id=file, endpoint="/v1/chat/completions", completion_window="24h")
    probe.call(f"POST {one}/cancel", lambda: client.cancel(other.id))


SCENARIOS = (files, uploads, vector_stores, vector_store_files, file_batches, evals, batches)
