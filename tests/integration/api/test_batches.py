"""Batches, through OpenAI's own client."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import openai
import pytest
from openai.types import Batch
from tests.fixtures.served import Served, lay_out

from lorewright.errors import Permanent, Transient
from lorewright.messages import Message, last_user_turn
from lorewright.models.fakes import ScriptedEngine
from lorewright.workspace.collections.files import keep_file
from lorewright.workspace.openai.batches.batches import cancel_batch, create_batch
from lorewright.workspace.openai.batches.run import BATCHES
from lorewright.workspace.server.server import Server

CHAT: Literal["/v1/chat/completions"] = "/v1/chat/completions"


def line(custom_id: str, said: str = "", url: str = CHAT, **body: Any) -> dict[str, Any]:
    asked = body or {"model": "parrot", "messages": [{"role": "user", "content": said}]}
    return {"custom_id": custom_id, "method": "POST", "url": url, "body": asked}


def packed(lines: Sequence[Any]) -> bytes:
    return b"\n".join(one if isinstance(one, bytes) else json.dumps(one).encode() for one in lines)


def upload(client: openai.OpenAI, *lines: Any) -> str:
    return client.files.create(file=("lines.jsonl", packed(lines)), purpose="batch").id


def finished(served: Served, client: openai.OpenAI, *lines: Any, endpoint: Any = CHAT) -> Batch:
    made = client.batches.create(
        input_file_id=upload(client, *lines), endpoint=endpoint, completion_window="24h"
    )
    assert made.status == "validating"
    served.running.workers.wait()
    return Batch.model_validate(client.batches.retrieve(made.id).model_dump())


def answers(client: openai.OpenAI, file_id: str | None) -> list[dict[str, Any]]:
    assert file_id is not None
    return [json.loads(one) for one in client.files.content(file_id).text.splitlines()]


def test_every_line_is_answered_under_its_id(served: Served, client: openai.OpenAI) -> None:
    done = finished(served, client, line("a", "one"), line("b", "two"))
    assert (done.status, done.model, done.error_file_id) == ("completed", "parrot", None)
    assert done.request_counts is not None
    assert done.request_counts.to_dict() == {"total": 2, "completed": 2, "failed": 0}
    told = answers(client, done.output_file_id)
    assert [one["custom_id"] for one in told] == ["a", "b"]
    assert told[0]["response"]["status_code"] == 200
    assert told[1]["response"]["body"]["choices"][0]["message"]["content"] == "You said: two"
    assert done.usage is not None
    assert done.usage.total_tokens == 8
    assert client.files.retrieve(str(done.output_file_id)).purpose == "batch_output"


def test_a_batch_says_when_it_came_to_each_state(served: Served, client: openai.OpenAI) -> None:
    done = finished(served, client, line("a", "one"))
    assert done.completed_at is not None
    assert done.in_progress_at is not None
    assert done.expires_at is not None
    assert done.created_at <= done.in_progress_at <= done.completed_at
    assert done.expires_at - done.created_at == pytest.approx(86_400, abs=1)


def test_embeddings_prompts_and_flows_are_answered_too(served: Served, client: openai.OpenAI) -> None:
    vectors = finished(
        served, client, line("e", url="/v1/embeddings", model="default", input="a"), endpoint="/v1/embeddings"
    )
    body = answers(client, vectors.output_file_id)[0]["response"]["body"]
    assert len(body["data"][0]["embedding"]) == 256
    prompts = finished(
        served, client, line("p", url="/v1/completions", model="parrot", prompt="x"),
        endpoint="/v1/completions",
    )  # fmt: skip
    body = answers(client, prompts.output_file_id)[0]["response"]["body"]
    assert body["choices"][0]["text"] == "You said: x"
    ask = [{"role": "user", "content": "How many days of leave?"}]
    flow = finished(served, client, line("f", model="handbook/rag", messages=ask))
    message = answers(client, flow.output_file_id)[0]["response"]["body"]["choices"][0]["message"]
    assert message["annotations"][0]["url_citation"]["title"] == "leave.md"


def test_a_line_that_fails_takes_no_other_along(served: Served, client: openai.OpenAI) -> None:
    hot = line("c", model="parrot", messages=[{"role": "user", "content": "x"}], temperature=9)
    streamed = line("d", model="parrot", messages=[{"role": "user", "content": "x"}], stream=True)
    done = finished(
        served, client, line("a", "one"), line("b", model="gpt-9", messages=[{"role": "user"}]), hot, streamed
    )
    assert done.status == "completed"
    assert done.request_counts is not None
    assert done.request_counts.to_dict() == {"total": 4, "completed": 1, "failed": 3}
    failures = [one["response"] for one in answers(client, done.error_file_id)]
    assert [one["status_code"] for one in failures] == [404, 400, 400]
    assert [one["body"]["error"]["param"] for one in failures] == ["model", "temperature", "stream"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (b"{nothing", "This line is not valid JSON."),
        (line("a"), "custom_id 'a' is already used in line 1."),
        (line("b", url="/v1/embeddings"), "url is '/v1/embeddings'; all requests of this batch must go to"),
        ({**line("b"), "method": "GET"}, "method: Input should be 'POST'."),
        ({"custom_id": "b"}, "method: Field required."),
        (b"[]", "The line: Input should be"),
    ],
)
def test_a_broken_line_is_named_and_nothing_is_answered(
    served: Served, client: openai.OpenAI, wrong: Any, told: str
) -> None:
    done = finished(served, client, line("a", "one"), b"", wrong)
    assert done.status == "failed"
    assert done.errors is not None
    assert done.errors.data is not None
    assert [one.line for one in done.errors.data] == [3]
    assert str(done.errors.data[0].message).startswith(told)
    assert served.opened == []


def test_a_batch_that_cannot_begin_is_refused(client: openai.OpenAI) -> None:
    notes = client.files.create(file=("notes.md", b"# Notes"), purpose="assistants").id
    with pytest.raises(openai.BadRequestError, match="upload it with the purpose 'batch'"):
        client.batches.create(input_file_id=notes, endpoint=CHAT, completion_window="24h")
    with pytest.raises(openai.BadRequestError, match="it must be one of: /v1/chat/completions") as told:
        client.batches.create(
            input_file_id=upload(client, line("a")), endpoint="/v1/moderations", completion_window="24h"
        )
    assert told.value.param == "endpoint"
    with pytest.raises(openai.NotFoundError):
        client.batches.create(input_file_id="file-x", endpoint=CHAT, completion_window="24h")


def test_batches_are_listed_the_newest_first(served: Served, client: openai.OpenAI) -> None:
    made = [finished(served, client, line("a", "x")).id for _ in range(3)]
    assert [one.id for one in client.batches.list(limit=2)] == made[::-1]


def test_a_batch_that_is_over_cannot_be_cancelled(served: Served, client: openai.OpenAI) -> None:
    done = finished(served, client, line("a", "x"))
    with pytest.raises(openai.ConflictError, match="is completed and cannot be cancelled"):
        client.batches.cancel(done.id)


def test_the_batches_of_another_key_do_not_exist(served: Served, client: openai.OpenAI) -> None:
    done = finished(served, client, line("a", "x"))
    _, secret = served.running.keys.make("other", verbs=("chat", "files"))
    with served.client(secret) as other:
        assert list(other.batches.list()) == []
        with pytest.raises(openai.NotFoundError) as hidden:
            other.batches.retrieve(done.id)
        with pytest.raises(openai.NotFoundError) as absent:
            other.batches.retrieve("batch_x")
        with pytest.raises(openai.NotFoundError):
            other.batches.create(
                input_file_id=str(done.input_file_id), endpoint=CHAT, completion_window="24h"
            )
    assert str(hidden.value).replace(done.id, "batch_x") == str(absent.value)


def test_a_cancelled_batch_keeps_what_was_answered(tmp_path: Path) -> None:
    asked: list[str] = []

    def cancels(messages: Sequence[Message]) -> str:
        asked.append(last_user_turn(messages))
        if asked[-1] == "two":
            cancel_batch(server, key, server.records(BATCHES).all()[0].id)
        return "ok"

    server = Server(lay_out(tmp_path / "d"), open_one=lambda _: ScriptedEngine(cancels))
    key = server.keys.who(server.keys.make("k")[1])
    done = _done(server, key, line("a", "one"), line("b", "two"), line("c", "three"), line("d", "four"))
    server.close()
    assert done["status"] == "cancelled"
    assert {"cancelling_at", "cancelled_at"} <= done.keys()
    assert done["output_file_id"]
    assert asked == ["one", "two"]


def test_what_may_pass_by_itself_is_tried_again(tmp_path: Path) -> None:
    asked: list[str] = []

    def falters(messages: Sequence[Message]) -> str:
        asked.append(last_user_turn(messages))
        if asked[-1] == "never":
            raise Permanent("The model is gone.")
        if len(asked) == 1:
            raise Transient("The model went away.")
        return "ok"

    server = Server(lay_out(tmp_path / "d"), open_one=lambda _: ScriptedEngine(falters))
    done = _done(server, server.keys.who(server.keys.make("k")[1]), line("a", "one"), line("b", "never"))
    server.close()
    assert asked == ["one", "one", "never"]
    assert done["request_counts"] == {"total": 2, "completed": 1, "failed": 1}


def test_a_worker_process_answers_a_batch(tmp_path: Path) -> None:
    server = Server(lay_out(tmp_path / "d"))
    key = server.keys.who(server.keys.make("k")[1])
    asked = line("a", url="/v1/embeddings", model="default", input="x")
    done = _done(server, key, asked, endpoint="/v1/embeddings")
    server.close()
    assert done["status"] == "completed"


def _done(server: Server, key: Any, *lines: Any, endpoint: str = CHAT) -> Mapping[str, Any]:
    """Return what is kept of a batch once it is over."""
    file = keep_file(server, [packed(lines)], filename="x.jsonl", purpose="batch", owner=key.id)
    batch = create_batch(server, key, input_file_id=file.id, endpoint=endpoint)
    server.workers.wait()
    return server.records(BATCHES).get(batch.id).body
