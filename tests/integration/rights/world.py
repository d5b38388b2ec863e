"""A domain with one of everything, and plausible arguments for whatever is called."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tests.architecture.use_cases import UseCase
from tests.integration.api.conftest import lay_out, parrot
from tests.integration.api.measured import measure, tune

from lorewright.access import LOCAL, Caller, Limits
from lorewright.access.roles import Rights
from lorewright.advisor import assumptions_in
from lorewright.datasets import ColumnMapping
from lorewright.datasets.editing import Edit
from lorewright.evaluation.graders import StringCheck
from lorewright.evaluation.openai_evals.data_source import Jsonl
from lorewright.evaluation.question_edit import QuestionEdit
from lorewright.flows import Flow, flow_from_json, flow_to_json
from lorewright.jobs import Steps
from lorewright.messages import Message
from lorewright.models.fakes import ScriptedEngine
from lorewright.workspace.accounts.keys import make_key
from lorewright.workspace.accounts.users_and_groups import add_group, add_user
from lorewright.workspace.answering.feedback import Opinion, give_feedback
from lorewright.workspace.answering.served_models import find_served
from lorewright.workspace.anthropic.request import CountRequest, MessageRequest
from lorewright.workspace.chats.chats import new_chat, share_chat
from lorewright.workspace.chats.turns import add_turn
from lorewright.workspace.collections.batches import create_batch as create_file_batch
from lorewright.workspace.collections.changes import create_store
from lorewright.workspace.collections.files import upload_file
from lorewright.workspace.collections.store_files import Attachment
from lorewright.workspace.collections.uploads import begin_upload
from lorewright.workspace.comparisons.progress import asking
from lorewright.workspace.dataset.rows import data_table, digest_of
from lorewright.workspace.dataset.table import Look
from lorewright.workspace.dataset.versions import keep_by_hand
from lorewright.workspace.deployments.deploy import Order, deploy
from lorewright.workspace.deployments.listing import find_deployment
from lorewright.workspace.documents.add import add
from lorewright.workspace.documents.uploads import begin_document
from lorewright.workspace.flows.catalogue import all_arms, save_flow
from lorewright.workspace.flows.drafts import open_draft
from lorewright.workspace.openai.batches.batches import create_batch
from lorewright.workspace.openai.chat_completions import ChatRequest, begin_chat, chat
from lorewright.workspace.openai.completions import CompletionRequest
from lorewright.workspace.openai.embeddings import EmbeddingRequest
from lorewright.workspace.openai.evals.evals import begin_run, create_eval
from lorewright.workspace.openai.fine_tuning.jobs import order_fine_tuning
from lorewright.workspace.openai.responses.conversations import create_conversation, items_of
from lorewright.workspace.openai.responses.request import ResponseRequest
from lorewright.workspace.openai.responses.respond import begin_response, respond
from lorewright.workspace.retrieval.bench import RankedHits
from lorewright.workspace.retrieval.options import way_of
from lorewright.workspace.server.server import Server
from lorewright.workspace.tuning.plan import Dials

NOBODY = Caller(id="key_nobody", name="nobody", verbs=(), models=(), stores=())
"""A caller without any right, who made nothing."""
TURN = {"role": "user", "content": "How many days of leave?"}
TURNS = [TURN]
EXAMPLE = {"messages": [TURN, {"role": "assistant", "content": "28 days."}]}
QUESTION = {"id": "q1", "messages": [TURN], "targets": ["28 days"], "document_ids": ["leave.md"]}
LINE = b'{"custom_id": "1", "method": "POST", "url": "/v1/embeddings", "body": {"input": "a"}}\n'


@dataclass
class World:
    """A server with one of everything; `by_name` holds arguments, `by_case` those of one use case alone."""

    server: Server
    by_name: dict[str, Any] = field(default_factory=dict)
    by_case: dict[str, dict[str, Any]] = field(default_factory=dict)

    def arguments(self, case: UseCase, caller: Caller) -> dict[str, Any]:
        """Return what a use case needs to be called; raise `KeyError` for a parameter that is new."""
        given: dict[str, Any] = {}
        for name, parameter in case.parameters.items():
            if name in ("server", "workspace"):
                given[name] = self.server if name == "server" else self.server.workspace
            elif name == "caller":
                is_asked_again = "Callable" in str(parameter.annotation)
                given[name] = (lambda: caller) if is_asked_again else caller
            elif parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD:
                given[name] = self._argument(case, name)
        return given

    def _argument(self, case: UseCase, name: str) -> Any:
        own = self.by_case.get(case.path, {})
        if name not in own and name not in self.by_name:
            raise KeyError(f"{case.path} has the parameter {name!r}: say in world.py what to give for it.")
        value = own.get(name, self.by_name.get(name))
        return value() if isinstance(value, Fresh) else value


@dataclass(frozen=True, slots=True)
class Fresh:
    """An argument that is used up by a call: made anew for each."""

    make: Callable[[], Any]

    def __call__(self) -> Any:
        """Return a new one."""
        return self.make()


def build_world(folder: Path) -> World:
    """Return a world below a folder; its jobs are taken down and never done."""
    domain = lay_out(folder / "handbook")
    _write(domain / "examples" / "leave.jsonl", [EXAMPLE] * 1)
    _write(domain / "questions" / "leave.jsonl", [QUESTION])
    # Of two processes this one does not see to the jobs.
    server = Server(domain, open_one=lambda _key: ScriptedEngine(parrot, name="parrot"), n_processes=2)
    workspace = server.workspace
    job = workspace.queue.submit("add", {"paths": [], "is_sync": True})
    add(workspace, dict(job.order), Steps(workspace.queue, job.id, 1))
    world = World(server)
    for fill in (_material, _talks, _files, _measured, _people):
        fill(world, folder)
    return world


def _write(path: Path, rows: list[Mapping[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def _material(world: World, folder: Path) -> None:
    server, workspace = world.server, world.server.workspace
    table = data_table(server, LOCAL)
    example, question = table.of("examples")[0], table.of("questions")[0]
    settings = workspace.settings
    incoming = folder / "incoming.jsonl"
    _write(incoming, [{"question": "a", "answer": "b"}])
    flow = Flow("mine", all_arms(workspace, LOCAL)["base"].nodes, all_arms(workspace, LOCAL)["base"].edges)
    save_flow(workspace, LOCAL, flow)
    draft = open_draft(server, LOCAL, "mine")
    order = Order(name="helpdesk", arm="rag")
    version = deploy(workspace, LOCAL, order)
    world.by_name |= {
        "document_id": "leave.md", "document_ids": ["leave.md"], "attributes": {"a": "b"},
        "include": ("text",),
        "old": 1, "new": 1, "number": 1, "file_hash": "0", "text": "New.", "limit": 5, "query": "leave",
        "files": Fresh(lambda: [("new.md", [b"# New"])]), "upload": None,
        "row": example, "rows": [example], "key": example.key, "digest": digest_of(example),
        "fields": {"asked": "b"}, "look": Look(side="examples"), "table": table, "side": "examples",
        "path": incoming, "paths": [incoming], "why": "by hand",
        "columns": ColumnMapping(prompt=("question",), completion="answer"),
        "version_id": keep_by_hand(server, LOCAL, "first").id, "before_id": "", "after_id": "",
        "question_id": "q1", "is_right": True, "answer": "28", "question": "How long?",
        "dials": Dials(effort="fast", tuning=settings.tuning), "way": way_of(settings.retrieval),
        "found": RankedHits(hits=(), n_kept=1, made_of={}, is_covered=True),
        "flow": flow, "given": flow, "layout": {}, "revision": draft.revision, "node": "answer",
        "node_id": "answer", "inputs": {}, "outputs": {}, "conversation": (Message("user", "Hi"),),
        "order": order, "deployment": find_deployment(workspace, LOCAL, "helpdesk"), "version": version,
        "share": 0.1, "changes": {"name": "other"}, "uri": "file:/models/other.gguf", "value": True,
    }  # fmt: skip
    edit = Edit(asked="a", completion="b", document_ids=(), answerable=True)
    asked = QuestionEdit(
        asked="a", targets=("b",), stale_targets=(), document_ids=("leave.md",), answerable=True
    )
    json_flow = {"flow": flow_to_json(flow)}
    world.by_case |= {
        "dataset.editing:edit_row": {"edit": edit},
        "dataset.editing:edit_question": {"row": question, "edit": asked},
        "dataset.editing:rewrite_row": {"text": json.dumps(EXAMPLE)},
        "flows.drafts:new_draft": {**json_flow, "name": "another"},
        "flows.drafts:keep_draft": json_flow,
        "flows.catalogue:save_flow": {"flow": flow_from_json({**flow_to_json(flow), "name": "second"})},
        "domain.settings_file:change_settings": {"changes": {"effort": "fast"}},
        "documents.uploads:finish_document": {
            "upload": begin_document(server, LOCAL, "incoming.md"),
        },
    }  # fmt: skip
    for path in ("deployments.deploy", "deployments.listing", "answering.traffic"):
        world.by_case |= {f"{path}:{name}": {"name": "helpdesk"} for name in (
            "promote", "remove_deployment", "roll_back", "set_canary", "set_shadow", "find_deployment",
            "get_version", "versions_of", "traffic", "shadow_pairs",
        )}  # fmt: skip
    world.by_name["name"] = "mine"


def _talks(world: World, _folder: Path) -> None:
    server, by_name, by_case = world.server, world.by_name, world.by_case
    said = chat(server, LOCAL, {"model": "parrot", "messages": TURNS, "store": True})
    response = respond(server, LOCAL, {"model": "parrot", "input": "Hello"})
    talk = create_conversation(server, LOCAL, items=[{"type": "message", "role": "user", "content": "Hi"}])
    chatted = new_chat(server, LOCAL, models=["parrot", "handbook/rag"])
    turn = add_turn(server, LOCAL, chatted, "How long?", before="", models=chatted.models)
    judged = give_feedback(server, LOCAL, said["id"], Opinion(thumb="up"))
    request = ChatRequest(model="parrot", messages=TURNS)
    message = MessageRequest(model="parrot", messages=TURNS, max_tokens=9)
    completion = CompletionRequest(model="parrot", prompt="a")
    asked = ResponseRequest.model_validate({"model": "parrot", "input": "a"})
    by_name |= {
        "answer_id": said["id"], "completion_id": said["id"], "response_id": response["id"],
        "conversation_id": talk.id, "item_id": items_of(server, LOCAL, talk.id)[0]["id"],
        "items": [{"type": "message", "role": "user", "content": "Hi"}],
        "chat_id": chatted.id, "chat": chatted, "turn": turn, "turn_id": turn.id, "place": 0,
        "token": share_chat(server, LOCAL, chatted.id, is_shared=True).token, "choices": (),
        "feedback_id": judged.id, "opinion": Opinion(thumb="down"), "is_shared": True,
        "made": Fresh(lambda: begin_chat(server, LOCAL, request)), "stopped": lambda: True,
        "request": message, "served": find_served(server, "parrot", LOCAL),
        "asked": Fresh(lambda: begin_response(server, LOCAL, asked)),
        "body": completion, "page": 1, "models": ["parrot"], "stores": ["vs_domain"], "metadata": {"a": "b"},
    }  # fmt: skip
    by_case |= {
        "openai.chat_completions:begin_chat": {"request": request},
        "openai.chat_completions:chat": {"body": {"model": "parrot", "messages": TURNS}},
        "openai.completions:find_model": {"request": completion},
        "openai.embeddings:embed_texts": {"body": EmbeddingRequest(model="hashing", input="a")},
        "openai.responses.respond:begin_response": {"request": asked},
        "anthropic.messages:count_message": {"request": CountRequest(model="parrot", messages=TURNS)},
        "answering.served_models:find_served": {"name": "parrot"},
        "answering.served_models:remove_tuned_model": {"name": "parrot"},
        "chats.files:add_file": {"name": "a.md"},
        "chats.asking:find_evidence": {"answer_id": said["id"]},
    }  # fmt: skip


def _files(world: World, _folder: Path) -> None:
    server, by_name, by_case = world.server, world.by_name, world.by_case
    file = upload_file(server, LOCAL, [b"# Pool"], filename="pool.md", purpose="assistants")
    store = create_store(server, LOCAL, name="Spa", file_ids=[file.id])
    attachment = Attachment(file.id, {}, 64)
    many = create_file_batch(server, LOCAL, store.id, [attachment])
    upload = begin_upload(
        server, LOCAL, filename="a.md", purpose="assistants", size_bytes=2, mime_type="text/markdown"
    )
    lines = upload_file(server, LOCAL, [LINE], filename="batch.jsonl", purpose="batch")
    batch = create_batch(server, LOCAL, input_file_id=lines.id, endpoint="/v1/embeddings")
    rows = upload_file(
        server, LOCAL, [(json.dumps(EXAMPLE) + "\n").encode()] * 12, filename="r.jsonl", purpose="fine-tune"
    )
    tuning = order_fine_tuning(server, LOCAL, model="parrot", training_file=rows.id)
    grader = StringCheck(type="string_check", name="a", operation="eq", input="a", reference="a")
    config = {"type": "custom", "item_schema": {"type": "object"}}
    defined = create_eval(server, LOCAL, name="e", metadata=None, config=config, graders=[grader])
    source = Jsonl.model_validate(
        {"type": "jsonl", "source": {"type": "file_content", "content": [{"item": {"word": "a"}}]}}
    )
    run = begin_run(server, LOCAL, defined.id, name="r", metadata=None, source=source)
    by_name |= {
        "file_id": file.id, "store_id": store.id, "store": store, "attachment": attachment,
        "attachments": [attachment], "batch": many, "upload_id": upload.id, "upload": upload,
        "part_ids": [], "pieces": Fresh(lambda: [b"a"]), "filename": "b.md", "purpose": "assistants",
        "size_bytes": 2, "mime_type": "text/markdown", "batch_id": many.id, "input_file_id": lines.id,
        "endpoint": "/v1/embeddings", "model": "parrot", "training_file": rows.id, "job_id": tuning.id,
        "grader": grader, "graders": [grader], "config": config, "eval_id": defined.id, "source": source,
        "run": run, "run_id": run.id, "item": {"word": "a"}, "model_sample": "a",
        "kind": "fine_tuning_event",
    }  # fmt: skip
    by_case |= {
        "openai.batches.batches:find_batch": {"batch_id": batch.id},
        "openai.batches.batches:cancel_batch": {"batch_id": batch.id},
        "openai.evals.listing:find_item": {"item_id": "item"},
    }


def _measured(world: World, _folder: Path) -> None:
    server, by_name, by_case = world.server, world.by_name, world.by_case
    workspace = server.workspace
    tuned = tune(workspace, "bare", "careful")
    compared = {"arms": ["base"], "limit": 0, "is_drilled": False}
    job = workspace.queue.submit("compare", compared)
    by_name |= {
        "comparison_id": measure(workspace, "rag", n_right=1, n=2), "arm": "rag", "job": job,
        "assumptions": assumptions_in(workspace.settings),
    }  # fmt: skip
    by_case |= {
        f"tuning.runs:{name}": {"run_id": tuned.id}
        for name in (
            "adapter_archive", "adapter_file", "find_run", "let_go_of_run", "pause_run", "promote_run",
            "resume_run",
        )
    }  # fmt: skip
    by_case |= {
        "comparisons.progress:watch_comparison": {"asked": asking(workspace, LOCAL, job)},
        "comparisons.start:start_comparison": {"order": compared},
        "server.jobs:start_job": {"kind": "add", "order": {"paths": [], "is_sync": True}},
        "jobs.process:start_job_process": {"kind": "add", "order": {"paths": [], "is_sync": True}},
        "server.jobs:find_job": {"job_id": job.id},
        "server.jobs:cancel_job": {"job_id": job.id},
    }


def _people(world: World, _folder: Path) -> None:
    server, by_name = world.server, world.by_name
    record, _ = make_key(server, LOCAL, name="k", user="", rights=Rights(), limits=Limits(), expires_at=None)
    by_name |= {
        "user_id": add_user(server, LOCAL, name="ann").id,
        "group_id": add_group(server, LOCAL, name="g", users=[], models=["*"], stores=[]).id,
        "key_id": record.id, "users": [], "rights": Rights(), "limits": Limits(), "expires_at": None,
        "user": None, "start": date(2026, 1, 1), "end": date(2026, 1, 2), "by": ("day",),
    }  # fmt: skip
