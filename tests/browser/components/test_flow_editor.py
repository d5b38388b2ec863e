"""The flow editor: what it lets in, what it refuses and why, and whom it leaves out: nobody."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Position, expect
from tests.fixtures.component_samples import STRANGE
from tests.fixtures.components import told
from tests.fixtures.studio import picture, violations

from lorewright.studio.flow_editor import STATIC, flow_editor_words


def open_flow(page: Page, components: str, query: str = "") -> None:
    page.goto(f"{components}/flow?{query}")
    expect(page.get_by_role("application")).to_be_visible()
    page.wait_for_function("document.querySelector('.vue-flow__node')?.style.visibility !== 'hidden'")


def node(page: Page, name: str) -> Locator:
    return page.locator(f'[data-node="{name}"]')


def drag_edge(page: Page, source: str, output: str, target: str, port: str) -> None:
    """Pull an edge with the mouse from an output to an input."""
    start = node(page, source).locator(f'[data-side="out"][data-port="{output}"] .vue-flow__handle')
    end = node(page, target).locator(f'[data-side="in"][data-port="{port}"] .vue-flow__handle')
    drag(page, start, end)


def drag(page: Page, start: Locator, end: Locator) -> None:
    a, b = start.bounding_box(), end.bounding_box()
    assert a is not None
    assert b is not None
    page.mouse.move(a["x"] + a["width"] / 2, a["y"] + a["height"] / 2)
    page.mouse.down()
    page.mouse.move(b["x"] + b["width"] / 2, b["y"] + b["height"] / 2, steps=8)
    page.mouse.up()


def drop_on_edge(page: Page, kind: str, source: str, target: str) -> None:
    """Drag a kind of node from the palette onto the middle of the edge between two nodes."""
    line = page.locator(f'.vue-flow__edge[data-id^="{source}."][data-id*=">{target}."] .vue-flow__edge-path')
    box = line.bounding_box()
    assert box is not None
    stage = page.locator(".lwf-canvas").bounding_box()
    assert stage is not None
    middle: Position = {
        "x": box["x"] + box["width"] / 2 - stage["x"],
        "y": box["y"] + box["height"] / 2 - stage["y"],
    }
    dragged = page.locator(f'[data-kind="{kind}"]')
    dragged.drag_to(page.locator(".lwf-canvas"), target_position=middle, force=True)


def test_an_edge_of_the_wrong_type_is_refused_in_words(page: Page, components: str) -> None:
    """Who does not know the types must learn from the refusal what would fit."""
    open_flow(page, components, "flow=filters")

    drag_edge(page, "first", "hits", "generate", "messages")

    reason = "first.hits gives hits, but generate.messages takes messages."
    expect(page.get_by_role("alert")).to_contain_text(reason)
    assert told(page, "refused") == {
        "code": "wrong_type",
        "reason": reason,
        "edge": {"source": "first", "source_port": "hits", "target": "generate", "target_port": "messages"},
    }
    expect(page.locator(".vue-flow__edge")).to_have_count(1)


def test_a_second_source_of_an_input_takes_the_place_of_the_first(page: Page, components: str) -> None:
    """Whoever draws an edge means it: nobody should have to find and cut the old one first."""
    open_flow(page, components, "flow=filters")

    drag_edge(page, "third", "hits", "second", "hits")

    expect(page.get_by_role("status")).to_contain_text(
        "Connected third.hits to second.hits in place of first.hits"
    )
    edges = told(page, "change")["flow"]["edges"]
    assert [(edge["source"], edge["target"]) for edge in edges] == [("third", "second")]
    page.keyboard.press("Control+z")
    expect(page.get_by_role("status")).to_contain_text("Undone")


def test_a_node_that_is_dropped_on_an_edge_comes_between(page: Page, components: str) -> None:
    """Putting a reranker into a flow is one gesture, not one cut and three edges."""
    open_flow(page, components, "flow=filters")

    drop_on_edge(page, "rerank", "first", "second")

    expect(page.get_by_role("status")).to_contain_text("Put rerank between first and second")
    edges = {(edge["source"], edge["target"]) for edge in told(page, "change")["flow"]["edges"]}
    assert {("first", "rerank"), ("rerank", "second")} <= edges
    assert ("first", "second") not in edges


def test_a_node_that_fits_no_edge_is_added_beside_it(page: Page, components: str) -> None:
    """A drop that cannot mean anything else is still a new node; the edge stays."""
    open_flow(page, components, "flow=filters")

    drop_on_edge(page, "generate", "first", "second")

    expect(page.get_by_role("status")).to_contain_text("Added generate-2")
    edges = told(page, "change")["flow"]["edges"]
    assert [(edge["source"], edge["target"]) for edge in edges] == [("first", "second")]


def test_a_circle_is_refused(page: Page, components: str) -> None:
    """A flow that goes in a circle would never end; the refusal draws the circle."""
    open_flow(page, components, "flow=filters")

    drag_edge(page, "second", "hits", "first", "hits")

    expect(page.get_by_role("alert")).to_contain_text("create a cycle: second → first → second")
    assert told(page, "refused")["code"] == "cycle"


def test_an_edge_that_fits_is_drawn_and_told(page: Page, components: str) -> None:
    """The server hears of the flow as JSON, the layout apart from it."""
    open_flow(page, components, "flow=filters")

    drag_edge(page, "second", "hits", "third", "hits")

    expect(page.locator(".vue-flow__edge")).to_have_count(2)
    changed = told(page, "change")
    assert changed["flow"]["edges"][-1] == {
        "source": "second", "source_port": "hits", "target": "third", "target_port": "hits",
    }  # fmt: skip
    assert set(changed["flow"]) == {"name", "nodes", "edges"}
    assert set(changed["layout"]["positions"]) == {"first", "second", "third", "generate"}


def test_a_drop_on_a_node_finds_the_input_that_fits(page: Page, components: str) -> None:
    """Nobody has to hit a port of 22 pixels."""
    open_flow(page, components, "flow=filters")
    start = node(page, "second").locator('[data-side="out"] .vue-flow__handle')

    drag(page, start, node(page, "third").locator(".lwf-node-head"))

    expect(page.locator(".vue-flow__edge")).to_have_count(2)


def test_changes_are_undone_and_done_again(page: Page, components: str) -> None:
    """Trying something out costs nothing."""
    open_flow(page, components, "flow=filters")
    node(page, "third").click()
    page.keyboard.press("Delete")
    expect(node(page, "third")).to_have_count(0)

    page.keyboard.press("Control+z")
    expect(node(page, "third")).to_be_visible()
    page.keyboard.press("Control+Shift+z")

    expect(node(page, "third")).to_have_count(0)
    told(page, "change", "value.flow.nodes.length === 3")


def test_a_flow_is_connected_with_the_keyboard_alone(page: Page, components: str) -> None:
    """Whoever uses no mouse reads what fits, and chooses it."""
    open_flow(page, components, "flow=filters")
    page.get_by_role("application").focus()
    for _ in range(3):
        page.keyboard.press("Tab")
    name = page.evaluate("document.activeElement.dataset.node")
    assert name in {"second", "third", "generate"}
    node(page, "second").focus()

    page.keyboard.press("c")
    expect(page.get_by_role("dialog", name="Connect second")).to_be_visible()
    assert violations(page) == []
    page.keyboard.type("third")
    page.keyboard.press("Enter")

    expect(page.locator(".vue-flow__edge")).to_have_count(2)
    expect(node(page, "second")).to_be_focused()
    expect(page.get_by_role("status").last).to_contain_text("Connected second.hits to third.hits.")


def test_tab_goes_along_the_flow_and_out_of_it(page: Page, components: str) -> None:
    """The canvas is no trap."""
    open_flow(page, components)
    page.get_by_role("application").focus()
    seen: list[str] = []
    for _ in range(6):
        page.keyboard.press("Tab")
        page.wait_for_function("document.activeElement.dataset.node")
        page.wait_for_function(f"document.activeElement.dataset.node !== {seen[-1:] or ['']}[0]")
        seen.append(page.evaluate("document.activeElement.dataset.node"))

    page.keyboard.press("Tab")

    assert seen == ["question", "retrieve", "prompt", "generate", "ground", "answer"]
    assert page.evaluate("document.activeElement.dataset.node ?? null") is None


def test_arrows_move_a_node_and_leave_the_flow_alone(page: Page, components: str) -> None:
    """Where a node stands does not belong to the flow: its hash must not change."""
    open_flow(page, components)
    node(page, "retrieve").click()
    before = told(page, "select", "value.nodes[0] === 'retrieve'")
    page.keyboard.press("ArrowDown")
    first = told(page, "change")

    page.keyboard.press("Shift+ArrowDown")
    top = first["layout"]["positions"]["retrieve"]["y"]
    second = told(page, "change", f"value.layout.positions.retrieve.y > {top}")

    assert before["nodes"] == ["retrieve"]
    assert second["flow"] == first["flow"]
    assert second["layout"]["positions"]["retrieve"]["y"] - top == 50


def test_a_part_is_copied_into_another_flow(page: Page, components: str) -> None:
    """What was built once is not built again: nodes, settings and the edges between them go along."""
    open_flow(page, components)
    node(page, "retrieve").click()
    node(page, "prompt").click(modifiers=["Control"])
    page.keyboard.press("Control+c")

    open_flow(page, components, "flow=filters")
    page.get_by_role("application").focus()
    page.keyboard.press("Control+v")

    changed = told(page, "change", "value.flow.nodes.length === 6")
    assert changed["flow"]["nodes"][-2] == {"id": "retrieve", "kind": "retrieve", "params": {"n": 5}}
    assert changed["flow"]["edges"][-1]["source"] == "retrieve"


def test_a_duplicate_gets_a_name_of_its_own(page: Page, components: str) -> None:
    """Two nodes of one name would be one node."""
    open_flow(page, components)
    node(page, "retrieve").click()

    page.keyboard.press("Control+d")

    expect(node(page, "retrieve-2")).to_be_visible()


def test_anything_else_in_the_clipboard_is_refused(page: Page, components: str) -> None:
    """A shopping list is not a flow."""
    open_flow(page, components)
    page.get_by_role("application").focus()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "milk, eggs");
          const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true });
          document.activeElement.dispatchEvent(paste);
        }"""
    )

    expect(page.get_by_role("alert")).to_contain_text("no part of a flow")


