"""Chat, the list of models and every question to an arm read all examples again: seconds with thousands."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fixtures.served import lay_out

from lorewright.access import LOCAL
from lorewright.workspace import Workspace
from lorewright.workspace.dataset.at_hand import made_once, material_at_hand
from lorewright.workspace.dataset.material import read_material
from lorewright.workspace.flows.library import domain_arms


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(lay_out(tmp_path / "desk")) as workspace:
        yield workspace


def add_example(workspace: Workspace, question: str) -> None:
    workspace.examples_folder.mkdir(exist_ok=True)
    row = {"prompt": question, "completion": "Ask at the desk."}
    with (workspace.examples_folder / "more.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


def test_what_is_made_of_the_examples_is_made_again_only_when_they_change(workspace: Workspace) -> None:
    made: list[int] = []

    def make(workspace: Workspace) -> int:
        made.append(material_at_hand(workspace).n_examples_read)
        return made[-1]

    assert made_once(workspace, make) == made_once(workspace, make)
    add_example(workspace, "Who keeps the keys of the boat house?")
    after = made_once(workspace, make)
    workspace.reload()

    assert made_once(workspace, make) == after == made[0] + 1
    assert len(made) == 3


def test_arms_show_an_example_as_soon_as_it_is_there(workspace: Workspace) -> None:
    before = domain_arms(workspace, LOCAL)["few-shot"]
    for n in range(4):
        add_example(workspace, f"Where is locker {n} of the boat house?")

    assert domain_arms(workspace, LOCAL)["few-shot"] != before


def test_near_duplicates_that_a_job_found_are_left_out_at_once(workspace: Workspace) -> None:
    """Until then only those in the same words are: a request waits for no search by meaning."""
    add_example(workspace, "How do I get a replacement for a key that I lost?")
    add_example(workspace, "How can I get a replacement for a key I have lost?")
    assert not material_at_hand(workspace).is_by_meaning

    found = read_material(workspace)

    assert material_at_hand(workspace) == found
    assert found.is_by_meaning
