"""Kept prompts in a chat: chosen by name, their variables asked for, put where the question is written."""

from collections.abc import Callable
from functools import partial

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.empty import empty, loading
from lorewright.studio.parts.text import Text, h2, muted
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.openai.prompts import (
    PromptText,
    add_prompt_version,
    all_prompt_texts,
    create_prompt,
    delete_prompt,
    filled_text,
)

MAX_SHOWN = 400


class PromptLibrary:
    """The dialog of prompts; `insert` puts a text where the question is written, `written` returns it."""

    def __init__(self, visit: Visit, *, insert: Callable[[str], None], written: Callable[[], str]) -> None:
        self._visit, self._insert, self._written = visit, insert, written
        self._prompts: list[PromptText] = []
        self._wanted = ""

    async def open(self, wanted: str = "") -> None:
        """Show the prompts; those whose name or text holds `wanted`."""
        self._wanted = wanted
        with self._visit.client.content, ui.dialog(value=True) as self._dialog:
            self._dialog.on("hide", self._dialog.delete)
            with (
                ui.card()
                .classes("lw-dialog")
                .props(f'role="group" aria-label="{t("Prompts")}"') as self._card
            ):
                loading()
        await self._reload()

    async def take(self, name: str) -> bool:
        """Take the one prompt of this name, asking for its variables; return whether there is one."""
        prompts = await self._visit.attempt(all_prompt_texts, self._visit.server, self._visit.caller) or []
        named = [one for one in prompts if one.name.casefold() == name.strip().casefold()]
        if len(named) != 1:
            return False
        if not named[0].variables:
            self._insert(named[0].text)
            return True
        with self._visit.client.content, ui.dialog(value=True) as self._dialog:
            self._dialog.on("hide", self._dialog.delete)
            self._card = ui.card().classes("lw-dialog")
        self._ask(named[0])
        return True

    async def _reload(self) -> None:
        loaded = await self._visit.attempt(all_prompt_texts, self._visit.server, self._visit.caller)
        self._prompts = loaded or []
        self._show()

    def _show(self) -> None:
        self._card.clear()
        with self._card:
            h2(t("Prompts"))
            muted(t("Type /name in the question to use a prompt; {{variables}} are asked for."))
            if self._prompts:
                field = ui.input(t("Search"), value=self._wanted, on_change=self._search)
                field.props("outlined dense clearable autofocus")
            self._list = ui.element("div").classes("lw-stack lw-tight")
            with ui.element("div").classes("lw-actions"):
                ui.button(t("Close"), on_click=self._dialog.close).props("flat no-caps")
                if self._visit.may("deploy"):
                    ui.button(t("New prompt"), icon="add", on_click=partial(self._edit, None)).props(
                        "unelevated no-caps"
                    )
        self._show_list()

    def _search(self, event: object) -> None:
        self._wanted = str(getattr(event, "value", "") or "")
        self._show_list()

    def _show_list(self) -> None:
        wanted = self._wanted.casefold()
        matching = [one for one in self._prompts if wanted in f"{one.name}\n{one.text}".casefold()]
        self._list.clear()
        with self._list:
            if not self._prompts:
                description = t("Keep a question that you ask often, with {{variables}} for what changes.")
                empty("text_snippet", t("No prompts yet"), description)
            elif not matching:
                muted(t("No matching prompt."))
            for one in matching:
                self._row(one)

    def _row(self, prompt: PromptText) -> None:
        with ui.element("div").classes("chat-prompt"):
            with ui.element("button").classes("chat-prompt-use").props('type="button"') as use:
                Text("span", prompt.name, classes="lw-strong")
                Text("span", prompt.text[:MAX_SHOWN], classes="lw-small lw-muted chat-prompt-text")
            use.on("click", partial(self._use, prompt))
            if self._visit.may("deploy"):
                edit = ui.button(icon="edit", on_click=partial(self._edit, prompt)).props("flat round dense")
                edit.props["aria-label"] = t("Edit {name}", name=prompt.name)
                remove = ui.button(icon="delete", on_click=partial(self._remove, prompt))
                remove.props("flat round dense")
                remove.props["aria-label"] = t("Delete {name}", name=prompt.name)

    def _use(self, prompt: PromptText) -> None:
        if prompt.variables:
            self._ask(prompt)
        else:
            self._dialog.close()
            self._insert(prompt.text)

    def _ask(self, prompt: PromptText) -> None:
        """Ask for the variables of a prompt, each with a field of its own."""
        fields: dict[str, ui.input] = {}

        def take() -> None:
            values = {name: str(field.value or "").strip() for name, field in fields.items()}
            missing = next((name for name, value in values.items() if not value), "")
            if missing:
                fields[missing].props('error error-message="' + t("Fill this in") + '"')
                return
            self._dialog.close()
            self._insert(filled_text(prompt.text, values))

        self._card.clear()
        with self._card:
            h2(prompt.name)
            Text("p", prompt.text[:MAX_SHOWN], classes="lw-pre lw-small lw-muted")
            for place, name in enumerate(prompt.variables):
                fields[name] = ui.input(name).props("outlined dense")
                fields[name].on("keydown.enter", take)
                if not place:
                    fields[name].props("autofocus")
            with ui.element("div").classes("lw-actions"):
                ui.button(t("Cancel"), on_click=self._dialog.close).props("flat no-caps")
                ui.button(t("Insert"), on_click=take).props("unelevated no-caps")

    def _edit(self, prompt: PromptText | None) -> None:
        """Write a new prompt, or another version of one."""
        self._card.clear()
        with self._card:
            h2(t("Edit {name}", name=prompt.name) if prompt else t("New prompt"))
            name = ui.input(t("Name"), value=prompt.name if prompt else "").props("outlined dense autofocus")
            name.set_enabled(prompt is None)
            text = ui.textarea(t("Text"), value=prompt.text if prompt else self._written())
            text.props("outlined autogrow")
            muted(t("Write {{city}} where something changes: it is asked for each time.")).classes("lw-small")
            if prompt:
                muted(t("Earlier versions are kept.")).classes("lw-small")

            async def save() -> None:
                visit, said = self._visit, {"input": str(text.value or "")}
                saved = await visit.attempt(
                    lambda: (
                        add_prompt_version(visit.server, visit.caller, prompt.id, said)
                        if prompt
                        else create_prompt(visit.server, visit.caller, name=_name(str(name.value)), body=said)
                    )
                )
                if saved is not None:
                    tell(t("Saved."))
                    await self._reload()

            with ui.element("div").classes("lw-actions"):
                ui.button(t("Back"), on_click=self._show).props("flat no-caps")
                ui.button(t("Save"), on_click=save).props("unelevated no-caps")

    async def _remove(self, prompt: PromptText) -> None:
        visit = self._visit
        await visit.attempt(delete_prompt, visit.server, visit.caller, prompt.id)
        await self._reload()


def _name(typed: str) -> str:
    """Return a name as it is typed after a slash: one line."""
    return " ".join(typed.removeprefix("/").split()) or t("Untitled")
