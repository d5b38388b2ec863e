"""A deployed agent at `/v1/responses`: its steps as they happen, cited, with the rights of who asks."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.fixtures.served import Served, lay_out

from lorewright.access import LOCAL
from lorewright.flows import Flow, Node
from lorewright.flows.flow import Edge
from lorewright.jobs import Steps
from lorewright.workspace.deployments.deploy import Order, deploy
from lorewright.workspace.documents.add import add
from lorewright.workspace.documents.restrictions import restrict

TASK = "How many days of leave are there? What may a hotel cost?"
AGENT = Flow(
    "deep",
    (Node("question", "question"), Node("agent", "agent", {"mode": "plan"}), Node("answer", "answer")),
    (
        Edge("question", "conversation", "agent", "conversation"),
        Edge("agent", "draft", "answer", "draft"),
    ),
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = lay_out(tmp_path_factory.mktemp("deep") / "handbook")
    (folder / "documents" / "board").mkdir()
    (folder / "documents" / "board" / "hotels.md").write_text("# Board\n\nA hotel may cost 900 euros.\n")
    served = Served(folder)
    workspace = served.running.workspace
    job = workspace.queue.submit("add", {"paths": [], "is_sync": True})
    add(workspace, dict(job.order), Steps(workspace.queue, job.id, 1))
    deploy(workspace, LOCAL, Order(name="deep", flow=AGENT))
    restrict(workspace, LOCAL, "board/", [])
    yield served
    served.close()


def test_every_step_is_told_before_the_answer(served: Served) -> None:
    """Whoever waits for an agent wants to see that it works, and on what."""
    events: list[Any] = list(served.client().responses.create(model="deep", input=TASK, stream=True))

    told = [event.type for event in events]
    assert told.index("response.mcp_call.completed") < told.index("response.output_text.delta")
    response = events[-1].response
    calls = [item for item in response.output if item.type == "mcp_call"]
    assert {(call.server_label, call.name) for call in calls} >= {("lorewright", "ask")}
    assert any("28 days" in call.output for call in calls)  # both questions are asked at the same moment
    message = response.output[-1].content[0]
    assert {annotation.filename for annotation in message.annotations} >= {"leave.md"}
    assert [event.sequence_number for event in events] == list(range(len(events)))


def test_a_whole_response_has_the_same_steps(served: Served) -> None:
    """Nobody should have to stream to see what was done."""
    response = served.client().responses.create(model="deep", input=TASK)

    kinds = [item.type for item in response.output]
    assert kinds[-1] == "message"
    assert set(kinds[:-1]) == {"mcp_call"}
    assert all(json.loads(item.arguments) for item in response.output if item.type == "mcp_call")


def test_a_conversation_goes_on_after_an_agent(served: Served) -> None:
    """What was called before is no question."""
    client = served.client()
    first = client.responses.create(model="deep", input="How many days of leave are there?")
    second = client.responses.create(
        model="deep", input="What may a hotel cost?", previous_response_id=first.id
    )

    assert "euros" in second.output_text


def test_an_agent_reads_what_its_asker_may_read(served: Served) -> None:
    """Neither the answer nor a step may tell what a folder holds that is closed to whoever asks."""
    key = served.running.keys.make("asker", verbs=("chat", "read"), stores=("vs_domain",))[1]
    question = "What may a hotel cost?"

    own = served.client(key).responses.create(model="deep", input=question)
    all_of_it = served.client().responses.create(model="deep", input=question)

    assert "900" not in str(own.to_dict())
    assert "120 euros" in own.output_text
    assert "900" in str(all_of_it.to_dict())
