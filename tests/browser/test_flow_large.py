"""Flows nobody draws by hand: four hundred nodes, and one that goes in a circle, from a file."""

import json
from itertools import pairwise
from typing import Any

from playwright.sync_api import Page, expect
from tests.fixtures.studio import Studio, file_of, picture, violations
from tests.fixtures.studio_flows import drafts, node

N_NODES = 400


def chain(n: int, *, name: str = "large") -> dict[str, Any]:
    """Return a flow of `n` nodes that can run: hits go through one filter after the other."""
    filters = [f"filter-{number}" for number in range(1, n - 5)]
    nodes = [
        ("question", "question", {}), ("retrieve", "retrieve", {"n": 5}),
        *((one, "filter", {"n_kept": 5}) for one in filters),
        *((one, one, {}) for one in ("prompt", "generate", "ground", "answer")),
    ]  # fmt: skip
    hits = ["retrieve", *filters, "prompt"]
    edges = [
        ("question", "conversation", "retrieve", "conversation"),
        ("question", "conversation", "prompt", "conversation"),
        ("question", "conversation", "ground", "conversation"),
        *((source, "hits", target, "hits") for source, target in pairwise(hits)),
        ("prompt", "messages", "generate", "messages"), ("prompt", "hits", "ground", "hits"),
        ("generate", "draft", "ground", "draft"), ("ground", "draft", "answer", "draft"),
    ]  # fmt: skip
    names = ("source", "source_port", "target", "target_port")
    return {
        "name": name,
        "nodes": [{"id": id_, "kind": kind, "params": params} for id_, kind, params in nodes],
        "edges": [dict(zip(names, edge, strict=True)) for edge in edges],
    }


def bring_in(studio: Studio, page: Page, flow: dict[str, Any]) -> None:
    """Import a flow by its file, as a user does."""
    page.goto(studio.at("/flows"))
    page.get_by_role("button", name="Import").click()
    content = json.dumps({"flow": flow, "layout": {}}).encode()
    page.locator("input[type=file]").set_input_files(
        file_of(f"{flow['name']}.json", content, "application/json")
    )
    expect(page.get_by_role("heading", name=flow["name"], exact=True)).to_be_visible()


def reopen(studio: Studio, page: Page) -> None:
    page.goto(studio.at("/flows/edit?name=large"))
    expect(node(page, "question")).to_be_visible()
    expect(page.get_by_text("can run", exact=True)).to_be_visible()


def test_four_hundred_nodes_are_drawn_changed_and_run(studio: Studio, page: Page) -> None:
    """A generated flow is as much a flow as a drawn one."""
    flow = chain(N_NODES)
    assert len(flow["nodes"]) == N_NODES
    bring_in(studio, page, flow)
    expect(page.get_by_text("can run", exact=True)).to_be_visible()

    reopen(studio, page)

    node(page, "retrieve").click()
    page.keyboard.press("Delete")
    expect(node(page, "retrieve")).to_have_count(0)
    expect(page.get_by_text("cannot run yet")).to_be_visible()
    page.get_by_role("button", name="Why?").click()
    expect(page.get_by_role("dialog")).to_contain_text("Nothing is connected to filter-1.hits")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(node(page, "retrieve")).to_be_visible()
    expect(page.get_by_text("can run", exact=True)).to_be_visible()

    page.get_by_role("button", name="Arrange", exact=True).click()
    page.get_by_role("button", name="Show all", exact=True).click()
    expect(page.locator("[data-node]")).to_have_count(N_NODES)
    picture(page, "flow-400")

    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as version 1.")).to_be_visible()
    assert len(drafts(studio)["large"]["nodes"]) == N_NODES  # type: ignore[index]
    page.get_by_role("button", name="Try it").click()
    page.get_by_label("Question", exact=True).fill("How many days of leave?")
    page.get_by_role("button", name="Run all").click()
    side = page.get_by_role("complementary", name="Try it")
    expect(side).to_contain_text("28 days of leave a year", timeout=60_000)
    assert violations(page) == []


def test_a_flow_that_goes_in_a_circle_is_kept_but_not_saved(studio: Studio, page: Page) -> None:
    """A file with a fault is work, too: it opens, says its fault in words, and can be mended."""
    flow = chain(12, name="circle")
    into_first = next(edge for edge in flow["edges"] if edge["target"] == "filter-1")
    into_first["source"] = "filter-6"
    bring_in(studio, page, flow)

    expect(page.get_by_text("cannot run yet")).to_be_visible()
    page.get_by_role("button", name="Why?").click()
    expect(page.get_by_role("dialog")).to_contain_text("The nodes form a cycle: filter-1 →")
    picture(page, "flow-circle")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("The nodes form a cycle")
    assert "circle" not in drafts(studio)

    page.reload()
    expect(node(page, "question")).to_be_visible()
    page.get_by_role("button", name="Show all", exact=True).click()
    expect(page.locator("[data-node]")).to_have_count(12)
    page.get_by_role("button", name="Why?").click()
    expect(page.get_by_role("dialog")).to_contain_text("The nodes form a cycle")
