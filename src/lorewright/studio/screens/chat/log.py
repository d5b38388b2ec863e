"""The turns of the branch in sight: the last ones at once, earlier ones a click away."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.screens.chat.turn import ShownTurn
from lorewright.workspace.chats.turns import Turn, Turns, siblings

if TYPE_CHECKING:
    from lorewright.studio.screens.chat.contract import ChatPage

N_SHOWN = 30
"""Turns that are shown at once."""


class ChatLog:
    """Questions and their answers on the page; a turn that is shown stays where it is while it grows."""

    def __init__(self, page: "ChatPage") -> None:
        self._page = page
        self._shown: list[ShownTurn] = []
        self._n_shown = N_SHOWN
        self._path: Sequence[Turn] = ()
        self._turns: Turns = {}
        self._earlier = ui.button(t("Show earlier messages"), on_click=self._show_earlier)
        self._earlier.props("flat no-caps").classes("chat-earlier")
        self._place = ui.element("div").classes("chat-log").props('role="log" aria-live="off"')

    def draw(self, path: Sequence[Turn], turns: Turns) -> None:
        """Show a branch as it is now; `turns` are those of all branches."""
        self._path, self._turns = path, turns
        first = max(0, len(path) - self._n_shown)
        self._earlier.set_visibility(first > 0)
        wanted = path[first:]
        n_same = 0
        for drawn, turn in zip(self._shown, wanted, strict=False):
            if drawn.turn.id != turn.id:
                break
            n_same += 1
        for removed in self._shown[n_same:]:
            removed.delete()
        del self._shown[n_same:]
        for drawn, turn in zip(self._shown, wanted, strict=False):
            drawn.update(turn, siblings(turns, turn))
        with self._place:
            for turn in wanted[n_same:]:
                self._shown.append(ShownTurn(self._page, turn, siblings(turns, turn)))

    def leave(self) -> None:
        """Follow no answer any more."""
        for drawn in self._shown:
            drawn.leave()

    def _show_earlier(self) -> None:
        self._n_shown += N_SHOWN
        for drawn in self._shown:
            drawn.delete()
        self._shown.clear()
        self.draw(self._path, self._turns)
