"""Documents: listed, read with chunks, uploaded, replaced and deleted."""

from typing import Any

import openai
import pytest
from tests.fixtures.calls import Call, caller_to
from tests.fixtures.served import Served


@pytest.fixture
def call(served: Served) -> Call:
    return caller_to(served)


def upload(call: Call, name: str, text: str, **fields: Any) -> tuple[int, Any]:
    """Upload a file as a browser's form does."""
    return call("POST", "/documents", files={"file": (name, text.encode())}, data=fields)


def test_documents_are_listed_page_by_page(call: Call) -> None:
    status, first = call("GET", "/documents?limit=1")
    assert (status, first["has_more"], first["last_id"]) == (200, True, "leave.md")
    _, rest = call("GET", "/documents?limit=1&after=leave.md")
    assert ([found["id"] for found in rest["data"]], rest["has_more"]) == (["travel.md"], False)
    assert call("GET", "/documents?under=x")[1]["data"] == []
    assert call("GET", "/documents?after=none")[0] == 400


def test_a_document_has_its_text_its_chunks_and_its_history(call: Call) -> None:
    _, told = call("GET", "/documents/leave.md")
    assert (told["title"], told["is_indexed"]) == ("Leave", True)
    assert "28 days" in told["text"]
    _, told = call("GET", "/documents/leave.md?include=chunks&include=versions")
    assert "text" not in told
    assert told["chunks"][0]["heading_path"] == ["Leave"]
    assert [version["kind"] for version in told["versions"]] == ["new"]
    assert call("GET", "/documents/none.md")[0] == 404


def test_what_a_citation_points_at_can_be_read(call: Call, client: openai.OpenAI) -> None:
    done = client.chat.completions.create(
        model="handbook/rag", messages=[{"role": "user", "content": "How many days of leave?"}]
    )
    annotations = done.choices[0].message.annotations
    assert annotations is not None
    place, _, span = annotations[0].url_citation.url.partition("#")
    start, end = map(int, span.split("-"))
    _, told = call("GET", place.removeprefix("/lorewright/v1"))
    assert told["text"][start:end] == annotations[0].url_citation.quote  # type: ignore[attr-defined]


def test_an_upload_is_found_and_a_deleted_document_is_not(
    call: Call, client: openai.OpenAI, served: Served
) -> None:
    status, told = upload(call, "pets.md", "# Pets\n\nDogs may come on Fridays.\n", under="house/rules")
    assert (status, told["documents"]) == (200, ["house/rules/pets.md"])
    served.running.workers.wait()
    _, job = call("GET", f"/jobs/{told['job']['id']}")
    assert (job["state"], job["result"]["n_new"]) == ("finished", 1)
    ask = {"model": "rag", "messages": [{"role": "user", "content": "May dogs come?"}]}
    said = client.chat.completions.create(**ask).choices[0].message.content  # type: ignore[call-overload]
    assert said == "Dogs may come on Fridays."
    assert call("DELETE", "/documents/house/rules/pets.md")[1]["deleted"]
    assert call("GET", "/documents/house/rules/pets.md")[0] == 404
    assert not (served.running.workspace.documents_folder / "house").exists()
    said = client.chat.completions.create(**ask).choices[0].message.content  # type: ignore[call-overload]
    assert "Fridays" not in said
    assert call("DELETE", "/documents/house/rules/pets.md")[0] == 404


def test_an_upload_replaces_only_when_told_to(call: Call, served: Served) -> None:
    assert upload(call, "leave.md", "# Leave\n\n30 days.\n")[0] == 409
    assert upload(call, "leave.md", "# Leave\n\n30 days.\n", replace="true")[0] == 200
    served.running.workers.wait()
    _, told = call("GET", "/documents/leave.md?include=text&include=versions")
    assert "30 days" in told["text"]
    assert [version["kind"] for version in told["versions"]] == ["new", "changed"]


@pytest.mark.parametrize("name", ["../out.md", "/etc/out.md", ".hidden.md", "a/../../out.md", "tool.exe"])
def test_what_cannot_be_a_document_is_refused(name: str, call: Call, served: Served) -> None:
    status, told = upload(call, "x.md" if "/" in name else name, "text", under=name.rpartition("/")[0])
    assert (status, told["error"]["param"]) == (400, "file")
    assert not list(served.running.workspace.folder.glob("**/out.md"))


def test_documents_need_their_right(call: Call, served: Served) -> None:
    _, secret = served.running.keys.make("reader", verbs=("read",))
    assert call("DELETE", "/documents/leave.md", key=secret)[0] == 403
    assert call("GET", "/documents/leave.md", key=secret)[0] == 200
