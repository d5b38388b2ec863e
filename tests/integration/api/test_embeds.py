"""Chats on other people's pages: framed by the listed ones alone, and good for nothing but chatting."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from tests.fixtures.calls import Call, caller_to
from tests.fixtures.served import Served
from tests.fixtures.visitors import Visitors

SITE = "https://www.example.org"
FOREIGN = "https://evil.example"


@pytest.fixture
def call(served: Served) -> Call:
    call = caller_to(served)
    call("POST", "/deployments", {"name": "desk", "arm": "rag"})
    return call


@pytest.fixture
def stranger(served: Served) -> Iterator[httpx2.Client]:
    """A browser that nobody has logged in, at the server's own origin."""
    with httpx2.Client(base_url=served.url, headers={"Origin": served.url}, timeout=60) as client:
        yield client


def embed(call: Call, **more: Any) -> str:
    """Return the path of a new chat."""
    status, made = call("POST", "/deployments/desk/embeds", {"origins": [SITE], **more})
    assert status == 200, made
    return str(made["path"])


def ask(client: httpx2.Client, path: str, question: str = "How many days of leave?", **more: Any) -> Any:
    """Return the response to a question."""
    return client.post(f"{path}/chat", json={"messages": [{"role": "user", "content": question}]}, **more)


def said(response: Any) -> str:
    """Return the text that a chat has streamed."""
    lines = [line[6:] for line in response.text.splitlines() if line.startswith("data: ")]
    return "".join(json.loads(line).get("content", "") for line in lines if line != "[DONE]")


def test_only_the_listed_pages_may_frame_it(call: Call, stranger: httpx2.Client) -> None:
    """Another site must not pass the chat off as its own."""
    page = stranger.get(embed(call))

    policy = page.headers["content-security-policy"]
    assert f"frame-ancestors {SITE}" in policy
    assert "default-src 'none'" in policy
    assert "x-frame-options" not in page.headers
    assert stranger.get("/embed/files/chat.js").headers["x-frame-options"] == "DENY"


def test_visitors_are_answered_from_the_documents_that_are_open_to_them(
    call: Call, stranger: httpx2.Client
) -> None:
    """The way from a website to a cited answer."""
    answer = ask(stranger, embed(call, reads_documents=True))

    assert said(answer) == "Every employee has 28 days of leave a year."
    assert '"title": "leave.md"' in answer.text


def test_by_default_it_answers_from_nothing_that_was_not_granted(call: Call, stranger: httpx2.Client) -> None:
    """Who forgets to think about it gives nothing away."""
    path = embed(call)
    refused = ask(stranger, path)
    assert refused.status_code == 404
    assert "documents/" not in refused.text

    call("POST", "/deployments/desk/grant", {"groups": ["*"]})

    assert "28" in said(ask(stranger, path))


def test_what_is_restricted_stays_so(call: Call, stranger: httpx2.Client) -> None:
    """A chat that reads the documents is a stranger who reads them."""
    path = embed(call, reads_documents=True)
    status, _ = call("POST", "/restrictions", {"path": "leave.md", "groups": []})
    assert status == 200

    answer = ask(stranger, path)

    assert answer.status_code == 200
    assert "28" not in answer.text


@pytest.mark.parametrize("origin", [FOREIGN, "null", None])
def test_other_pages_cannot_ask_past_the_frame(served: Served, call: Call, origin: str | None) -> None:
    """A page that was not listed must not use the model behind the chat."""
    path = embed(call, reads_documents=True)
    headers = {"Origin": origin} if origin else {}

    with httpx2.Client(base_url=served.url, headers=headers) as client:
        assert ask(client, path).status_code == 403


def test_a_cookie_of_somebody_counts_for_nothing(served: Served, call: Call, stranger: httpx2.Client) -> None:
    """An administrator who reads the website must not lend the chat their rights."""
    visitors = Visitors(served)
    visitors.user("ada", role="administrator", password="correct horse battery")
    cookie = visitors.logged_in("ada").cookies["lorewright_session"]
    path = embed(call)

    answer = ask(stranger, path, headers={"Cookie": f"lorewright_session={cookie}"})

    assert answer.status_code == 404
    assert "28" not in answer.text
    visitors.close()


@pytest.mark.parametrize(
    "origin",
    ["*", "https://*.example.org", "www.example.org", "https://a.example/path", "javascript:alert(1)",
     "https://user:pass@a.example", "https://a.example; script-src *", "data:,x", "https://", ""],
)  # fmt: skip
def test_what_is_no_origin_is_refused(call: Call, origin: str) -> None:
    """A wildcard or a second rule in the header would open the chat to every page."""
    status, told = call("POST", "/deployments/desk/embeds", {"origins": [origin]})

    assert (status, told["error"]["param"]) == (400, "origins")


def test_a_chat_that_is_removed_answers_nobody(served: Served, call: Call, stranger: httpx2.Client) -> None:
    """Its key is gone with it; so it is with the deployment."""
    first, second = embed(call), embed(call)
    key = served.running.keys.all()[-1]
    call("DELETE", f"/embeds/{first.removeprefix('/embed/')}")
    assert ask(stranger, first).status_code == 404

    call("DELETE", "/deployments/desk")

    assert ask(stranger, second).status_code == 404
    assert served.running.keys.find(key.id) is None


def test_visitors_have_a_limit(call: Call, stranger: httpx2.Client) -> None:
    """A website's visitors must not take the machine from everybody else."""
    path = embed(call, reads_documents=True, requests_per_minute=1)

    assert (ask(stranger, path).status_code, ask(stranger, path).status_code) == (200, 429)


def test_only_administrators_put_a_model_on_the_web(served: Served, call: Call) -> None:
    """Whoever deploys need not be whoever decides what strangers read."""
    assert call("GET", "/deployments/desk/embeds")[0] == 200
    visitors = Visitors(served)
    visitors.user("eve", password="correct horse battery")

    refused = visitors.logged_in("eve").post("/deployments/desk/embeds", json={"origins": [SITE]})

    assert refused.status_code == 403
    visitors.close()
