"""Deployments: an arm behind a name, its versions, and how they do."""

from typing import Any

import openai
import pytest
from tests.fixtures.calls import Call, caller_to
from tests.fixtures.measured_domain import measure, tune
from tests.fixtures.served import Served

LEAVE = [{"role": "user", "content": "How many days of leave?"}]


@pytest.fixture
def call(served: Served) -> Call:
    return caller_to(served)


def ask(client: openai.OpenAI, model: str, **more: Any) -> Any:
    """Return the completion of a deployment for one question."""
    return client.chat.completions.create(model=model, messages=LEAVE, **more)  # type: ignore[arg-type]


def test_a_deployment_is_just_a_model(call: Call, client: openai.OpenAI) -> None:
    status, made = call("POST", "/deployments", {"name": "desk", "arm": "rag"})
    assert (status, made["live"], made["versions"][0]["model"]) == (200, 1, "desk@1")
    assert "desk" in [model.id for model in client.models.list()]
    for name in ("desk", "desk@1"):
        message = ask(client, name).choices[0].message
        assert message.content == "Every employee has 28 days of leave a year."
        assert message.annotations[0].url_citation.title == "leave.md"


def test_a_version_keeps_its_adapter_whatever_is_tuned_later(
    call: Call, client: openai.OpenAI, served: Served
) -> None:
    """What was measured is what is served."""
    workspace = served.running.workspace
    first = tune(workspace, "context", "first")
    measure(workspace, "hybrid", n_right=9, n=10)
    tune(workspace, "context", "second")
    _, made = call("POST", "/deployments", {"name": "desk", "arm": "hybrid"})
    ask(client, "desk")
    assert served.opened[-1].adapter == first.path
    ask(client, "handbook/hybrid")
    assert served.opened[-1].adapter.endswith("second.gguf")
    _, version = call("GET", "/deployments/desk/versions/1")
    assert version["pins"]["context"]["run"] == first.id
    assert version["changed_since_measured"] == []
    assert made["versions"][0]["correctness"]["n"] == 10


def test_a_version_below_the_bar_does_not_go_live(call: Call, served: Served) -> None:
    """The lower end of the interval counts: a mean passes by luck."""
    measure(served.running.workspace, "rag", n_right=7, n=10)
    status, told = call("POST", "/deployments", {"name": "desk", "arm": "rag", "min": {"correctness": 0.6}})
    assert status == 400
    message = told["error"]["message"]
    assert "correctness is 0.70 (0.40 to 1.00, n=10)" in message
    assert "lower end of its 95 % interval must be at least 0.6" in message
    assert call("GET", "/deployments/desk")[0] == 404
    measure(served.running.workspace, "rag", n_right=95, n=100, at=2.0)
    status, made = call("POST", "/deployments", {"name": "desk", "arm": "rag", "min": {"correctness": 0.6}})
    assert (status, made["bar"]["min"]) == (200, {"correctness": 0.6})


def test_the_bar_stays_for_later_versions(call: Call, served: Served) -> None:
    measure(served.running.workspace, "rag", n_right=95, n=100)
    call("POST", "/deployments", {"name": "desk", "arm": "rag", "min": {"correctness": 0.6}})
    status, told = call("POST", "/deployments/desk/versions", {"arm": "base"})
    assert (status, "has not been measured" in told["error"]["message"]) == (400, True)
    status, held = call("POST", "/deployments/desk/versions", {"arm": "base", "live": False})
    assert (status, held["number"]) == (200, 2)
    assert call("POST", "/deployments/desk/promote", {"version": 2})[0] == 400
    assert call("POST", "/deployments/desk/canary", {"version": 2, "share": 0.5})[0] == 400


def test_a_version_whose_material_changed_says_so(call: Call, served: Served) -> None:
    workspace = served.running.workspace
    measure(workspace, "rag", n_right=9, n=10)
    call("POST", "/deployments", {"name": "desk", "arm": "rag"})
    workspace.collection.remove(["travel.md"])
    _, version = call("GET", "/deployments/desk/versions/1")
    assert len(version["changed_since_measured"]) == 1
    assert version["changed_since_measured"][0].startswith("The documents have changed (")


def test_a_rollback_brings_the_version_before_back(call: Call, client: openai.OpenAI) -> None:
    call("POST", "/deployments", {"name": "desk", "arm": "rag"})
    call("POST", "/deployments/desk/versions", {"arm": "base"})
    assert ask(client, "desk").choices[0].message.content.startswith("You said:")
    status, back = call("POST", "/deployments/desk/rollback")
    assert (status, back["live"]) == (200, 1)
    assert ask(client, "desk").choices[0].message.content.startswith("Every employee")
    assert back["history"][-1]["what"] == "rolled back from version 2 to 1"
    status, told = call("POST", "/deployments/desk/rollback")
    assert (status, "no earlier live version" in told["error"]["message"]) == (400, True)


