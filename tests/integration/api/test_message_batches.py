"""Anthropic's message batches, through Anthropic's own client."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.fixtures.served import Served, lay_out

from lorewright.access import LOCAL
from lorewright.errors import UserError
from lorewright.messages import Message, last_user_turn
from lorewright.models.fakes import ScriptedEngine
from lorewright.workspace.anthropic.batches import (
    BatchItem,
    cancel_message_batch,
    create_message_batch,
    message_results,
)
from lorewright.workspace.openai.batches.run import BATCHES
from lorewright.workspace.server.server import Server

anthropic = pytest.importorskip("anthropic", reason="needs Anthropic's SDK: pip install anthropic")


def item(custom_id: str, text: str = "Hello", **params: Any) -> dict[str, Any]:
    asked = {"model": "parrot", "max_tokens": 20, "messages": [{"role": "user", "content": text}]}
    return {"custom_id": custom_id, "params": asked | params}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    server = Served(lay_out(tmp_path / "handbook"))
    yield server
    server.close()


@pytest.fixture
def batches(served: Served) -> Iterator[Any]:
    with anthropic.Anthropic(base_url=served.url, api_key=served.key, max_retries=0) as client:
        yield client.messages.batches


def finished(served: Served, batches: Any, *items: Any) -> Any:
    made = batches.create(requests=list(items))
    assert made.processing_status == "in_progress"
    assert made.request_counts.processing == len(items)
    served.running.workers.wait()
    return batches.retrieve(made.id)


def test_every_message_has_its_result(served: Served, batches: Any) -> None:
    """One that is wrong fails alone, and says why in Anthropic's words."""
    done = finished(served, batches, item("a", "One"), item("b", model="nobody"), item("c", "Three"))

    assert done.processing_status == "ended"
    assert done.request_counts.to_dict() == {
        "processing": 0, "succeeded": 2, "errored": 1, "canceled": 0, "expired": 0,
    }  # fmt: skip
    results = {result.custom_id: result.result for result in batches.results(done.id)}
    assert results["a"].message.content[0].text == "You said: One"
    assert results["c"].message.stop_reason == "end_turn"
    assert results["b"].error.error.type == "not_found_error"


def test_results_are_there_only_when_it_has_ended(served: Served, batches: Any) -> None:
    """A client that polls too early must not take half the results for all."""
    made = finished(served, batches, item("a"))
    served.running.records(BATCHES).change(made.id, lambda body: body | {"status": "finalizing"})

    early = batches.retrieve(made.id)

    assert (early.processing_status, early.results_url, early.request_counts.succeeded) == (
        "in_progress",
        None,
        0,
    )
    with pytest.raises(UserError, match="is not over yet"):
        message_results(served.running, LOCAL, made.id)


def test_a_cancelled_batch_tells_what_was_not_answered(tmp_path: Path) -> None:
    """Whoever cancels is to know which messages are still open."""

    def cancels(messages: Sequence[Message]) -> str:
        if last_user_turn(messages) == "Two":
            cancel_message_batch(server, LOCAL, server.records(BATCHES).all()[0].id)
        return "ok"

    server = Server(lay_out(tmp_path / "d"), open_one=lambda _: ScriptedEngine(cancels))
    asked = [BatchItem.model_validate(item(text.lower(), text)) for text in ("One", "Two", "Three")]
    made = create_message_batch(server, server.keys.who(server.keys.make("k", is_admin=True)[1]), asked)
    server.workers.wait()
    told = {
        result["custom_id"]: result["result"]["type"] for result in message_results(server, LOCAL, made.id)
    }
    server.close()

    # The second was under way: it may be done before it hears of it.
    assert (told["one"], told["three"], len(told)) == ("succeeded", "canceled", 3)


def test_a_deleted_batch_takes_its_files_with_it(served: Served, batches: Any) -> None:
    """The texts of people's messages must not stay behind."""
    done = finished(served, batches, item("a"))
    assert served.running.records("file").count() == 2

    assert batches.delete(done.id).type == "message_batch_deleted"

    assert served.running.records("file").count() == 0
    assert [batch.id for batch in batches.list()] == []


def test_batches_of_both_apis_stay_apart(served: Served, batches: Any) -> None:
    """Each SDK parses its own shape only."""
    done = finished(served, batches, item("a"))
    with served.client() as client:
        assert list(client.batches.list()) == []
    assert [batch.id for batch in batches.list()] == [done.id]


def test_an_id_given_twice_is_refused(batches: Any) -> None:
    """Nobody could tell the two results apart."""
    with pytest.raises(anthropic.BadRequestError, match=r"requests\.1\.custom_id"):
        batches.create(requests=[item("a"), item("a")])


def test_a_batch_is_its_keys_own(served: Served, batches: Any) -> None:
    """Results hold what somebody asked."""
    made = finished(served, batches, item("a"))
    other = served.running.keys.make("other", is_admin=False)[1]
    with anthropic.Anthropic(base_url=served.url, api_key=other, max_retries=0) as client:
        with pytest.raises(anthropic.NotFoundError):
            client.messages.batches.retrieve(made.id)
        assert client.messages.batches.list().data == []
