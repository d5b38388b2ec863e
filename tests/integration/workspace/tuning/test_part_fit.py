"""What a model tuned on documents is shown of them: learned from examples whose facts stand in two places."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from tests.fixtures.measured_domain import METRICS

from lorewright.access import LOCAL
from lorewright.flows import style_from
from lorewright.flows.arms.shown import ShownChunks
from lorewright.jobs import Steps
from lorewright.knowledge.part_choice import SIGNS, PartChoice
from lorewright.tuning import Adapter, Recipe, Row
from lorewright.workspace import Workspace
from lorewright.workspace.dataset.material import material_for
from lorewright.workspace.documents.add import sync_documents
from lorewright.workspace.domain.kept_shown import keep_shown, latest_shown
from lorewright.workspace.flows.library import find_flow
from lorewright.workspace.tuning.part_fit import shown_in_rows
from lorewright.workspace.tuning.rows import inputs_of_context, rows_in

N_PRODUCTS, N_RELEASES = 16, 12
PRODUCTS = [
    *("Alder", "Birch", "Cedar", "Dogwood", "Elder", "Fir", "Gorse", "Hazel"),
    *("Ilex", "Juniper", "Kauri", "Larch", "Maple", "Nutmeg", "Oak", "Pine"),
]


def ends(product: int, release: int) -> str:
    return f"{2010 + release}-{1 + product % 12:02}-{10 + release}"


def page(product: int) -> str:
    rows = [
        f"| {release}.{product} | {2008 + release}-01-15 | {ends(product, release)} |"
        for release in range(N_RELEASES, 0, -1)
    ]
    return "\n".join(
        (f"# {PRODUCTS[product]}", "", "| Release | Released | Served until |", "|---|---|---|", *rows, "")
    )


def example(product: int, release: int) -> str:
    name = f"{PRODUCTS[product]} {release}.{product}"
    answer = f"{name} was served until {ends(product, release)}. Move to {N_RELEASES}.{product}."
    return json.dumps({"question": f"Is {name} still served?", "answer": answer})


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    (tmp_path / "documents").mkdir()
    (tmp_path / "examples").mkdir()
    (tmp_path / "lorewright.toml").write_text(
        '[models]\nembedding = "hashing"\n[retrieval]\nchunk_tokens = 96\n[evaluation]\nholdout_share = 0.0\n'
    )
    for product in range(N_PRODUCTS):
        (tmp_path / "documents" / f"{PRODUCTS[product].lower()}.md").write_text(page(product))
    asked = [(n % N_PRODUCTS, 1 + (n // N_PRODUCTS * 3 + n) % (N_RELEASES - 2)) for n in range(64)]
    (tmp_path / "examples" / "desk.jsonl").write_text("\n".join(example(*one) for one in asked))
    with Workspace(tmp_path) as workspace:
        yield workspace


def steps_of(workspace: Workspace) -> Steps:
    job = workspace.queue.submit("tune", {"only": "context"})
    return Steps(workspace.queue, job.id, 1)


def rows_of(workspace: Workspace, folder: Path) -> Sequence[Row]:
    steps = steps_of(workspace)
    sync_documents(workspace, LOCAL, steps)
    material = material_for(workspace, LOCAL)
    style = style_from(material.train, workspace.settings)
    rows, _ = rows_in(
        folder, workspace, LOCAL, material, kind="context", style=style,
        no_gold_share=0.1, recipe=Recipe(), steps=steps,
    )  # fmt: skip
    return rows


def facts(completion: str) -> list[str]:
    """Return the date and the release that an answer names."""
    return re.findall(r"\d{4}-\d\d-\d\d|(?<=Move to )\d+\.\d+", completion)


def test_parts_are_chosen_where_whole_chunks_hold_half_of_an_answer(
    workspace: Workspace, tmp_path: Path
) -> None:
    rows = rows_of(workspace, tmp_path / "run")

    choice = shown_in_rows(tmp_path / "run").parts
    assert choice is not None
    assert len(choice.weights) == len(SIGNS)
    answering = [row for row in rows if facts(row.completion)]
    assert 0.8 * len(rows) <= len(answering) < len(rows), "a tenth learns to refuse"
    for row in answering:
        shown = row.messages[-1].content
        date, newest = facts(row.completion)
        assert f"Served until: {date}" in shown
        assert f"- Release: {newest}; Released: " in shown
        for number in re.findall(r"\[(\d)\]", row.completion):
            assert f"[{number}] " in shown
    whole = max(len(page(product)) for product in range(N_PRODUCTS))
    assert max(len(row.messages[-1].content) for row in rows) < whole


def test_a_run_goes_on_with_what_it_began_with(workspace: Workspace, tmp_path: Path) -> None:
    first = rows_of(workspace, tmp_path / "run")
    assert rows_of(workspace, tmp_path / "run") == first

    (tmp_path / "older").mkdir()
    (tmp_path / "older" / "rows.jsonl").write_bytes((tmp_path / "run" / "rows.jsonl").read_bytes())
    rows_of(workspace, tmp_path / "older")
    assert shown_in_rows(tmp_path / "older") == ShownChunks()


def test_chunks_stay_whole_where_they_hold_every_answer(workspace: Workspace, tmp_path: Path) -> None:
    settings = tmp_path / "lorewright.toml"
    settings.write_text(settings.read_text().replace("chunk_tokens = 96", "chunk_tokens = 512"))
    workspace.reload()

    rows = rows_of(workspace, tmp_path / "run")

    assert shown_in_rows(tmp_path / "run") == ShownChunks()
    assert all("[1]" in row.completion for row in rows if facts(row.completion))


def test_chunks_stay_whole_where_that_is_set(workspace: Workspace, tmp_path: Path) -> None:
    with (tmp_path / "lorewright.toml").open("a") as settings:
        settings.write('[tuning]\nshown = "chunks"\n')
    workspace.reload()

    rows_of(workspace, tmp_path / "run")

    assert shown_in_rows(tmp_path / "run") == ShownChunks()


def test_examples_whose_facts_stand_nowhere_choose_nothing(workspace: Workspace, tmp_path: Path) -> None:
    for path in (tmp_path / "documents").iterdir():
        path.write_text("# Coffee\n\nThe machine is cleaned on Fridays.\n")

    rows_of(workspace, tmp_path / "run")

    assert shown_in_rows(tmp_path / "run") == ShownChunks()


def finished_run(workspace: Workspace, folder: Path, shown: ShownChunks) -> str:
    """Return the id of a run of the context adapter whose rows held this of the chunks."""
    folder.mkdir()
    run = workspace.runs.begin("context", folder.name, Recipe(), folder)
    (folder / "adapter.gguf").write_bytes(b"GGUF")
    keep_shown(workspace.database, run.id, shown)
    adapter = Adapter(kind="lora", path=folder / "adapter.gguf", folder=folder, sha256="ab", metrics=METRICS)
    return workspace.runs.finish(run, adapter).id


def kinds_in_hybrid(workspace: Workspace) -> list[str]:
    return [node.kind for node in find_flow(workspace, LOCAL, "hybrid").nodes]


def test_the_arm_shows_what_the_adapter_in_use_has_learned_to_read(
    workspace: Workspace, tmp_path: Path
) -> None:
    choice = PartChoice(tuple(float(n) for n in range(len(SIGNS))), n=2)
    by_chunks = finished_run(workspace, tmp_path / "chunks", ShownChunks())
    assert "excerpt" not in kinds_in_hybrid(workspace)

    finished_run(workspace, tmp_path / "parts", ShownChunks(choice, has_distances=True))
    assert latest_shown(workspace) == ShownChunks(choice, has_distances=True)
    (prompt,) = (node for node in find_flow(workspace, LOCAL, "hybrid").nodes if node.kind == "prompt")
    assert prompt.params["dates"] == "with-distance"
    (excerpt,) = (node for node in find_flow(workspace, LOCAL, "hybrid").nodes if node.kind == "excerpt")
    assert (tuple(excerpt.params["weights"]), excerpt.params["n"]) == (choice.weights, 2)

    workspace.runs.promote(by_chunks)
    assert "excerpt" not in kinds_in_hybrid(workspace)


def test_weights_of_other_signs_than_are_known_now_choose_nothing(
    workspace: Workspace, tmp_path: Path
) -> None:
    finished_run(workspace, tmp_path / "parts", ShownChunks(PartChoice((1.0, 2.0), n=2)))

    assert latest_shown(workspace) == ShownChunks()
    assert "excerpt" not in kinds_in_hybrid(workspace)


def test_what_is_shown_decides_whether_a_run_is_another_one(workspace: Workspace, tmp_path: Path) -> None:
    material = material_for(workspace, LOCAL)
    style = style_from(material.train, workspace.settings)
    before = inputs_of_context(workspace, LOCAL, material, style, 0.1)
    assert inputs_of_context(workspace, LOCAL, material, style, 0.0) != before

    with (tmp_path / "lorewright.toml").open("a") as settings:
        settings.write('[tuning]\nshown = "chunks"\n')
    workspace.reload()

    assert inputs_of_context(workspace, LOCAL, material, style, 0.1) != before
