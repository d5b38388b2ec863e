"""What a key may not see answers byte for byte like what is not there, over every resource."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx2
import openai
import pytest
from sqlalchemy import event
from tests.fixtures.served import Served, lay_out

from lorewright.access import Caller
from lorewright.errors import NoDocuments, NotAllowed
from lorewright.workspace.agents.perform import FOLDER as FILES
from lorewright.workspace.agents.perform import settle_run
from lorewright.workspace.agents.records import ENTRIES, RecordJournal
from lorewright.workspace.agents.records import KIND as RUNS
from lorewright.workspace.agents.runs import RunRequest, new_run
from lorewright.workspace.agents.tools import DomainTools
from lorewright.workspace.chats.chats import new_chat
from lorewright.workspace.chats.judging import vote
from lorewright.workspace.chats.turns import add_turn
from lorewright.workspace.server.server import Server

pytestmark = pytest.mark.thorough

OPEN = tuple(
    f"/lorewright/v1/{name}"
    for name in (
        "comparisons",
        "flows",
        "domains",
        "tuning",
        "data",
        "prompts",
        "suggestions",
        "templates",
    )
)
"""What is the whole domain's: whoever may `read` sees it, and it belongs to nobody."""
UNCOUNTED = ("z", "/audit", "/users", "/recommendation")
"""Health, what is for administrators alone, and what depends on the hour."""
NOT_HERE = "/v1/fine_tuning/checkpoints"
"""Refused for everybody."""
OWN_WORDS = ("date", "x-request-id", "request-id")
"""Headers that differ from one answer to the next."""

TURN = {"role": "user", "content": "How many days of leave?"}
GRADER: Any = {
    "type": "string_check", "name": "a", "operation": "eq", "input": "a", "reference": "a",
}  # fmt: skip
BODIES: Mapping[str, Any] = {
    "/lorewright/v1/keys/{key_id}": {"name": "mine"},
    "/lorewright/v1/users/{user_id}": {"name": "mine"},
    "/lorewright/v1/groups/{group_id}": {"name": "mine"},
    "/lorewright/v1/chats/{chat_id}": {"title": "mine"},
    "/v1/chat/completions/{completion_id}": {"metadata": {"a": "b"}},
    "/v1/conversations/{conversation_id}": {"metadata": {"a": "b"}},
    "/v1/conversations/{conversation_id}/items": {"items": [{"type": "message", **TURN}]},
    "/v1/evals/{eval_id}": {"name": "mine"},
    "/v1/evals/{eval_id}/runs": {
        "data_source": {
            "type": "jsonl", "source": {"type": "file_content", "content": [{"item": {"word": "a"}}]},
        }
    },
    "/v1/uploads/{upload_id}/complete": {"part_ids": []},
    "/lorewright/v1/agent/runs/{agent_run_id}/decisions": {"decisions": {"call": True}},
    "/lorewright/v1/agent/runs/{agent_run_id}/rating": {"thumb": "up"},
    "/v1/vector_stores/{store_id}": {"name": "mine"},
    "/v1/vector_stores/{store_id}/search": {"query": "pool"},
    "/v1/vector_stores/{store_id}/files": {"file_id": "file-1"},
    "/v1/vector_stores/{store_id}/files/{file_id}": {"attributes": {"a": "b"}},
    "/v1/vector_stores/{store_id}/file_batches": {"file_ids": ["file-1"]},
    "/lorewright/v1/documents/{document_id}": {"attributes": {"a": "b"}},
    "/lorewright/v1/deployments/{name}/versions": {"arm": "base"},
    "/lorewright/v1/deployments/{name}/promote": {"version": 1},
    "/lorewright/v1/deployments/{name}/canary": {"version": 1, "share": 0.5},
    "/lorewright/v1/deployments/{name}/shadow": {"version": 1},
}  # fmt: skip


EVAL = {
    "name": "e",
    "data_source_config": {"type": "custom", "item_schema": {"type": "object"}},
    "testing_criteria": [GRADER],
}
UPLOAD = {"bytes": 2, "filename": "a.md", "mime_type": "text/markdown", "purpose": "assistants"}


