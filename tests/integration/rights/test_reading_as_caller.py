"""What runs later, for others or under a name of its own reads what whoever started it may read."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from tests.fixtures.secret_world import QUESTIONS, SecretWorld, Somebody, build_secret_world

from lorewright.access import LOCAL, Caller
from lorewright.errors import NotAllowed, NotFound
from lorewright.evaluation.graders import StringCheck
from lorewright.evaluation.openai_evals.data_source import Completions
from lorewright.jobs import Steps
from lorewright.workspace.answering.kept_answers import SHADOWS, answer_id_of, list_answers
from lorewright.workspace.answering.traces import find_trace
from lorewright.workspace.chats.chats import find_shared
from lorewright.workspace.chats.turns import turns_of
from lorewright.workspace.collections.files import path_of, upload_file
from lorewright.workspace.comparisons.compare import compare
from lorewright.workspace.comparisons.listing import find_comparison
from lorewright.workspace.deployments.as_json import deployment_to_json
from lorewright.workspace.deployments.deploy import Order, deploy
from lorewright.workspace.deployments.grants import set_grant
from lorewright.workspace.deployments.listing import find_deployment
from lorewright.workspace.openai.batches.batches import create_batch
from lorewright.workspace.openai.batches.run import run_batch
from lorewright.workspace.openai.chat_completions import chat
from lorewright.workspace.openai.evals.evals import begin_run, create_eval
from lorewright.workspace.openai.evals.run import run_evaluation


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecretWorld]:
    world = build_secret_world(tmp_path_factory.mktemp("secret"))
    yield world
    world.world.server.close()


def asked(secret: SecretWorld, caller: Caller, model: str) -> str:
    """Return all that a model answers to every question, citations and all."""
    bodies = [{"model": model, "messages": [{"role": "user", "content": one}]} for one in QUESTIONS]
    return json.dumps([chat(secret.world.server, caller, body) for body in bodies])


def leaked(person: Somebody, told: str) -> list[str]:
    return [word for word in person.hidden if word in told]


def test_an_arm_answers_each_from_their_own_documents(secret: SecretWorld) -> None:
    """The same question to the same arm: each hears of what they may read."""
    insider, clerk = secret.person("insider"), secret.person("clerk")

    told = {person.name: asked(secret, person.caller, "handbook/rag") for person in (insider, clerk)}

    assert "zqnotice3" in told["insider"]
    assert "zqsalary3" in told["clerk"]
    assert (leaked(insider, told["insider"]), leaked(clerk, told["clerk"])) == ([], [])


def test_a_deployment_answers_from_its_callers_documents_unless_some_are_granted(secret: SecretWorld) -> None:
    """A grant is an administrator's to give, and is told to whoever looks at the deployment."""
    server, insider = secret.world.server, secret.person("insider")
    workspace = server.workspace
    deploy(workspace, LOCAL, Order(name="grantable", arm="rag"))
    assert "zqsalary3" not in asked(secret, insider.caller, "grantable")
    with pytest.raises(NotAllowed):
        set_grant(workspace, insider.caller, "grantable", ["*"])

    set_grant(workspace, LOCAL, "grantable", ["personnel"])

    told = asked(secret, insider.caller, "grantable")
    assert "zqsalary3" in told
    assert not {"zqboard3", "zqpanel3", "zqnotice3"} & set(leaked(insider, told))
    shown = deployment_to_json(workspace, insider.caller, find_deployment(workspace, LOCAL, "grantable"))
    assert shown["grant"] == [server.groups.ids_of(["personnel"])[0]]

    set_grant(workspace, LOCAL, "grantable", [])
    assert "zqsalary3" not in asked(secret, insider.caller, "grantable")


def test_the_trace_of_what_a_grant_let_out_is_not_shown(secret: SecretWorld) -> None:
    """The grant lets answers out, not the whole passages behind them."""
    server, insider = secret.world.server, secret.person("insider")
    workspace = server.workspace
    deploy(workspace, LOCAL, Order(name="traced", arm="rag"))
    set_grant(workspace, LOCAL, "traced", ["personnel"])
    asked(secret, insider.caller, "traced")

    traces = []
    for kept in list_answers(server, insider.caller, deployment="traced", limit=50).records:
        with suppress(NotFound):
            traces.append(json.dumps(find_trace(server, insider.caller, answer_id_of(kept))))

    assert leaked(insider, " ".join(traces)) == []


