"""Examples inside flows are as secret as the documents they were made of, as long as the flow is there."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.fixtures.served import lay_out

from lorewright.access import LOCAL, Caller
from lorewright.flows import Flow, flow_from_json, flow_to_json
from lorewright.storage import Records
from lorewright.workspace import Workspace
from lorewright.workspace.deployments.deploy import Order, deploy
from lorewright.workspace.deployments.listing import get_version
from lorewright.workspace.documents.restrictions import restrict
from lorewright.workspace.flows.catalogue import all_arms, all_own_flows, save_flow
from lorewright.workspace.flows.example_origins import KIND, note_examples

GUEST = Caller(id="guest", name="guest", stores=("vs_domain",))
SECRET = [
    {"role": "user", "content": "What does the director earn?"},
    {"role": "assistant", "content": "90,000 euros."},
]
OPEN = [
    {"role": "user", "content": "When does the canteen open?"},
    {"role": "assistant", "content": "At seven."},
]
BY_HAND = [
    {"role": "user", "content": "May I bring a dog?"},
    {"role": "assistant", "content": "On Fridays."},
]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(lay_out(tmp_path / "desk")) as workspace:
        restrict(workspace, LOCAL, "hr/", [])
        rows = [{"messages": SECRET, "document_ids": ["hr/pay.md"]},
                {"messages": OPEN, "document_ids": ["canteen.md"]}]  # fmt: skip
        write_rows(workspace, rows)
        yield workspace


def write_rows(workspace: Workspace, rows: list[Any]) -> None:
    workspace.examples_folder.mkdir(exist_ok=True)
    (workspace.examples_folder / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def drawn(workspace: Workspace, *examples: Any) -> Flow:
    """Return a flow whose prompt holds these examples."""
    flow = flow_to_json(all_arms(workspace, LOCAL)["few-shot"]) | {"name": "shots"}
    for node in flow["nodes"]:
        if "examples" in node["params"]:
            node["params"]["examples"] = list(examples)
    return flow_from_json(flow)


def said_by(flow: Any) -> str:
    return json.dumps(flow if isinstance(flow, dict) else dict(flow_to_json(flow)))


def shown(workspace: Workspace) -> str:
    """Return what a guest sees of the saved flow."""
    return said_by(all_own_flows(workspace, GUEST)["shots"])


def test_an_example_stays_hidden_when_its_row_is_deleted(workspace: Workspace) -> None:
    save_flow(workspace, LOCAL, drawn(workspace, SECRET, OPEN))
    write_rows(workspace, [])

    assert "90,000" not in shown(workspace)
    assert "At seven." in shown(workspace)
    assert "90,000" in said_by(all_own_flows(workspace, LOCAL)["shots"])


def test_an_example_of_a_deployed_arm_stays_hidden_when_its_row_is_deleted(workspace: Workspace) -> None:
    asked = ("the director", "the panel", "the board", "a driver", "a cook", "the lawyer")
    rows = [[{"role": "user", "content": f"What is paid to {who}?"}, SECRET[1]] for who in asked]
    write_rows(workspace, [{"messages": row, "document_ids": ["hr/pay.md"]} for row in rows])
    deploy(workspace, LOCAL, Order(name="desk", arm="few-shot"))
    write_rows(workspace, [])

    seen = [said_by(get_version(workspace, who, "desk", 1).flow) for who in (LOCAL, GUEST)]

    assert ["90,000" in told for told in seen] == [True, False]


def test_an_example_is_seen_again_when_its_document_is(workspace: Workspace) -> None:
    save_flow(workspace, LOCAL, drawn(workspace, SECRET))
    write_rows(workspace, [])
    insider = Caller(id="insider", name="insider", stores=("vs_domain", "vs_domain/hr/"))

    restrict(workspace, LOCAL, "canteen.md", [])

    assert "90,000" in said_by(all_own_flows(workspace, insider)["shots"])


def test_an_example_that_was_written_by_hand_is_shown(workspace: Workspace) -> None:
    save_flow(workspace, LOCAL, drawn(workspace, BY_HAND))
    assert "On Fridays." in shown(workspace)


def test_an_example_whose_origin_nobody_knows_is_for_those_who_may_read_all(workspace: Workspace) -> None:
    """Flows of earlier releases hold examples whose rows are gone; saving them again changes nothing."""
    flow = drawn(workspace, SECRET, OPEN)
    save_flow(workspace, LOCAL, flow)
    for record in Records(workspace.database, KIND).all():
        Records(workspace.database, KIND).remove(record.id)
    write_rows(workspace, [{"messages": OPEN, "document_ids": ["canteen.md"]}])

    assert ("90,000" in shown(workspace), "At seven." in shown(workspace)) == (False, True)
    save_flow(workspace, LOCAL, flow, is_replacing=True)
    assert "90,000" not in shown(workspace)


def test_what_one_row_hides_another_does_not_open(workspace: Workspace) -> None:
    """The same words in two rows: as secret as the documents of both."""
    flow = flow_to_json(drawn(workspace, SECRET))
    note_examples(workspace, flow)
    write_rows(workspace, [{"messages": SECRET, "document_ids": ["canteen.md"]}])
    note_examples(workspace, flow)

    (origin,) = Records(workspace.database, KIND).all()

    assert origin.body["made_of"] == ["canteen.md", "hr/pay.md"]
