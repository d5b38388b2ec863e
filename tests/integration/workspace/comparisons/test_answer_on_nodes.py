"""What a node of a cluster answers, on a real domain and without a cluster."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fixtures.served import lay_out

from lorewright.access import LOCAL
from lorewright.errors import UnusableCluster
from lorewright.evaluation import Question
from lorewright.flows import Flow, arms, optional_arms, style_from
from lorewright.jobs import Steps
from lorewright.messages import Message
from lorewright.workspace import Workspace
from lorewright.workspace.comparisons.answer_on_nodes import (
    answered_on_nodes,
    answers_elsewhere,
    desk_of,
    why_here_alone,
)
from lorewright.workspace.comparisons.answering_once import made_of
from lorewright.workspace.comparisons.asking import ask_all
from lorewright.workspace.documents.add import add
from lorewright.workspace.flows.parts import DomainParts
from lorewright.workspace.jobs.fakes import ThisProcess

QUESTIONS = [
    Question(str(number), (Message("user", text),), ("so",))
    for number, text in enumerate(["How many days of leave are there?", "What may a hotel cost a night?"])
]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(lay_out(tmp_path / "handbook")) as workspace:
        order = {"paths": [], "is_sync": True}
        job = workspace.queue.submit("add", order)
        add(workspace, order, Steps(workspace.queue, job.id, 1))
        yield workspace


def arm(workspace: Workspace, name: str = "quote") -> Flow:
    style = style_from((), workspace.settings)
    return {**arms(style), **optional_arms(style)}[name]


def steps(workspace: Workspace, number: int) -> Steps:
    return Steps(workspace.queue, workspace.queue.submit("compare", {"number": number}).id, 1)


def test_a_node_answers_as_the_job_itself_would(workspace: Workspace) -> None:
    """A comparison must not depend on where a question was asked."""
    flow, parts = arm(workspace), DomainParts(workspace, LOCAL)
    here = ask_all(flow, QUESTIONS, parts, steps(workspace, 1), label="here")

    elsewhere = answers_elsewhere(workspace, LOCAL, ThisProcess(), flow)
    assert elsewhere is not None
    spread = ask_all(flow, QUESTIONS, parts, steps(workspace, 2), label="there", elsewhere=elsewhere)

    assert "28 days" in here.answers["0"].text
    for name, answer in here.answers.items():
        assert spread.answers[name].text == answer.text
        assert spread.answers[name].citations == answer.citations
    assert spread.cpu_seconds.keys() == here.cpu_seconds.keys()


def test_what_was_answered_before_is_not_sent_again(workspace: Workspace) -> None:
    """A job that was killed goes on with the questions that are left."""
    flow, parts, job = arm(workspace), DomainParts(workspace, LOCAL), steps(workspace, 1)
    ask_all(flow, QUESTIONS[:1], parts, job, label="before")
    sent: list[str] = []

    def elsewhere(flow: Flow, made: str, questions: dict[str, Question]) -> Iterator[tuple[str, object]]:
        sent.extend(question.id for question in questions.values())
        return answered_on_nodes(ThisProcess(), desk_of(workspace, LOCAL.id, flow, made), questions)

    ask_all(flow, QUESTIONS, parts, job, label="after", elsewhere=elsewhere)  # type: ignore[arg-type]

    assert sent == ["1"]


def test_a_node_with_another_index_is_refused(workspace: Workspace) -> None:
    """Answers from two states of the documents would be compared as if they were from one."""
    flow = arm(workspace)
    desk = desk_of(workspace, LOCAL.id, flow, "of another index")
    with pytest.raises(UnusableCluster, match="from another index"):
        list(answered_on_nodes(ThisProcess(), desk, {"one": QUESTIONS[0]}))


def test_a_node_that_does_not_see_the_folder_says_what_to_do(workspace: Workspace, tmp_path: Path) -> None:
    """An index in a folder of one machine is not there on another."""
    flow = arm(workspace)
    desk = desk_of(workspace, LOCAL.id, flow, made_of(flow, DomainParts(workspace, LOCAL)))
    away = replace(desk, folder=str(tmp_path / "not mounted"))
    with pytest.raises(UnusableCluster, match="does not see") as refused:
        list(answered_on_nodes(ThisProcess(), away, {"one": QUESTIONS[0]}))
    assert "Qdrant" in refused.value.hint
    assert "storage.url" in refused.value.hint


def test_another_host_does_not_open_a_sqlite_file(workspace: Workspace) -> None:
    """Two hosts that write to one SQLite file over a network break it."""
    flow = arm(workspace)
    desk = desk_of(workspace, LOCAL.id, flow, made_of(flow, DomainParts(workspace, LOCAL)))
    with pytest.raises(UnusableCluster, match="SQLite") as refused:
        list(answered_on_nodes(ThisProcess(), replace(desk, host="another"), {"one": QUESTIONS[0]}))
    assert "lorewright move" in refused.value.hint


@pytest.mark.parametrize(("name", "why"), [("agent", "tools"), ("nearest", "examples"), ("quote", "")])
def test_arms_that_act_or_need_all_examples_stay_with_the_job(
    workspace: Workspace, name: str, why: str
) -> None:
    """Asked again after a node died, an agent would act twice."""
    flow = arm(workspace, name)
    assert why in why_here_alone(flow)
    assert (answers_elsewhere(workspace, LOCAL, ThisProcess(), flow) is None) == bool(why)