@dataclass(frozen=True, slots=True)
class Call:
    """A request that names things: `{name}` in its path, query or body stands for the id of one."""

    method: str
    path: str
    body: Any = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class World:
    """A server with one of everything, an administrator who owns it all, and a guest who sees none of it."""

    def __init__(self, server: Served) -> None:
        self.server = server
        self.ids: dict[str, str] = {}
        self._admin = self._client(server.key)
        self._guest = self._client(
            server.running.keys.make("guest", models=("parrot",), stores=("vs_none",))[1]
        )
        self.own = {
            "own_store": self._make("/v1/vector_stores", {"name": "mine"}),
            "own_eval": self._make("/v1/evals", EVAL),
            "own_upload": self._make("/v1/uploads", UPLOAD),
            "own_talk": self._make("/v1/conversations", {}),
        }
        self.before = self.lists()
        with server.client() as client:
            self._fill(client)
        self.after = self.lists()

    def close(self) -> None:
        """Close the clients and stop the server."""
        self._admin.close()
        self._guest.close()
        self.server.close()

    def as_guest(self, call: Call, ids: Mapping[str, str]) -> httpx2.Response:
        """Return what the guest is told."""
        return self._send(self._guest, call, {**ids, **self.own})

    def as_admin(self, call: Call) -> httpx2.Response:
        """Return what the administrator is told of what is there."""
        return self._send(self._admin, call, self.ids)

    def absent(self) -> dict[str, str]:
        """Return ids as long as those of what is there, that nothing has."""
        return {name: _other(value) for name, value in self.ids.items()}

    def lists(self) -> dict[str, Any]:
        """Return every list and count that the guest sees, by path."""
        return {
            path: _plain(self._guest.get(path))
            for path in self.paths("get")
            if "{" not in path and path != "/metrics" and not path.endswith(UNCOUNTED)
        }

    def paths(self, method: str) -> list[str]:
        """Return every path that answers a method."""
        return [path for path, methods in self.server.app.openapi()["paths"].items() if method in methods]

    def _client(self, secret: str) -> httpx2.Client:
        return httpx2.Client(
            base_url=self.server.url, headers={"Authorization": f"Bearer {secret}"}, timeout=60
        )

    def _send(self, client: httpx2.Client, call: Call, ids: Mapping[str, str]) -> httpx2.Response:
        if call.path.endswith("/parts"):
            files = {"data": ("part", b"a")}
            return client.request(call.method, _filled(call.path, ids), files=files)
        body = _filled(call.body, ids) if call.body is not None else None
        return client.request(call.method, _filled(call.path, ids), json=body)

    def _fill(self, client: openai.OpenAI) -> None:
        """Make one of everything, as the administrator."""
        running, ids = self.server.running, self.ids
        file = client.files.create(file=("pool.md", b"# Pool\n\nOpen at nine.\n"), purpose="assistants")
        store = client.vector_stores.create(name="Spa", file_ids=[file.id])
        many = client.vector_stores.file_batches.create(store.id, file_ids=[file.id])
        running.workers.wait()
        upload = client.uploads.create(
            bytes=2, filename="a.md", mime_type="text/markdown", purpose="assistants"
        )
        turns: Any = [TURN]
        chat = client.chat.completions.create(model="parrot", messages=turns, store=True)
        response = client.responses.create(model="parrot", input="Hello")
        talk = client.conversations.create(items=[{"type": "message", "role": "user", "content": "Hi"}])
        item = client.conversations.items.list(talk.id).data[0]
        defined = client.evals.create(
            name="e",
            data_source_config={"type": "custom", "item_schema": {"type": "object"}},
            testing_criteria=[GRADER],
        )
        source: Any = {
            "type": "jsonl",
            "source": {"type": "file_content", "content": [{"item": {"word": "a"}}]},
        }
        run = client.evals.runs.create(defined.id, data_source=source)
        running.workers.wait()
        output = client.evals.runs.output_items.list(run.id, eval_id=defined.id).data[0]
        line = b'{"custom_id": "1", "method": "POST", "url": "/v1/embeddings", "body": {"input": "a"}}\n'
        lines = client.files.create(file=("batch.jsonl", line), purpose="batch")
        batch = client.batches.create(
            input_file_id=lines.id, endpoint="/v1/embeddings", completion_window="24h"
        )
        rows = b"".join(
            b'{"messages": [{"role": "user", "content": "%d"}, {"role": "assistant", "content": "a"}]}\n' % n
            for n in range(12)
        )
        training = client.files.create(file=("rows.jsonl", rows), purpose="fine-tune")
        tuning = client.fine_tuning.jobs.create(model="parrot", training_file=training.id)
        running.workers.wait()
        asked = {"model": "parrot", "max_tokens": 9, "messages": turns}
        messages = self._post("/v1/messages/batches", {"requests": [{"custom_id": "a", "params": asked}]})
        running.workers.wait()
        self._post("/lorewright/v1/deployments", {"name": "helpdesk", "arm": "base"})
        said = client.chat.completions.create(model="helpdesk", messages=turns)
        talked = new_chat(running, running.keys.who(self.server.key), models=["parrot", "handbook/rag"])
        turn = add_turn(
            running,
            running.keys.who(self.server.key),
            talked,
            TURN["content"],
            before="",
            models=talked.models,
        )
        vote(running, running.keys.who(self.server.key), turn.id, 1)
        judged = self._post("/lorewright/v1/feedback", {"answer": said.id, "thumb": "up"})
        ids |= {
            "file_id": file.id, "store_id": store.id, "upload_id": upload.id, "completion_id": chat.id,
            "response_id": response.id, "conversation_id": talk.id, "item_id": str(item.id),
            "eval_id": defined.id, "run_id": run.id, "output_item_id": output.id, "batch_id": batch.id,
            "file_batch_id": many.id, "message_batch_id": messages["id"],
            "tuning_id": tuning.id, "answer_id": said.id,
            "feedback_id": judged["id"], "chat_id": talked.id, "deployment": "helpdesk", "number": "1",
            "model": "handbook/rag", "document_id": "leave.md",
            "agent_run_id": _agent_run(running, running.keys.who(self.server.key)), "path": "notes.md",
            "entry_number": "1",
            "invitation_id": self._post("/lorewright/v1/invitations", {"name": "eve"})["id"],
            "embed_id": self._post(
                "/lorewright/v1/deployments/helpdesk/embeds", {"origins": ["https://example.org"]}
            )["id"],
            "key_id": self._post("/lorewright/v1/keys", {"name": "k"})["id"],
            "user_id": self._post("/lorewright/v1/users", {"name": "ann"})["id"],
            "group_id": self._post("/lorewright/v1/groups", {"name": "g"})["id"],
            "job_id": next(job.id for job in running.workspace.queue.all() if job.kind == "eval-run"),
            "adding_id": next(job.id for job in running.workspace.queue.all() if job.kind == "add"),
        }  # fmt: skip

    def _make(self, path: str, body: Any) -> str:
        """Return the id of something of the guest's own."""
        return str(self._guest.post(path, json=body).raise_for_status().json()["id"])

    def _post(self, path: str, body: Any) -> dict[str, Any]:
        made: dict[str, Any] = self._admin.post(path, json=body).raise_for_status().json()
        return made