def test_a_node_is_found_and_added_with_the_keyboard(page: Page, components: str) -> None:
    """Searching and Enter is the quickest way for those who know the kinds."""
    open_flow(page, components, "flow=empty")
    page.get_by_role("button", name="Add a node").click()

    page.keyboard.type("retrieve")
    page.keyboard.press("Enter")

    expect(node(page, "retrieve")).to_be_focused()
    assert told(page, "change")["flow"]["nodes"] == [{"id": "retrieve", "kind": "retrieve", "params": {}}]


def test_a_node_is_added_by_dragging(page: Page, components: str) -> None:
    """It lands where it was dropped."""
    open_flow(page, components, "flow=empty")

    page.locator('[data-kind="generate"]').drag_to(
        page.get_by_role("application"), target_position={"x": 300, "y": 300}
    )

    expect(node(page, "generate")).to_be_visible()


def test_a_setting_out_of_bounds_is_not_taken(page: Page, components: str) -> None:
    """The field says what it must be; the flow keeps the last value that is right."""
    open_flow(page, components)
    node(page, "generate").click()
    field = page.get_by_label("temperature", exact=True)

    field.fill("0.7")
    told(page, "change", "value.flow.nodes[3].params.temperature === 0.7")
    field.fill("7")

    expect(page.get_by_role("alert")).to_have_text("This must be at most 2.")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(node(page, "generate")).to_contain_text("0.7")


