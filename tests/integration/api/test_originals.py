"""The file behind a document, to keep; and web pages named by their addresses."""

import pytest
from tests.fixtures.calls import Call, caller_to
from tests.fixtures.served import Served
from tests.fixtures.visitors import Visitors

PASSWORD = "correct horse battery"


@pytest.fixture
def call(served: Served) -> Call:
    return caller_to(served)


def test_a_document_is_downloaded_as_it_was_brought_in(served: Served) -> None:
    """Whoever wants to sign the form needs the form, not its text."""
    visitors = Visitors(served)

    answer = visitors.admin.get("/document-files/original", params={"document": "leave.md"})

    assert answer.text == "# Leave\n\nEvery employee has 28 days of leave a year.\n"
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "sandbox" in answer.headers["content-security-policy"]
    visitors.close()


@pytest.mark.parametrize("name", ["none.md", "../lorewright.toml", "/etc/passwd", ".env", "", "a\x00b.md"])
def test_nothing_but_documents_is_downloaded(served: Served, name: str) -> None:
    """The settings hold the addresses of models; the machine holds worse."""
    (served.running.workspace.documents_folder / ".env").write_text("SECRET=1")
    visitors = Visitors(served)

    answer = visitors.admin.get("/document-files/original", params={"document": name})

    assert answer.status_code == 404
    visitors.close()


def test_a_restricted_document_is_not_downloaded(served: Served, call: Call) -> None:
    """A file says all that its text does; it is missing in the same words as one that is not there."""
    call("POST", "/restrictions", {"path": "leave.md", "groups": []})
    visitors = Visitors(served)
    visitors.user("eve", role="reader", password=PASSWORD)
    eve = visitors.logged_in("eve")

    hidden = eve.get("/document-files/original", params={"document": "leave.md"})
    missing = eve.get("/document-files/original", params={"document": "later.md"})

    assert (hidden.status_code, missing.status_code) == (404, 404)
    told = [answer.json()["error"]["message"] for answer in (hidden, missing)]
    assert told[0].replace("leave.md", "later.md") == told[1]
    visitors.close()


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://a.example/x", "leave.md", "http://", "https://ann:pw@a.example/x",
                "git+https://a.example/x.git", " "],
)  # fmt: skip
def test_only_the_addresses_of_web_pages_are_fetched(call: Call, address: str) -> None:
    """A page that asks for addresses must not become a way to the server's own files."""
    status, told = call("POST", "/documents/pages", {"addresses": [address]})

    assert (status, told["error"]["param"]) == (400, "addresses")


def test_only_administrators_let_the_server_fetch(served: Served) -> None:
    """The server reaches places of the network that an editor may not."""
    visitors = Visitors(served)
    visitors.user("eve", role="editor", password=PASSWORD)

    refused = visitors.logged_in("eve").post("/documents/pages", json={"addresses": ["http://127.0.0.1:9/"]})

    assert refused.status_code == 403
    visitors.close()
