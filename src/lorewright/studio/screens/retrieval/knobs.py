"""The settings of a retrieval test: each a slider with its saved value beside it."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from nicegui import events, ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.help import term_help
from lorewright.studio.parts.text import Text, h3, muted
from lorewright.workspace.retrieval.options import SAVED, RetrievalOptions

Turned = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Slider:
    """A setting as a slider; `ends` are the words below its two ends."""

    name: str
    label: str
    low: float
    high: float
    step: float
    ends: tuple[str, str] = ("", "")


class Knobs:
    """The settings as they stand on the page; `on_turned` hears of every change."""

    def __init__(self, way: RetrievalOptions, keys: dict[str, str], on_turned: Turned) -> None:
        self.way = way
        self._on_turned = on_turned
        self._keys = keys
        self._inputs: dict[str, ui.element] = {}
        self._labels: dict[str, Text] = {}
        self._hints: dict[str, Text] = {}
        for slider in _sliders():
            self._slider(slider)
        h3(t("Reranker"))
        self._reranker()
        h3(t("Filters"))
        self._filters()
        self.saved(way)

    def is_as(self, saved: RetrievalOptions) -> bool:
        """Return whether what can be saved is as it is saved."""
        return all(getattr(self.way, name) == getattr(saved, name) for name in SAVED)

    def saved(self, saved: RetrievalOptions) -> None:
        """Show what is saved beside what differs from it."""
        self._saved = saved
        self._show()

    def take(self, way: RetrievalOptions) -> None:
        """Turn the sliders to another way; rerankers and filters stay."""
        self.way = replace(self.way, **{name: getattr(way, name) for name in SAVED})
        for name in SAVED:
            ui.run_javascript(
                f"const it = document.getElementById({json.dumps(self._inputs[name].html_id)});"
                f"if (it) it.value = {json.dumps(getattr(way, name))};"
            )
        self._show()

    async def take_weight(self, weight: float) -> None:
        """Turn the weight alone."""
        self.take(replace(self.way, dense_weight=weight))
        await self._on_turned()

    def _show(self) -> None:
        for name, label in self._labels.items():
            value = getattr(self.way, name)
            label.set_text(f"{value:g}")
            if name in SAVED:
                is_saved = value == getattr(self._saved, name)
                hint = "" if is_saved else t("saved: {value}", value=f"{getattr(self._saved, name):g}")
                self._hints[name].set_text(hint)

    def _slider(self, slider: _Slider) -> None:
        with ui.element("div").classes("ret-knob"):
            with ui.element("div").classes("ret-knob-head"):
                with ui.element("span").classes("lw-row lw-tight"):
                    Text("span", slider.label, classes="lw-strong")
                    if slider.name in _TERMS:
                        term_help(_TERMS[slider.name])
                self._hints[slider.name] = Text("span", "", classes="lw-muted")
                self._labels[slider.name] = Text("span", "", classes="lw-mono")
            moved = ui.element("input").classes("ret-range").props("type=range")
            moved.props["aria-label"] = slider.label
            for name, value in (("min", slider.low), ("max", slider.high), ("step", slider.step)):
                moved.props[name] = value
            moved.props["value"] = getattr(self.way, slider.name)
            moved.on(
                "input", lambda event: self._moved(slider, event), throttle=0.15, leading_events=False,
                js_handler="(event) => emit(event.target.value)",
            )  # fmt: skip
            self._inputs[slider.name] = moved
            if slider.ends[0]:
                with ui.element("div").classes("ret-ends"):
                    for end in slider.ends:
                        Text("span", end)

    async def _moved(self, slider: _Slider, event: events.GenericEventArguments) -> None:
        value = round(min(slider.high, max(slider.low, float(event.args))), 3)
        number: float = int(value) if slider.step >= 1 else value
        changes: dict[str, Any] = {slider.name: number}
        if slider.name == "n_candidates":
            changes["n_kept"] = min(self.way.n_kept, int(number))
        if slider.name == "n_kept":
            changes["n_candidates"] = max(self.way.n_candidates, int(number))
        await self._change(**changes)

    async def _change(self, **changes: Any) -> None:
        self.way = replace(self.way, **changes)
        self._show()
        await self._on_turned()

    def _reranker(self) -> None:
        names = {
            "none": t("none"), "words": t("term rarity and proximity"), "parts": t("the best sentence"),
            "diversity": t("diversity (MMR)"), "model": t("the chat model"),
        }  # fmt: skip
        choice = ui.select(names, value="none", label=t("Rerank by")).props("outlined dense")
        with ui.element("div").classes("lw-stack lw-full") as more:
            self._slider(
                _Slider(
                    "rerank_weight",
                    t("Weight of the reranker"),
                    0,
                    1,
                    0.05,
                    (t("original order"), t("reranker")),
                )
            )
            self._slider(_Slider("n_read", t("Hits to rerank"), 2, 50, 1))
            self._model = muted(t("The model reads them one by one, which takes several seconds."))
        more.set_visibility(False)

        async def chosen() -> None:
            more.set_visibility(choice.value != "none")
            self._model.set_visibility(choice.value == "model")
            await self._change(reranker=choice.value)

        choice.on_value_change(chosen)

    def _filters(self) -> None:
        async def typed() -> None:
            await self._change(documents=paths.value or "", filters=self._filter(key, how, value))

        paths = ui.input(t("Paths, e.g. handbook/*.pdf"), on_change=typed)
        paths.props("outlined dense clearable debounce=300")
        names = {
            "eq": t("is"), "ne": t("is not"), "gt": t("is more than"), "gte": t("is at least"),
            "lt": t("is less than"), "lte": t("is at most"),
        }  # fmt: skip
        key = ui.select([*self._keys], label=t("Attribute"), clearable=True, on_change=typed)
        how = ui.select(names, value="eq", label=t("Condition"), on_change=typed)
        value = ui.input(t("Value"), on_change=typed).props("debounce=300")
        for field in (key, how, value):
            field.props("outlined dense")
            field.set_visibility(bool(self._keys))
        if not self._keys:
            muted(t("Documents with metadata can also be filtered by it."))

    def _filter(self, key: ui.select, how: ui.select, value: ui.input) -> str:
        """Return the filter as JSON; '' where none is set."""
        typed = str(value.value or "").strip()
        if not key.value or not typed:
            return ""
        wanted: str | float | bool = typed
        held = self._keys.get(str(key.value), "")
        if _is_number(held) and _is_number(typed):
            wanted = float(typed)
        elif held in ("True", "False"):
            wanted = typed.lower() in ("true", "yes", t("yes"))
        return json.dumps({"type": how.value, "key": key.value, "value": wanted})


_TERMS = {"dense_weight": "fusion", "n_kept": "chunk", "min_cosine": "cosine", "rerank_weight": "rerank"}


def _sliders() -> tuple[_Slider, ...]:
    return (
        _Slider("dense_weight", t("Weight"), 0, 1, 0.05, (t("keyword"), t("vector"))),
        _Slider("n_candidates", t("Candidates per retriever"), 5, 200, 5),
        _Slider("n_kept", t("Chunks in the prompt"), 1, 20, 1),
        _Slider("min_cosine", t("Minimum similarity"), -0.2, 1, 0.01, (t("answer all"), t("refuse"))),
    )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
