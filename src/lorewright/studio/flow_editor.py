"""The flow editor: a flow drawn as nodes and edges, changed by pointer or keyboard.

It edits the JSON of `lorewright.flows.flow_to_json`. Where nodes stand and what notes say is in a
separate `layout`, so that moving a node does not change what the flow is.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NotRequired, TypedDict, cast

from nicegui.element import Element
from nicegui.events import GenericEventArguments

STATIC = Path(__file__).parent / "static"
Status = Literal["waiting", "running", "done", "failed"]


class Position(TypedDict):
    """Where a node stands on the canvas, in its pixels."""

    x: float
    y: float


class Note(Position):
    """A card of text on the canvas; it does not belong to the flow."""

    id: str
    text: str


class Layout(TypedDict, total=False):
    """What is seen of a flow but is not part of it; all of it may be left out."""

    positions: dict[str, Position]
    notes: list[Note]


class NodeState(TypedDict):
    """How far a node of a running flow is, how long it took, and what it put out, as text."""

    status: Status
    ms: NotRequired[float | None]
    output: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Changed:
    """The flow as it is now, as JSON, and its layout."""

    flow: dict[str, Any]
    layout: Layout


@dataclass(frozen=True, slots=True)
class Selected:
    """The ids of the nodes and notes that are selected now."""

    nodes: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """An edge or a paste that was refused: a code like `wrong_type`, and the reason in words.

    `edge` has `source`, `source_port`, `target`, `target_port`; it is empty where no edge was tried.
    """

    code: str
    reason: str
    edge: dict[str, str]


class FlowEditor(Element, component="static/flow_editor.js"):
    """A flow to look at and to change; it fills the element it stands in."""

    def __init__(
        self,
        kinds: Sequence[Mapping[str, Any]],
        flow: Mapping[str, Any],
        layout: Layout | None = None,
        *,
        states: Mapping[str, NodeState] | None = None,
        readonly: bool = False,
        dark: bool | None = None,
        strings: Mapping[str, str] | None = None,
        on_change: Callable[[Changed], Any] | None = None,
        on_select: Callable[[Selected], Any] | None = None,
        on_run_from: Callable[[str], Any] | None = None,
        on_open_output: Callable[[str], Any] | None = None,
        on_refused: Callable[[Refused], Any] | None = None,
    ) -> None:
        """Show a flow, given as `flow_to_json` gives it, with the kinds that `describe_kinds` gives.

        `dark` left at `None` follows the page. `strings` replaces the words of
        `flow_editor_words`. The handlers may be coroutine functions; the flow has already been
        taken over when `on_change` is called, a fifth of a second after the last change.
        """
        super().__init__()
        self._on_change = on_change
        with self._props.suspend_updates():
            self._props["kinds"] = [dict(kind) for kind in kinds]
            self._props["flow"] = dict(flow)
            self._props["layout"] = dict(layout or {})
            self._props["epoch"] = 1
            self._props["states"] = {id_: dict(state) for id_, state in (states or {}).items()}
            self._props["readonly"] = readonly
            self._props["dark"] = dark
            self._props["strings"] = dict(strings or {})
        self.on("change", self._take)
        # Every listener stands from the start: one added later would build the editor again.
        self.on("select", _calling(on_select, _selected))
        self.on("run_from", _calling(on_run_from, _node))
        self.on("open_output", _calling(on_open_output, _node))
        self.on("refused", _calling(on_refused, _refused))

    @property
    def flow(self) -> dict[str, Any]:
        """The flow as it is now, as JSON."""
        return dict(self._props["flow"])

    @property
    def layout(self) -> Layout:
        """Where the nodes stand, and the notes."""
        return cast(Layout, dict(self._props["layout"]))

    def set_flow(self, flow: Mapping[str, Any], layout: Layout | None = None) -> None:
        """Show another flow; what could be undone is forgotten."""
        with self._props.suspend_updates():
            self._props["flow"] = dict(flow)
            self._props["layout"] = dict(layout or {})
            self._props["epoch"] += 1
        self.update()

    def set_state(self, node_id: str, state: NodeState | None) -> None:
        """Draw how far a node is; `None` draws nothing. Cheap: only this node is sent."""
        states = dict(self._props["states"])
        if state is None:
            states.pop(node_id, None)
        else:
            states[node_id] = dict(state)
        self._keep(states)
        self.run_method("set_state", node_id, state)

    def set_states(self, states: Mapping[str, NodeState]) -> None:
        """Draw how far all nodes are; nodes that are not named have no state."""
        kept = {id_: dict(state) for id_, state in states.items()}
        self._keep(kept)
        self.run_method("set_states", kept)

    def set_kinds(self, kinds: Sequence[Mapping[str, Any]]) -> None:
        """Offer other kinds of nodes."""
        self._props["kinds"] = [dict(kind) for kind in kinds]

    def set_readonly(self, value: bool) -> None:  # noqa: FBT001 - as NiceGUI's own setters take it
        """Allow changes, or only looking."""
        self._props["readonly"] = value

    def set_dark(self, value: bool | None) -> None:  # noqa: FBT001 - as NiceGUI's own setters take it
        """Show the dark or the light look; `None` follows the page."""
        self._props["dark"] = value

    def fit(self) -> None:
        """Show all of the flow."""
        self.run_method("fit")

    def arrange(self) -> None:
        """Lay the nodes out from left to right, as one change that can be undone."""
        self.run_method("arrange")

    def undo(self) -> None:
        """Take the last change back."""
        self.run_method("undo")

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self.run_method("redo")

    async def settle(self) -> None:
        """Wait until `flow` is what is drawn: a change is told only a moment after it was made."""
        with suppress(TimeoutError):  # the page is gone: what was told before is all there is
            await self.run_method("tell", timeout=5)

    def _keep(self, states: dict[str, dict[str, Any]]) -> None:
        """Remember the states for a page that connects again, without sending all of them now."""
        with self._props.suspend_updates():
            self._props["states"] = states

    def _take(self, event: GenericEventArguments) -> Any:
        if event.args.get("epoch") != self._props["epoch"]:
            return None  # made on a flow that `set_flow` has replaced meanwhile
        changed = Changed(event.args["flow"], event.args["layout"])
        with self._props.suspend_updates():
            self._props["flow"] = changed.flow
            self._props["layout"] = changed.layout
        return self._on_change(changed) if self._on_change else None


@lru_cache
def flow_editor_words() -> Mapping[str, str]:
    """Return every text of the editor in English, by the key that `strings` may replace."""
    words: dict[str, str] = json.loads((STATIC / "flow_editor_words.json").read_text("utf-8"))
    return words


def _calling(
    handler: Callable[[Any], Any] | None, read: Callable[[dict[str, Any]], Any]
) -> Callable[[GenericEventArguments], Any]:
    def call(event: GenericEventArguments) -> Any:
        return handler(read(event.args)) if handler else None

    return call


def _selected(args: dict[str, Any]) -> Selected:
    return Selected(tuple(args["nodes"]), tuple(args["notes"]))


def _node(args: dict[str, Any]) -> str:
    return str(args["node"])


def _refused(args: dict[str, Any]) -> Refused:
    names = ("source", "source_port", "target", "target_port")
    edge = {name: str(args[name]) for name in names if args.get(name) is not None}
    return Refused(str(args["code"]), str(args["reason"]), edge)