# What a parameter means where its name alone does not say it.
_MEANT = (
    (r"^(/lorewright/v1/deployments/)\{name\}", r"\1{deployment}"),
    (r"^(/v1/models/)\{name\}", r"\1{model}"),
    (r"^(/v1/fine_tuning/jobs/)\{job_id\}", r"\1{tuning_id}"),
    (r"^(/v1/messages/batches/)\{batch_id\}", r"\1{message_batch_id}"),
    (r"^(/v1/vector_stores/.*/file_batches/)\{batch_id\}", r"\1{file_batch_id}"),
    (r"^(/v1/evals/.*/output_items/)\{item_id\}", r"\1{output_item_id}"),
)


def _meant(path: str) -> str:
    for pattern, instead in _MEANT:
        path = re.sub(pattern, instead, path)
    return path


def _agent_run(running: Server, owner: Caller) -> str:
    """Return the id of a run that is over, with a working file and one entry."""
    run = new_run(running, owner, RunRequest(task=TURN["content"]))
    settle_run(running.records(RUNS), run.id, "stopped", "Over.")
    notes = running.workspace.state_folder / FILES / run.id / "notes.md"
    notes.parent.mkdir(parents=True)
    notes.write_text("Nothing yet.\n", encoding="utf-8")
    journal = RecordJournal(running.records(ENTRIES), run.id)
    journal.add({"kind": "task", "agent": "", "at": 0.0, "text": run.task})
    return run.id


