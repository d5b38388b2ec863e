"""How much a key may use, and what it has used."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import openai
import pytest
from tests.fixtures.served import Served
from tests.fixtures.visitors import Visitors

from lorewright.models import Call, EngineKey, Usage


@pytest.fixture
def visitors(served: Served) -> Iterator[Visitors]:
    visitors = Visitors(served)
    yield visitors
    visitors.close()


def ask(client: openai.OpenAI, model: str = "parrot", **rest: Any) -> Any:
    return client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": "How many days of leave a year?"}], **rest
    )


def used(visitors: Visitors, **wanted: Any) -> dict[str, Any]:
    said: dict[str, Any] = visitors.admin.get("/usage", params=wanted).raise_for_status().json()
    return said


def test_the_headers_say_what_is_left(visitors: Visitors) -> None:
    key = visitors.key(limits={"requests_per_minute": 3, "tokens_per_minute": 1000})
    said = visitors.sdk(key["secret"]).chat.completions.with_raw_response.create(
        model="parrot", messages=[{"role": "user", "content": "Hi"}]
    )
    assert said.headers["x-ratelimit-limit-requests"] == "3"
    assert said.headers["x-ratelimit-remaining-requests"] == "2"
    assert said.headers["x-ratelimit-reset-requests"].endswith("s")
    assert said.headers["x-ratelimit-limit-tokens"] == "1000"
    usage = said.parse().usage
    assert usage is not None
    assert said.headers["x-ratelimit-remaining-tokens"] == str(1000 - usage.total_tokens)


def test_too_many_requests_are_told_when_to_come_again(visitors: Visitors) -> None:
    client = visitors.sdk(visitors.key(limits={"requests_per_minute": 1})["secret"])
    ask(client)
    with pytest.raises(openai.RateLimitError) as refused:
        ask(client)
    assert refused.value.code == "rate_limit_exceeded"
    assert 0 < int(refused.value.response.headers["retry-after"]) <= 60
    assert refused.value.response.headers["x-ratelimit-remaining-requests"] == "0"


def test_looking_does_not_count(visitors: Visitors) -> None:
    client = visitors.sdk(visitors.key(limits={"requests_per_minute": 1})["secret"])
    for _ in range(3):
        client.models.list()
    ask(client)


def test_too_many_tokens_wait(visitors: Visitors) -> None:
    client = visitors.sdk(visitors.key(limits={"tokens_per_minute": 5})["secret"])
    ask(client)
    with pytest.raises(openai.RateLimitError, match="5 tokens per minute"):
        ask(client)


@pytest.mark.parametrize("whose", ["key", "user"])
def test_used_up_money_ends_in_insufficient_quota(served: Served, visitors: Visitors, whose: str) -> None:
    limits = {"usd_per_month": 0.5}
    user = visitors.user("eve", limits=limits if whose == "user" else {})
    key = visitors.key(user=user, limits=limits if whose == "key" else {})
    client = visitors.sdk(key["secret"])
    ask(client)
    served.running.ledger.note(Call(key["id"], EngineKey("file:/models/parrot.gguf"), seconds=36_000))
    for model in ("parrot", "handbook/rag"):
        with pytest.raises(openai.RateLimitError) as refused:
            ask(client, model)
        assert refused.value.code == "insufficient_quota"
        assert refused.value.type == "insufficient_quota"
        assert int(refused.value.response.headers["retry-after"]) > 0


def test_every_call_of_a_model_is_reckoned(visitors: Visitors) -> None:
    key = visitors.key()
    client = visitors.sdk(key["secret"])
    said = [ask(client), ask(client, "handbook/rag")]
    streamed = list(ask(client, stream=True, stream_options={"include_usage": True}))
    client.completions.create(model="parrot", prompt="Hi", max_tokens=9)
    (row,) = used(visitors, key=key["id"], model="parrot")["data"]
    assert row["day"] == datetime.now(UTC).date().isoformat()
    assert row["n_requests"] == 4
    told = sum(one.usage.prompt_tokens for one in (*said, streamed[-1]))
    assert row["prompt_tokens"] > told
    assert row["cost_usd"] > 0
    assert row["answered_ms"] > 0


def test_embeddings_are_reckoned(visitors: Visitors) -> None:
    key = visitors.key()
    visitors.sdk(key["secret"]).embeddings.create(model="default", input=["one two", "three"])
    (row,) = used(visitors, key=key["id"])["data"]
    assert (row["model"], row["prompt_tokens"], row["n_requests"]) == ("hashing-256", 3, 1)


def test_the_tokens_of_a_remote_model_cost_what_the_list_says(served: Served, visitors: Visitors) -> None:
    remote = EngineKey("openai:gpt-4o-mini@http://127.0.0.1:9/v1")
    served.running.ledger.note(Call("key_x", remote, Usage(1_000_000, 1_000_000), seconds=1))
    (row,) = used(visitors, model="gpt-4o-mini")["data"]
    assert row["cost_usd"] == pytest.approx(0.15 + 0.6)


def test_others_see_their_own_use_alone(visitors: Visitors) -> None:
    keys = [visitors.key(user=visitors.user(name)) for name in ("eve", "sam")]
    for key in keys:
        ask(visitors.sdk(key["secret"]))
    eve = visitors.with_key(keys[0]["secret"])
    assert [row["key"] for row in eve.get("/usage").json()["data"]] == [keys[0]["id"]]
    assert {row["key"] for row in used(visitors)["data"]} == {key["id"] for key in keys}


def test_use_is_added_up_as_asked(visitors: Visitors) -> None:
    user = visitors.user("eve")
    for _ in range(2):
        ask(visitors.sdk(visitors.key(user=user)["secret"]))
    said = used(visitors, group_by="user")
    (row,) = said["data"]
    assert (row["user"], row["key"], row["n_requests"]) == (user, None, 2)
    assert said["total"]["n_requests"] == 2
    assert used(visitors, end="2020-01-31")["data"] == []


def test_a_span_that_ends_before_it_begins_is_refused(visitors: Visitors) -> None:
    refused = visitors.admin.get("/usage", params={"start": "2026-02-01", "end": "2026-01-01"})
    assert refused.json()["error"]["param"] == "end"
