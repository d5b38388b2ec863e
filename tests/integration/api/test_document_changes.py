"""Documents over HTTP: put as they come, edited, written on, compared with what they were."""

import socket
from contextlib import suppress
from typing import Any
from urllib.parse import quote, urlsplit

import httpx2
import pytest
from tests.fixtures.calls import Call, caller_to
from tests.fixtures.served import Served

from lorewright.documents import differences
from lorewright.workspace.documents.editing import read_source

pytestmark = pytest.mark.thorough


@pytest.fixture
def call(served: Served) -> Call:
    return caller_to(served)


def put(served: Served, name: str, body: Any, **query: str) -> httpx2.Response:
    """Put a file as the studio does."""
    extra = "".join(f"&{key}={value}" for key, value in query.items())
    return httpx2.put(
        f"{served.url}/lorewright/v1/documents?document={quote(name, safe='')}{extra}",
        content=body,
        headers={"authorization": f"Bearer {served.key}"},
        timeout=60,
    )


def states(call: Call) -> dict[str, str]:
    """Return the state of every file by its id."""
    return {file["id"]: file["state"] for file in call("GET", "/document-files?limit=100")[1]["data"]}


def test_a_file_waits_until_it_is_indexed(served: Served, call: Call) -> None:
    told = put(served, "house/pets.md", b"# Pets\n\nDogs may come on Fridays.\n", index="false")
    assert told.json() == {"id": "house/pets.md", "object": "document.upload", "job": None}
    assert states(call)["house/pets.md"] == "waiting"

    put(served, "house/cats.md", b"# Cats\n\nCats may not.\n")
    call("POST", "/jobs", {"kind": "add"})
    served.running.workers.wait()

    assert set(states(call).values()) == {"indexed"}


def test_a_longer_file_than_allowed_is_refused_before_it_is_read(served: Served) -> None:
    """Two gigabytes must fill neither the disk nor the memory."""
    parts = urlsplit(served.url)
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=10) as line:
        line.sendall(
            f"PUT /lorewright/v1/documents?document=film.txt HTTP/1.1\r\nhost: {parts.netloc}\r\n"
            f"authorization: Bearer {served.key}\r\ncontent-length: 2147483648\r\n\r\n".encode()
        )
        assert b"413" in line.recv(200)
    assert not (served.running.workspace.documents_folder / "film.txt").exists()


def test_a_file_that_says_no_length_ends_at_the_limit(served: Served, call: Call) -> None:
    limit = served.running.workspace.settings.serve.max_upload_mb

    def pieces() -> Any:
        for _ in range(int(limit) + 2):
            yield b"x" * 1_000_000

    with suppress(httpx2.TransportError):  # the server hung up while we were still sending
        assert put(served, "film.txt", pieces()).status_code == 413
    assert set(states(call)) == {"leave.md", "travel.md"}


@pytest.mark.parametrize(
    "name",
    ["../out.md", "/etc/out.md", "a/../../out.md", "a\\..\\out.md", ".hidden.md", "x.exe", "", "é" * 300],
)
def test_what_cannot_be_a_document_is_refused(name: str, served: Served) -> None:
    assert put(served, name, b"text").status_code == 400
    assert not list(served.running.workspace.folder.glob("**/out.md"))
    assert not list(served.running.workspace.documents_folder.glob("**/.*"))


def test_a_name_that_is_markup_is_a_name(served: Served, call: Call) -> None:
    name = "<img src=x onerror=alert(1)>.md"
    assert put(served, name, b"# Harmless\n").json()["id"] == name
    served.running.workers.wait()
    assert states(call)[name] == "indexed"


def test_a_file_replaces_only_when_told_to(served: Served) -> None:
    assert put(served, "leave.md", b"# Leave\n\n30 days.\n").status_code == 409
    assert put(served, "leave.md", b"# Leave\n\n30 days.\n", replace="true").status_code == 200