def _filled(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return re.sub(r"\{(\w+)\}", lambda found: ids[found[1]], value)
    if isinstance(value, Mapping):
        return {name: _filled(item, ids) for name, item in value.items()}
    return [_filled(item, ids) for item in value] if isinstance(value, list) else value


def _other(value: str) -> str:
    """Return another id of the same form and length."""
    if value.isdigit():
        return value
    place = max(place for place, letter in enumerate(value.partition(".")[0]) if letter.isalnum()) - 1
    return value[:place] + ("e" if value[place] != "e" else "f") + value[place + 1 :]


def _plain(response: httpx2.Response) -> tuple[int, dict[str, str], str]:
    headers = {name: value for name, value in response.headers.items() if name not in OWN_WORDS}
    request_id = response.headers["x-request-id"]
    return response.status_code, headers, response.text.replace(request_id, "req")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    server = Served(lay_out(tmp_path_factory.mktemp("domain") / "handbook"))
    server.running.start("add", {"paths": [], "is_sync": True})
    server.running.workers.wait()
    world = World(server)
    yield world
    world.close()


def same(world: World, call: Call, *, is_refused: bool = True) -> None:
    """A guest is told the same of what is there as of what is not."""
    absent = world.absent()
    told = _plain(world.as_guest(call, world.ids))
    status, headers, text = told
    for name, value in world.ids.items():
        text = text.replace(value, absent[name]) if name != "number" else text
    expected = _plain(world.as_guest(call, absent))
    assert (status, headers, text) == expected, str(call)
    assert (status >= 400) is is_refused, f"{call} said {status}: {text}"


def named_paths(world: World) -> list[Call]:
    """Return a request to every path that names a thing."""
    return [
        Call(method.upper(), _meant(path), BODIES.get(path))
        for method in ("get", "post", "put", "patch", "delete")
        for path in world.paths(method)
        if "{" in path and not path.startswith((*OPEN, NOT_HERE))
    ]


def test_every_thing_that_a_path_names_is_hidden(world: World) -> None:
    """A new resource is looked at here by itself, or fails for want of an id."""
    calls = named_paths(world)
    assert len(calls) > 60
    for call in calls:
        same(world, call)


def n_queries(world: World, call: Call, ids: Mapping[str, str]) -> int:
    """Return how often the database is asked for an answer to the guest; the least of some tries."""
    engine, counts = world.server.running.workspace.database.engine, []
    for _ in range(3):
        asked: list[str] = []
        note = partial(_note, asked)
        event.listen(engine, "before_cursor_execute", note)
        world.as_guest(call, ids)
        event.remove(engine, "before_cursor_execute", note)
        counts.append(len(asked))
    return min(counts)


def _note(asked: list[str], _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
    asked.append(statement)


def test_what_is_hidden_takes_as_much_work_as_what_is_not_there(world: World) -> None:
    """Or the time that an answer takes would tell which ids there are."""
    absent, told = world.absent(), []
    for call in named_paths(world):
        counts = n_queries(world, call, world.ids), n_queries(world, call, absent)
        if counts[0] != counts[1]:
            told.append(f"{call}: {counts}")
    assert told == []


def test_what_is_hidden_is_there(world: World) -> None:
    """Or the test above would compare nothing with nothing."""
    for call in named_paths(world):
        if call.method == "GET":
            assert world.as_admin(call).status_code == 200, str(call)


SEARCH = {"type": "file_search", "vector_store_ids": ["{store_id}"]}
JUDGE = {
    "type": "score_model", "name": "j", "model": "{model}", "range": [0, 1],
    "input": [{"role": "user", "content": "a"}],
}  # fmt: skip
ASKING = {
    "type": "completions", "model": "{model}",
    "source": {"type": "file_content", "content": [{"item": {}}]},
    "input_messages": {"type": "template", "template": [{"role": "user", "content": "a"}]},
}  # fmt: skip
NAMED_IN_BODIES = (
    *(
        Call("POST", path, {"model": model, **rest})
        for model in ("{model}", "{deployment}", "{deployment}@1")
        for path, rest in (
            ("/v1/chat/completions", {"messages": [TURN]}),
            ("/v1/chat/completions", {"messages": [TURN], "stream": True}),
            ("/v1/completions", {"prompt": "a"}),
            ("/v1/messages", {"messages": [TURN], "max_tokens": 9}),
            ("/v1/messages/count_tokens", {"messages": [TURN]}),
            ("/v1/responses", {"input": "a"}),
            ("/v1/responses/input_tokens", {"input": "a"}),
            ("/v1/responses/compact", {"input": "a"}),
            ("/v1/embeddings", {"input": "a"}),
            ("/v1/fine_tuning/jobs", {"training_file": "file-1"}),
            ("/v1/fine_tuning/jobs/estimate", {"training_file": "file-1"}),
        )
    ),
    *(
        Call("POST", path, {"model": "parrot", "input": "a", **named})
        for path in ("/v1/responses", "/v1/responses/input_tokens")
        for named in (
            {"previous_response_id": "{response_id}"},
            {"conversation": "{conversation_id}"},
            {"input": [{"type": "item_reference", "id": "{item_id}"}]},
            {"tools": [SEARCH]},
        )
    ),
    Call("POST", "/v1/responses", {"model": "parrot", "input": "a", "tools": [SEARCH], "stream": True}),
    Call("POST", "/v1/fine_tuning/jobs", {"model": "parrot", "training_file": "{file_id}"}),
    Call("POST", "/v1/fine_tuning/jobs/estimate", {"model": "parrot", "training_file": "{file_id}"}),
    Call("POST", "/v1/fine_tuning/alpha/graders/validate", {"grader": JUDGE}),
    Call("POST", "/v1/fine_tuning/alpha/graders/run", {"grader": JUDGE, "model_sample": "a"}),
    Call("POST", "/v1/evals", {**EVAL, "testing_criteria": [JUDGE]}),
    Call("POST", "/v1/evals/{own_eval}/runs", {"data_source": ASKING}),
    Call(
        "POST",
        "/v1/evals/{own_eval}/runs",
        {"data_source": {"type": "jsonl", "source": {"type": "file_id", "id": "{file_id}"}}},
    ),
    Call("GET", "/v1/evals/{own_eval}/runs/{run_id}"),
    Call(
        "POST",
        "/v1/batches",
        {"input_file_id": "{file_id}", "endpoint": "/v1/embeddings", "completion_window": "24h"},
    ),
    Call("POST", "/v1/uploads/{own_upload}/complete", {"part_ids": ["{file_id}"]}),
    Call("POST", "/v1/vector_stores", {"file_ids": ["{file_id}"]}),
    Call("POST", "/v1/vector_stores/{own_store}/files", {"file_id": "{file_id}"}),
    Call("GET", "/v1/vector_stores/{own_store}/files/{file_id}"),
    Call("GET", "/v1/vector_stores/{own_store}/file_batches/{file_batch_id}"),
    Call("POST", "/v1/vector_stores/{own_store}/file_batches", {"file_ids": ["{file_id}"]}),
    Call("GET", "/v1/conversations/{own_talk}/items/{item_id}"),
    Call("POST", "/lorewright/v1/feedback", {"answer": "{answer_id}", "thumb": "up"}),
    Call("POST", "/lorewright/v1/deployments", {"name": "{deployment}", "arm": "base"}),
    Call("POST", "/lorewright/v1/flows/run", {"flow": "{model}", "messages": [TURN]}),
    Call("POST", "/lorewright/v1/keys", {"name": "a", "user": "{user_id}"}),
    Call("GET", "/lorewright/v1/jobs/{adding_id}"),
    Call("GET", "/lorewright/v1/document-versions?document={document_id}"),
    Call("GET", "/lorewright/v1/document-versions/difference?document={document_id}&old=1&new=1"),
    Call("POST", "/lorewright/v1/document-versions/restore", {"document": "{document_id}", "number": 1}),
)


@pytest.mark.parametrize("call", NAMED_IN_BODIES, ids=lambda call: f"{call} {call.body}"[:120])
def test_every_thing_that_a_body_names_is_hidden(world: World, call: Call) -> None:
    same(world, call)


PAGED = {
    "/v1/files": "file_id", "/v1/vector_stores": "store_id", "/v1/chat/completions": "completion_id",
    "/v1/evals": "eval_id", "/v1/batches": "batch_id", "/v1/fine_tuning/jobs": "tuning_id",
    "/v1/evals/{own_eval}/runs": "run_id", "/v1/vector_stores/{own_store}/files": "file_id",
    "/v1/conversations/{own_talk}/items": "item_id", "/lorewright/v1/keys": "key_id",
    "/lorewright/v1/users": "user_id", "/lorewright/v1/answers": "answer_id",
    "/lorewright/v1/feedback": "feedback_id", "/lorewright/v1/jobs": "job_id",
    "/lorewright/v1/chats": "chat_id", "/lorewright/v1/agent/runs": "agent_run_id",
    "/lorewright/v1/documents": "document_id", "/lorewright/v1/document-files": "document_id",
}  # fmt: skip


@pytest.mark.parametrize("path", PAGED)
def test_a_page_does_not_go_on_from_what_is_hidden(world: World, path: str) -> None:
    same(world, Call("GET", f"{path}?after={{{PAGED[path]}}}"))


def test_every_list_with_pages_is_looked_at(world: World) -> None:
    """A new list is added to those above, or this fails."""
    described = world.server.app.openapi()["paths"]
    paged = {
        path
        for path, methods in described.items()
        if any(one["name"] == "after" for one in methods.get("get", {}).get("parameters", ()))
        and "{" not in path
        and not path.startswith(OPEN)
    }
    assert paged - set(PAGED) == {"/lorewright/v1/audit"}  # for administrators alone


@pytest.mark.parametrize(
    "path",
    [
        "/lorewright/v1/answers?deployment={deployment}",
        "/lorewright/v1/feedback?deployment={deployment}",
        "/lorewright/v1/usage?model={model}",
        "/lorewright/v1/usage?key={key_id}",
        "/v1/chat/completions?model={model}",
        "/lorewright/v1/documents?under={document_id}",
        "/lorewright/v1/chats?search=leave",
        "/lorewright/v1/preferences?blind=false",
    ],
)
def test_a_filter_finds_nothing_of_what_is_hidden(world: World, path: str) -> None:
    same(world, Call("GET", path), is_refused=False)


def test_lists_and_counts_are_as_if_nothing_else_were_there(world: World) -> None:
    assert {path for path in world.before if path.startswith("/v1/")} >= {"/v1/models", "/v1/files"}
    for path, told in world.before.items():
        assert world.after[path] == told, path


def test_search_and_answers_cite_nothing_of_what_is_hidden(world: World) -> None:
    asked = {"model": "parrot", "input": "When does the pool open? How many days of leave?"}
    mine = {"type": "file_search", "vector_store_ids": ["{own_store}"]}
    call = Call("POST", "/v1/responses", {**asked, "tools": [mine], "include": ["file_search_call.results"]})
    said = world.as_guest(call, world.ids).raise_for_status().json()
    assert said["output"][0]["results"] == []
    assert [part["annotations"] for part in said["output"][-1]["content"]] == [[]]
    assert "nine" not in str(said["output"])
    found = world.as_guest(Call("POST", "/v1/vector_stores/{own_store}/search", {"query": "pool"}), world.ids)
    assert found.json()["data"] == []
    refused = world.as_guest(
        Call("POST", "/v1/vector_stores/vs_domain/search", {"query": "leave"}), world.ids
    )
    unknown = world.as_guest(
        Call("POST", "/v1/vector_stores/vs_domaim/search", {"query": "leave"}), world.ids
    )
    assert refused.text.replace("vs_domain", "vs_domaim") == unknown.text


def test_documents_are_neither_found_nor_added_over_mcp(world: World) -> None:
    guest = world.server.running.keys.who(world.server.running.keys.make("agent", stores=())[1])
    tools = DomainTools(world.server.running, lambda: guest)
    with pytest.raises(NoDocuments):
        tools.search("leave")
    with pytest.raises(NotAllowed):
        tools.add_document("leave.md", "Nothing.")