def test_examples_are_written_turn_by_turn(page: Page, components: str) -> None:
    """Few-shot examples need no JSON."""
    open_flow(page, components)
    node(page, "prompt").click()

    page.get_by_role("button", name="Add a conversation").click()
    page.get_by_label("Text of turn 1").fill("How many days?")
    page.get_by_label("Text of turn 2").fill("28.")

    changed = told(page, "change", "value.flow.nodes[2].params.examples?.[0][1].content === '28.'")
    assert changed["flow"]["nodes"][2]["params"]["examples"] == [
        [{"role": "user", "content": "How many days?"}, {"role": "assistant", "content": "28."}]
    ]


def test_a_new_name_goes_along_the_edges(page: Page, components: str) -> None:
    """A node can be called what it does; a name that is taken is refused."""
    open_flow(page, components)
    node(page, "retrieve").click()
    page.keyboard.press("Enter")
    page.get_by_label("Name", exact=True).fill("prompt")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("another node called prompt")

    page.get_by_label("Name", exact=True).fill("find")
    page.keyboard.press("Enter")

    changed = told(page, "change")
    assert {edge["target"] for edge in changed["flow"]["edges"]} >= {"find"}
    assert all("retrieve" not in (edge["source"], edge["target"]) for edge in changed["flow"]["edges"])


