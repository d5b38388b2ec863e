"""Choosing who answers: one model, or up to six side by side; and the collections that are searched."""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from nicegui import ui

from lorewright.storage import Record
from lorewright.studio.i18n import t
from lorewright.studio.parts.cleanup import is_gone
from lorewright.studio.parts.empty import loading
from lorewright.studio.parts.help import term_help
from lorewright.studio.parts.text import Text, h2, h3, muted
from lorewright.workspace.chats.chats import MAX_ARMS
from lorewright.workspace.chats.choices import Choice
from lorewright.workspace.chats.files import stores_to_choose
from lorewright.workspace.flows.tool_servers import Offered, offered_tools

if TYPE_CHECKING:
    from lorewright.studio.screens.chat.contract import ChatPage


async def choose_models(page: "ChatPage") -> None:
    """Let the visitor choose; the chat changes when they are done."""
    with page.visit.client.content, ui.dialog(value=True) as dialog:
        dialog.on("hide", dialog.delete)
        with ui.card().classes("lw-dialog chat-choose"):
            h2(t("Choose models"))
            waiting = loading()
    stores = await page.visit.attempt(_stores, page)
    offered = await page.visit.attempt(_tools, page)
    if is_gone(waiting):
        return  # closed meanwhile
    waiting.delete()
    with dialog.default_slot.children[0]:
        _Picker(page, dialog, stores or [], offered or [])


def _tools(page: "ChatPage") -> list[Offered]:
    """Return the tool servers that the visitor may use: whoever may build flows, which call them too."""
    caller = page.visit.caller
    return offered_tools(page.visit.server, caller) if caller.may("deploy") else []


def _stores(page: "ChatPage") -> list[Record]:
    caller = page.visit.caller
    return stores_to_choose(page.visit.server, caller) if caller.may("stores") else []


class _Picker:
    """The choices of the dialog, until they are taken."""

    def __init__(
        self, page: "ChatPage", dialog: ui.dialog, stores: Sequence[Record], offered: Sequence[Offered]
    ) -> None:
        self._page, self._dialog = page, dialog
        self._models, self._stores = list(page.chat.models), list(page.chat.stores)
        self._tools = list(page.chat.tools)
        self._boxes: dict[str, ui.checkbox] = {}
        muted(t("Choose one model, or up to {n} to compare their answers side by side.", n=MAX_ARMS))
        with ui.element("div").classes("chat-choices"):
            for group, choices in groupby(page.choices, key=lambda choice: choice.group):
                self._group(group, list(choices))
        if stores:
            self._searched(stores)
        if offered:
            self._called(offered)
        with ui.element("div").classes("chat-choose-foot"):
            self._blind = ui.switch(t("Blind: hide names until you vote"), value=page.chat.is_blind)
            self._wrong = Text("p", "", classes="lw-error").props('role="alert"')
            with ui.element("div").classes("lw-actions"):
                ui.button(t("Cancel"), on_click=dialog.close).props("flat no-caps")
                ui.button(t("Apply"), on_click=self._take).props("unelevated no-caps")
        self._refresh()

    def _group(self, group: str, choices: Sequence[Choice]) -> None:
        names = {
            "deployment": t("Deployments"), "arm": t("Arms"), "flow": t("Flows"),
            "tuned": t("Fine-tuned models"), "base": t("Base model"),
        }  # fmt: skip
        terms = {"arm": "arm", "deployment": "deployment", "flow": "flow", "base": "base model"}
        with ui.element("section").classes("chat-choice-group"):
            with ui.element("div").classes("lw-row"):
                h3(names[group])
                if group in terms:
                    term_help(terms[group])
            for choice in choices:
                with ui.element("div").classes("chat-choice"):
                    box = ui.checkbox(choice.name, value=choice.id in self._models)
                    box.on_value_change(lambda event, choice=choice: self._choose(choice.id, event.value))
                    self._boxes[choice.id] = box
                    Text("span", choice.description, classes="lw-small lw-muted")

    def _searched(self, stores: Sequence[Record]) -> None:
        with ui.element("section").classes("chat-choice-group"):
            h3(t("Search collections"))
            muted(t("If none is selected, each model searches its default collections.")).classes("lw-small")
            with ui.element("div").classes("lw-row"):
                for store in stores:
                    name = str(store.body["name"] or store.id)
                    box = ui.checkbox(name, value=store.id in self._stores)
                    box.on_value_change(lambda event, store=store: self._search(store.id, event.value))

    def _called(self, offered: Sequence[Offered]) -> None:
        with ui.element("section").classes("chat-choice-group"):
            h3(t("Tools"))
            muted(t("The models may call these while they answer. What was called is in the trace.")).classes(
                "lw-small"
            )
            for one in offered:
                with ui.element("div").classes("chat-choice"):
                    box = ui.checkbox(one.id, value=one.id in self._tools)
                    box.on_value_change(lambda event, one=one: self._call(one.id, event.value))
                    box.set_enabled(not one.error or one.id in self._tools)
                    names = ", ".join(tool.name for tool in one.tools)
                    Text("span", one.error or names, classes="lw-small lw-muted")

    def _call(self, tool_server: str, is_chosen: bool) -> None:  # noqa: FBT001 - a checkbox says it
        kept = [one for one in self._tools if one != tool_server]
        self._tools = kept + ([tool_server] if is_chosen else [])

    def _choose(self, model: str, is_chosen: bool) -> None:  # noqa: FBT001 - a checkbox says it
        self._models = [one for one in self._models if one != model] + ([model] if is_chosen else [])
        self._refresh()

    def _search(self, store: str, is_chosen: bool) -> None:  # noqa: FBT001 - a checkbox says it
        self._stores = [one for one in self._stores if one != store] + ([store] if is_chosen else [])

    def _refresh(self) -> None:
        """Let nobody choose more than there is room for."""
        is_full = len(self._models) >= MAX_ARMS
        for model, box in self._boxes.items():
            box.set_enabled(model in self._models or not is_full)
        self._blind.set_visibility(len(self._models) > 1)
        if self._models:
            self._wrong.set_text("")

    async def _take(self) -> None:
        if not self._models:
            self._wrong.set_text(t("Choose at least one model."))
            return
        order = [choice.id for choice in self._page.choices if choice.id in self._models]
        removed = [model for model in self._models if model not in order]
        self._dialog.close()
        is_blind = bool(self._blind.value) and len(self._models) > 1
        await self._page.change(
            models=[*order, *removed], stores=self._stores, tools=self._tools, is_blind=is_blind
        )
