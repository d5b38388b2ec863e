"""Documents in order and texts in tokens, as other servers of models offer them."""

from typing import Any

import httpx2
import pytest
from tests.fixtures.served import Served

PAGES = ["Travel by train.", "Every employee has 28 days of leave a year.", "A hotel may cost 120 euros."]


def post(served: Served, path: str, body: Any) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {served.key}"}
    said = httpx2.post(f"{served.url}{path}", json=body, headers=headers)
    return said.status_code, said.json()


@pytest.mark.parametrize("model", ["default", "words"])
def test_the_document_that_answers_comes_first(served: Served, model: str) -> None:
    body = {"model": model, "query": "How many days of leave?", "documents": PAGES, "top_n": 2}

    status, told = post(served, "/v1/rerank", {**body, "return_documents": True})

    assert status == 200
    assert told["results"][0]["index"] == 1
    assert told["results"][0]["document"]["text"] == PAGES[1]
    assert len(told["results"]) == 2
    assert 1 >= told["results"][0]["relevance_score"] > told["results"][1]["relevance_score"] >= 0


def test_documents_may_be_objects_with_a_text(served: Served) -> None:
    documents = [{"text": page} for page in PAGES]

    assert (
        post(served, "/v1/rerank", {"query": "train", "documents": documents})[1]["results"][0]["index"] == 0
    )


@pytest.mark.parametrize(
    ("body", "status", "param"),
    [
        ({"query": "a", "documents": []}, 400, "documents"),
        ({"query": "a", "documents": ["b", {"title": "c"}]}, 400, "documents.1"),
        ({"query": "a", "documents": ["b"], "model": "rerank-v3.5"}, 404, "model"),
    ],
)
def test_what_cannot_be_put_in_order_is_named(served: Served, body: Any, status: int, param: str) -> None:
    told = post(served, "/v1/rerank", body)

    assert (told[0], told[1]["error"]["param"]) == (status, param)


def test_a_text_becomes_tokens_and_a_text_again(served: Served) -> None:
    _, made = post(served, "/tokenize", {"model": "parrot", "prompt": "Graz"})
    _, back = post(served, "/detokenize", {"model": "parrot", "tokens": made["tokens"]})

    assert made["count"] == len(made["tokens"]) == 4
    assert back["prompt"] == "Graz"


def test_the_tokens_of_a_chat_are_counted(served: Served) -> None:
    chat = {"messages": [{"role": "user", "content": "one two three"}]}

    assert post(served, "/tokenize", chat)[1]["count"] == 3
    assert post(served, "/tokenize", {})[1]["error"]["param"] == "prompt"


def test_an_id_that_is_no_token_is_refused(served: Served) -> None:
    """llama.cpp reads past its table for one: it would end the whole server."""
    for tokens in ([-1], [99_999_999], [10**30]):
        status, told = post(served, "/detokenize", {"model": "parrot", "tokens": tokens})
        assert (status, told["error"]["param"].split(".")[0]) == (400, "tokens")
        assert post(served, "/v1/completions", {"model": "parrot", "prompt": tokens})[0] == 400