def test_outputs_and_times_are_drawn_while_it_runs(page: Page, components: str) -> None:
    """One sees where the time goes, and opens what a node put out."""
    open_flow(page, components, "run=1")

    expect(node(page, "retrieve")).to_contain_text("42 ms")
    expect(node(page, "retrieve")).to_contain_text("Trains are booked")
    node(page, "retrieve").get_by_role("button", name="Open the output of retrieve").click()
    assert told(page, "open_output") == "retrieve"
    node(page, "retrieve").click()
    page.get_by_role("button", name="Run from here").click()
    assert told(page, "run_from") == "retrieve"


def test_who_may_only_look_changes_nothing(page: Page, components: str) -> None:
    """Reading and changing are two rights."""
    open_flow(page, components, "readonly=1")
    node(page, "retrieve").click()

    page.keyboard.press("Delete")
    page.keyboard.press("ArrowDown")

    expect(node(page, "retrieve")).to_be_visible()
    expect(page.get_by_role("button", name="Delete")).to_have_count(0)
    expect(page.get_by_text("Read only")).to_be_visible()
    assert violations(page) == []


def test_a_note_is_kept_outside_the_flow(page: Page, components: str) -> None:
    """Remarks for colleagues are no part of what answers."""
    open_flow(page, components)
    page.get_by_role("application").focus()

    page.keyboard.press("n")
    page.get_by_label("Note", exact=True).fill("Why two?")
    page.keyboard.press("Escape")

    changed = told(page, "change", "value.layout.notes[0]?.text === 'Why two?'")
    assert len(changed["flow"]["nodes"]) == 6


def test_names_and_settings_are_shown_and_never_run(page: Page, components: str) -> None:
    """A flow that somebody else sent must not act in the name of its reader."""
    open_flow(page, components, "flow=strange")

    page.locator(".lwf-node").first.click()
    expect(page.get_by_text(STRANGE).first).to_be_visible()
    page.keyboard.press("?")

    assert page.evaluate("window.hit") is None
    assert page.locator(".lwf img").count() == 0


def test_four_hundred_nodes_stay_usable(page: Page, components: str) -> None:
    """Only what is seen is drawn; no action blocks the page for long."""
    page.add_init_script(
        """
        window.longest = 0;
        new PerformanceObserver((list) => {
          for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
        }).observe({ type: "longtask" });
        """
    )
    open_flow(page, components, "many=400")
    expect(page.locator(".vue-flow__minimap-node")).to_have_count(400)
    loading = page.evaluate("window.longest")
    page.evaluate("window.longest = 0")
    page.get_by_role("application").focus()
    page.keyboard.press("Tab")
    expect(node(page, "node-0")).to_be_focused()
    page.keyboard.press("ArrowRight")
    told(page, "change")
    page.keyboard.press("Control+z")

    assert page.locator(".lwf-node").count() < 100
    assert page.evaluate("window.longest") < 500
    assert loading < 2000


