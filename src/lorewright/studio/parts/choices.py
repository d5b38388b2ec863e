"""Choosing several or one of a few: native boxes on cards, so that every key and reader works."""

from collections.abc import Callable, Sequence

from nicegui import events, ui

from lorewright.studio.parts.text import Text


class Choices:
    """Cards with a box each: (id, name, what it is, why it cannot be chosen or '')."""

    def __init__(
        self,
        legend: str,
        offered: Sequence[tuple[str, str, str, str]],
        on_change: Callable[[], object],
        *,
        is_single: bool = False,
    ) -> None:
        self.chosen: set[str] = set()
        self._on_change, self._is_single = on_change, is_single
        self._boxes: dict[str, ui.element] = {}
        with ui.element("fieldset").classes("cmp-choices") as self.element:
            Text("legend", legend, classes="lw-unseen" if not is_single else "cmp-legend")
            for offer in offered:
                self._offer(*offer)

    def choose(self, ids: set[str]) -> None:
        """Choose exactly these."""
        self.chosen = set(ids)
        for name, box in self._boxes.items():
            box.props["checked"] = name in self.chosen
            box.update()

    def focus(self) -> None:
        """Put the keyboard on the box that is chosen, or the first."""
        name = next((name for name in self._boxes if name in self.chosen), next(iter(self._boxes)))
        ui.run_javascript(f"getElement({self._boxes[name].id})?.focus()")

    def _offer(self, name: str, title: str, description: str, why_not: str) -> None:
        kind = "radio" if self._is_single else "checkbox"
        with ui.element("label").classes("cmp-choice"):
            box = ui.element("input").props(f"type={kind} name=choice-{self.element.id}")
            box.on(
                "change",
                lambda event: self._take(name, event),
                js_handler="(event) => emit(event.target.checked)",
            )
            if why_not:
                box.props("disabled")
            with ui.element("span").classes("cmp-choice-text"):
                Text("span", title, classes="lw-strong")
                if description:
                    Text("span", description, classes="lw-muted lw-small")
                if why_not:
                    Text("span", why_not, classes="lw-small lw-error")
        self._boxes[name] = box

    def _take(self, name: str, event: events.GenericEventArguments) -> None:
        if self._is_single:
            self.chosen = {name}
        elif event.args:
            self.chosen.add(name)
        else:
            self.chosen.discard(name)
        self._on_change()