def test_a_shadow_reads_as_the_caller_it_stands_behind(secret: SecretWorld) -> None:
    server, insider = secret.world.server, secret.person("insider")
    deploy(server.workspace, LOCAL, Order(name="shaded", arm="base"))
    deploy(server.workspace, LOCAL, Order(name="shaded", arm="rag", is_shadow=True))

    asked(secret, insider.caller, "shaded")
    server.shadow_queue.wait()

    shadows = [json.dumps(record.body) for record in server.records(SHADOWS).all(parent="shaded")]
    assert len(shadows) == len(QUESTIONS)
    assert leaked(insider, " ".join(shadows)) == []


def test_a_batch_reads_as_whoever_started_it(secret: SecretWorld) -> None:
    server, insider = secret.world.server, secret.person("insider")
    lines = [
        {
            "custom_id": str(number), "method": "POST", "url": "/v1/chat/completions",
            "body": {"model": "handbook/rag", "messages": [{"role": "user", "content": question}]},
        }
        for number, question in enumerate(QUESTIONS)
    ]  # fmt: skip
    content = "\n".join(json.dumps(line) for line in lines).encode()
    file = upload_file(server, insider.caller, [content], filename="b.jsonl", purpose="batch")
    batch = create_batch(server, insider.caller, input_file_id=file.id, endpoint="/v1/chat/completions")

    run_batch(server, {"batch_id": batch.id}, _steps(secret, "batch"))

    output = server.records("batch").get(batch.id).body["output_file_id"]
    told = path_of(server, server.records("file").get(output)).read_text()
    assert "zqnotice3" in told
    assert leaked(insider, told) == []


def test_an_evaluation_reads_as_whoever_started_it(secret: SecretWorld) -> None:
    server, insider = secret.world.server, secret.person("insider")
    grader = StringCheck(type="string_check", name="a", operation="like", input="{{sample.output_text}}",
                         reference="zq")  # fmt: skip
    config = {"type": "custom", "item_schema": {"type": "object"}, "include_sample_schema": True}
    defined = create_eval(server, insider.caller, name="e", metadata=None, config=config, graders=[grader])
    source = Completions.model_validate({
        "type": "completions", "model": "handbook/rag",
        "input_messages": {"type": "template", "template": [{"role": "user", "content": "{{item.q}}"}]},
        "source": {"type": "file_content", "content": [{"item": {"q": one}} for one in QUESTIONS]},
    })  # fmt: skip
    run = begin_run(server, insider.caller, defined.id, name="r", metadata=None, source=source)

    run_evaluation(server, {"run_id": run.id}, _steps(secret, "eval-run"))

    told = json.dumps([record.body for record in server.records("eval_output_item").all(parent=run.id)])
    assert "zqnotice3" in told
    assert leaked(insider, told) == []


def test_a_comparison_reads_as_whoever_started_it(
    secret: SecretWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And who may not read all that it was made of does not see that it is there."""
    workspace, insider = secret.world.server.workspace, secret.person("insider")
    clerk = secret.person("clerk")
    # The model of this domain is a script, which is not fetched and stays open.
    monkeypatch.setattr("lorewright.workspace.comparisons.compare.fetch_chat_model", lambda *_: None)
    monkeypatch.setattr(workspace, "close_engines", lambda: None)
    order = {"arms": ["rag", "few-shot"], "limit": 0, "is_drilled": False, "by": insider.caller.id}

    made = compare(workspace, order, _steps(secret, "compare"))["comparison"]

    found = find_comparison(workspace, insider.caller, made)
    assert "zqnotice3" in str(found)
    assert leaked(insider, str(found)) == []
    with pytest.raises(NotFound, match="No comparison found"):
        find_comparison(workspace, clerk.caller, made)


def test_a_shared_chat_shows_each_what_they_may_read(secret: SecretWorld) -> None:
    """A link is no permission: the answer of an administrator may rest on any document."""
    server = secret.world.server
    chat = find_shared(server, LOCAL, str(secret.world.by_name["token"]))

    own = [turn.answers[0] for turn in turns_of(server, LOCAL, chat).values()]
    shown = [turn.answers[0] for turn in turns_of(server, secret.person("insider").caller, chat).values()]

    assert all(answer["text"] for answer in own)
    assert [answer["text"] for answer in shown] == [""] * len(own)
    assert "no access to" in str(shown[0]["error"])


def _steps(secret: SecretWorld, kind: str) -> Steps:
    queue = secret.world.server.workspace.queue
    job: Any = queue.submit(kind, {"of": "a test"})
    return Steps(queue, job.id, 1)