def test_what_a_document_said_before_can_be_read(served: Served, call: Call) -> None:
    put(served, "leave.md", b"# Leave\n\n30 days.\n", replace="true")
    served.running.workers.wait()
    _, told = call("GET", "/document-versions?document=leave.md")
    assert [(one["number"], one["is_current"], one["has_text"]) for one in told["data"]] == [
        (2, True, True),
        (1, False, True),
    ]
    old = call("GET", "/document-versions?document=leave.md&number=1")[1]["text"]
    new = call("GET", "/document-versions?document=leave.md&number=2")[1]["text"]
    changed = [(line.kind, line.text) for line in differences(old, new) if line.kind in ("old", "new")]
    assert changed == [("old", "Every employee has 28 days of leave a year."), ("new", "30 days.")]
    assert call("GET", "/document-versions?document=leave.md&number=7")[0] == 400
    assert call("GET", "/document-versions?document=none.md")[0] == 404


def test_a_deleted_document_leaves_nothing_it_said(served: Served, call: Call) -> None:
    """Whoever deletes a document means its former versions too."""
    put(served, "leave.md", b"# Leave\n\n30 days.\n", replace="true")
    served.running.workers.wait()
    assert call("DELETE", "/documents/leave.md")[0] == 200
    texts = [path.read_text() for path in (served.running.workspace.state_folder / "texts").glob("??/*")]
    assert texts == []


def test_an_edited_text_is_written_and_indexed(served: Served, call: Call) -> None:
    source = read_source(served.running, _admin(served), "leave.md")
    text = source.text.replace("28", "29")
    status, told = call("PATCH", "/documents/leave.md", {"text": text, "file_hash": source.file_hash})
    assert (status, told["job"]["kind"]) == (200, "add")
    served.running.workers.wait()
    assert "29 days" in call("GET", "/documents/leave.md")[1]["text"]


def test_an_edit_does_not_overwrite_what_changed_meanwhile(served: Served, call: Call) -> None:
    source = read_source(served.running, _admin(served), "leave.md")
    (served.running.workspace.documents_folder / "leave.md").write_text("# Leave\n\n31 days.\n")
    body = {"text": "# Leave\n\n29 days.\n", "file_hash": source.file_hash}
    assert call("PATCH", "/documents/leave.md", body)[0] == 409
    assert states(call)["leave.md"] == "changed"


def test_what_is_written_on_a_document_is_filtered_by(served: Served, call: Call) -> None:
    status, told = call("PATCH", "/documents/leave.md", {"attributes": {"team": "people", "level": 2}})
    assert (status, told["attributes"]) == (200, {"team": "people", "level": 2})
    found = httpx2.post(
        f"{served.url}/v1/vector_stores/vs_domain/search",
        headers={"authorization": f"Bearer {served.key}"},
        json={"query": "employee", "filters": {"type": "eq", "key": "team", "value": "people"}},
    ).json()
    assert {one["file_id"] for one in found["data"]} == {"leave.md"}
    assert call("PATCH", "/documents/leave.md", {"attributes": {"team": ["a"]}})[0] == 400
    assert call("PATCH", "/documents/none.md", {"attributes": {"team": "a"}})[0] == 404


def test_a_file_that_cannot_be_read_says_why(served: Served, call: Call) -> None:
    put(served, "broken.pdf", b"no pdf at all")
    served.running.workers.wait()
    [failed] = call("GET", "/document-files?state=failed")[1]["data"]
    assert failed["id"] == "broken.pdf"
    assert "cannot be read" in failed["reason"]

    (served.running.workspace.documents_folder / "broken.pdf").unlink()
    (served.running.workspace.documents_folder / "leave.md").unlink()
    assert states(call) == {"leave.md": "removed", "travel.md": "indexed"}