@pytest.mark.parametrize("is_dark", [0, 1])
def test_it_is_accessible_in_light_and_dark(page: Page, components: str, is_dark: int) -> None:
    """No violation of WCAG A and AA, with the settings of a node open."""
    open_flow(page, components, f"states=1&note=1&dark={is_dark}")
    assert violations(page) == []

    node(page, "prompt").click()
    expect(page.get_by_role("complementary", name="Settings of prompt")).to_be_visible()
    picture(page, f"flow-editor-{'dark' if is_dark else 'light'}")
    assert violations(page) == []
    page.get_by_role("button", name="Keys").click()

    expect(page.get_by_role("dialog", name="Keys of the editor")).to_be_visible()
    assert violations(page) == []


def test_on_a_phone_panels_become_a_drawer_and_a_sheet(page: Page, components: str) -> None:
    """A flow can be looked at and repaired on the way."""
    page.set_viewport_size({"width": 390, "height": 780})
    open_flow(page, components)
    expect(page.get_by_label("Search nodes")).to_be_hidden()

    page.get_by_role("button", name="Add a node").click()
    expect(page.get_by_role("dialog", name="Nodes")).to_be_visible()
    assert violations(page) == []
    picture(page, "flow-editor-phone-nodes")
    page.locator('[data-kind="filter"]').click()
    expect(page.get_by_role("dialog", name="Nodes")).to_be_hidden()
    node(page, "filter").click()

    expect(page.get_by_role("dialog", name="Settings of filter")).to_be_visible()
    picture(page, "flow-editor-phone")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_bundles_evaluate_nothing_and_bring_no_vue() -> None:
    """They run under a policy without 'unsafe-eval', on the Vue that the page has already."""
    bundles = [path.read_text("utf-8") for path in Path(STATIC).rglob("*.js")]

    assert len(bundles) == 4
    assert not [text[:80] for text in bundles if "new Function" in text or "eval(" in text]
    assert not [text[:80] for text in bundles if "createRenderer" in text or "https://registry" in text]


def test_every_word_of_the_editor_can_be_replaced() -> None:
    """A translation needs all the keys, and finds no empty one."""
    words = flow_editor_words()

    assert "wrong_type" in words
    assert all(words.values())


def test_many_nodes_are_selected_with_a_rectangle(page: Page, components: str) -> None:
    """Moving or deleting ten nodes takes one gesture."""
    open_flow(page, components, "flow=filters")
    box = page.get_by_role("application").bounding_box()
    assert box is not None

    page.keyboard.down("Shift")
    page.mouse.move(box["x"] + 20, box["y"] + 90)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 20, box["y"] + box["height"] - 20, steps=6)
    page.mouse.up()
    page.keyboard.up("Shift")
    expect(page.get_by_text("4 selected")).to_be_visible()
    page.get_by_role("button", name="Delete").click()

    expect(page.locator(".lwf-node")).to_have_count(0)
    assert told(page, "change", "value.flow.nodes.length === 0")["layout"]["positions"] == {}


def test_the_overview_shows_every_node(page: Page, components: str) -> None:
    """In a large flow one sees where one is."""
    open_flow(page, components, "states=1")

    nodes, button = page.locator(".vue-flow__minimap-node"), page.get_by_role("button", name="Overview")
    expect(nodes).to_have_count(6)  # at once, where all of it would be too small to read
    button.click()
    expect(nodes).to_have_count(0)
    button.click()

    expect(nodes).to_have_count(6)
    picture(page, "flow-editor-overview")
    assert violations(page) == []