def test_a_canary_answers_its_share_and_stays_with_a_conversation(call: Call, client: openai.OpenAI) -> None:
    call("POST", "/deployments", {"name": "desk", "arm": "rag"})
    call("POST", "/deployments/desk/versions", {"arm": "base", "canary": 0.5})
    said = {user: ask(client, "desk", user=user).choices[0].message.content for user in map(str, range(20))}
    n_canary = sum(text.startswith("You said") for text in said.values())
    assert 3 <= n_canary <= 17
    again = {user: ask(client, "desk", user=user).choices[0].message.content for user in said}
    assert again == said
    _, told = call("GET", "/deployments/desk/traffic")
    assert [(found["version"], found["n"]) for found in told["versions"]] == [
        (1, 40 - 2 * n_canary), (2, 2 * n_canary),
    ]  # fmt: skip
    assert told["canary"]["measured"]["n"] == 2 * n_canary
    metrics = {found["metric"]: found for found in told["canary"]["differences"]}
    assert set(metrics) == {"refusal_rate", "unsupported_rate", "latency_ms"}
    assert metrics["latency_ms"]["low"] <= metrics["latency_ms"]["mean"] <= metrics["latency_ms"]["high"]
    _, live = call("POST", "/deployments/desk/promote", {})
    assert (live["live"], live["canary"]) == (2, None)


def test_a_shadow_answers_too_and_is_never_shown(call: Call, client: openai.OpenAI, served: Served) -> None:
    call("POST", "/deployments", {"name": "desk", "arm": "rag"})
    call("POST", "/deployments/desk/versions", {"arm": "base", "shadow": True})
    assert ask(client, "desk").choices[0].message.content.startswith("Every employee")
    served.running.shadow_queue.wait()
    _, pairs = call("GET", "/deployments/desk/shadow_answers")
    assert pairs["data"][0]["text"].startswith("You said:")
    assert pairs["data"][0]["shown"]["text"].startswith("Every employee")
    _, told = call("GET", "/deployments/desk/traffic")
    assert (told["shadow"]["version"], told["shadow"]["n_pairs"]) == (2, 1)
    assert [found["n"] for found in told["versions"]] == [1]


def test_a_flow_of_ones_own_can_be_deployed(call: Call, client: openai.OpenAI) -> None:
    _, rag = call("POST", "/deployments", {"name": "desk", "arm": "rag"})
    assert rag["versions"][0]["arm"] == "rag"
    _, version = call("GET", "/deployments/desk/versions/1")
    flow = {**version["flow"], "name": "mine"}
    assert call("POST", "/deployments/desk/versions", {"flow": flow})[0] == 200
    assert ask(client, "desk@2").choices[0].message.content.startswith("Every employee")


def test_what_a_key_may_not_use_does_not_exist_for_it(call: Call, served: Served) -> None:
    call("POST", "/deployments", {"name": "desk", "arm": "rag"})
    _, secret = served.running.keys.make("guest", models=("parrot",))
    assert call("GET", "/deployments", key=secret)[1]["data"] == []
    hidden, absent = (
        call("GET", "/deployments/desk", key=secret),
        call("GET", "/deployments/none", key=secret),
    )
    assert hidden[0] == absent[0] == 404
    assert hidden[1]["error"]["message"].replace("desk", "none") == absent[1]["error"]["message"]
    _, reader = served.running.keys.make("reader", verbs=("chat", "read"), models=("desk",))
    assert call("POST", "/deployments/desk/rollback", key=reader)[0] == 403
    with served.client(reader) as client:
        assert ask(client, "desk@1").choices[0].message.content


def test_names_that_cannot_be_are_refused(call: Call) -> None:
    for name in ("Version Desk", "rag", "parrot", ""):
        assert call("POST", "/deployments", {"name": name, "arm": "base"})[0] == 400
    assert call("POST", "/deployments", {"name": "desk", "arm": "nothing"})[0] == 400
    assert call("POST", "/deployments", {"name": "desk"})[1]["error"]["param"] == "arm"


def test_a_deleted_deployment_is_no_model_any_more(call: Call, client: openai.OpenAI) -> None:
    call("POST", "/deployments", {"name": "desk", "arm": "rag"})
    assert call("DELETE", "/deployments/desk")[1]["deleted"]
    with pytest.raises(openai.NotFoundError):
        ask(client, "desk")
    assert call("POST", "/deployments", {"name": "desk", "arm": "base"})[1]["n_versions"] == 1