def test_an_earlier_version_is_restored_and_none_is_lost(served: Served, call: Call) -> None:
    """Whoever overwrote a document by mistake takes it back, and takes that back too."""
    put(served, "leave.md", b"# Leave\n\n30 days.\n", replace="true")
    served.running.workers.wait()
    _, told = call("GET", "/document-versions/difference?document=leave.md&old=2&new=1")
    assert ("new", "Every employee has 28 days of leave a year.") in [
        (line["kind"], line["text"]) for line in told["lines"]
    ]

    status, told = call("POST", "/document-versions/restore", {"document": "leave.md", "number": 1})

    assert (status, told["job"]["kind"]) == (200, "add")
    served.running.workers.wait()
    assert "28 days" in call("GET", "/documents/leave.md")[1]["text"]
    _, told = call("GET", "/document-versions?document=leave.md")
    shown = [(one["number"], one["is_current"], one["has_text"], one["can_return"]) for one in told["data"]]
    assert shown == [(3, True, True, False), (2, False, True, True), (1, False, True, False)]
    assert call("POST", "/document-versions/restore", {"document": "leave.md", "number": 2})[0] == 200
    served.running.workers.wait()
    assert "30 days" in call("GET", "/documents/leave.md")[1]["text"]


def test_a_file_that_is_no_text_comes_back_as_it_was(served: Served, call: Call) -> None:
    """A table's text is not the table: its file is kept when another one is uploaded in its place."""
    first, second = b"day;dogs\n1;yes\n2;no\n", b"day;dogs\n1;no\n"
    put(served, "dogs.csv", first)
    served.running.workers.wait()
    put(served, "dogs.csv", second, replace="true")
    served.running.workers.wait()
    path = served.running.workspace.documents_folder / "dogs.csv"
    assert path.read_bytes() == second

    assert call("POST", "/document-versions/restore", {"document": "dogs.csv", "number": 1})[0] == 200

    served.running.workers.wait()
    assert path.read_bytes() == first
    assert states(call)["dogs.csv"] == "indexed"
    assert call("DELETE", "/documents/dogs.csv")[0] == 200
    assert not list((served.running.workspace.state_folder / "former-files").glob("??/*"))


def test_what_cannot_be_restored_says_why(served: Served, call: Call) -> None:
    path = served.running.workspace.documents_folder / "dogs.csv"
    put(served, "dogs.csv", b"day;dogs\n1;yes\n")
    served.running.workers.wait()
    path.write_bytes(b"day;dogs\n1;no\n")
    call("POST", "/jobs", {"kind": "add"})
    served.running.workers.wait()

    def refused(number: int, **more: Any) -> tuple[int, str]:
        body = {"document": "dogs.csv", "number": number, **more}
        status, told = call("POST", "/document-versions/restore", body)
        return status, told["error"]["message"]

    status, says = refused(1)
    assert (status, "only its text is stored" in says) == (400, True)
    assert "already" in refused(2)[1]
    assert "no version 9" in refused(9)[1]


def test_a_restore_does_not_overwrite_what_was_not_read_yet(served: Served, call: Call) -> None:
    put(served, "leave.md", b"# Leave\n\n30 days.\n", replace="true")
    served.running.workers.wait()
    body = {"document": "leave.md", "number": 1}
    assert call("POST", "/document-versions/restore", {**body, "current": 1})[0] == 409
    path = served.running.workspace.documents_folder / "leave.md"
    path.write_text("# Leave\n\n31 days, and nobody read it yet.\n")
    assert call("POST", "/document-versions/restore", body)[0] == 409
    assert "31 days" in path.read_text()


def test_a_text_changed_outside_comes_back_below_its_front_matter(served: Served, call: Call) -> None:
    path = served.running.workspace.documents_folder / "leave.md"
    head = "---\nowner: People\n---\n"
    path.write_text(f"{head}# Leave\n\n29 days.\n")
    for text in ("29 days.", "30 days."):
        path.write_text(f"{head}# Leave\n\n{text}\n")
        call("POST", "/jobs", {"kind": "add"})
        served.running.workers.wait()
    assert call("POST", "/document-versions/restore", {"document": "leave.md", "number": 2})[0] == 200
    served.running.workers.wait()
    assert path.read_text() == f"{head}# Leave\n\n29 days.\n"


def _admin(served: Served) -> Any:
    return served.running.keys.who(served.key)
