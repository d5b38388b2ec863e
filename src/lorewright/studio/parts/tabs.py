"""Parts of a long page behind tabs; the address says which one is open, so that it can be sent."""

import inspect
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from nicegui import ui

from lorewright.studio.address import shown_at
from lorewright.studio.parts.text import Text


class Tabs:
    """Tabs by name, each with its title and what builds it when it is first opened."""

    def __init__(self, label: str, path: str, tabs: Mapping[str, tuple[str, Callable[[], Any]]]) -> None:
        self._path, self._tabs = path, tabs
        self._buttons: dict[str, ui.element] = {}
        self._panels: dict[str, ui.element] = {}
        with ui.element("div").classes("lw-tab-row").props('role="tablist"') as row:
            row.props["aria-label"] = label
            for name, (title, _) in tabs.items():
                self._buttons[name] = self._button(name, title)
        for name, button in self._buttons.items():
            with ui.element("div").classes("lw-stack").props('role="tabpanel"') as panel:
                panel.props["aria-labelledby"] = button.html_id
            button.props["aria-controls"] = panel.html_id
            panel.set_visibility(False)
            self._panels[name] = panel

    def _button(self, name: str, title: str) -> ui.element:
        names = list(self._tabs)
        place = names.index(name)

        async def move(by: int) -> None:
            other = names[(place + by) % len(names)]
            await self.open(other)
            ui.run_javascript(f"document.getElementById({json.dumps(self._buttons[other].html_id)}).focus()")

        with ui.element("button").classes("lw-chip").props('type=button role="tab"') as button:
            Text("span", title)
        button.on("click", lambda: self.open(name))
        button.on("keydown.right.prevent", lambda: move(1))
        button.on("keydown.left.prevent", lambda: move(-1))
        return button

    async def open(self, name: str, *, is_shown: bool = True) -> None:
        """Open a tab, the first one for a name that none has; `is_shown` puts it into the address."""
        name = name if name in self._tabs else next(iter(self._tabs))
        for one, button in self._buttons.items():
            is_open = one == name
            button.props(f'aria-selected="{str(is_open).lower()}" tabindex={0 if is_open else -1}')
            self._panels[one].set_visibility(is_open)
        panel = self._panels[name]
        if not panel.default_slot.children:
            with panel:
                built = self._tabs[name][1]()
                if inspect.isawaitable(built):
                    await built
        if is_shown:
            ui.run_javascript(shown_at(f"{self._path}?tab={quote(name)}"))
