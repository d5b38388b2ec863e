"""Where a question is written: Enter sends it, a file that is dropped is asked about."""

from typing import TYPE_CHECKING

from nicegui import events, ui

from lorewright.studio.parts.text import muted
from lorewright.studio.visit import tell
from lorewright.studio.words import t
from lorewright.workspace.chat_files import add_chat_file

if TYPE_CHECKING:
    from lorewright.studio.screens.chat_parts import ChatPage

_ON_ENTER = "(e) => { if (!e.shiftKey && !e.isComposing) { e.preventDefault(); emit(); } }"


class Composer:
    """The field at the bottom of a conversation."""

    def __init__(self, page: "ChatPage") -> None:
        self._page = page
        with ui.element("div").classes("chat-composer"):
            self._files = ui.element("div").classes("lw-row")
            with ui.element("div").classes("chat-field"):
                self._attach()
                self._field = ui.textarea(placeholder=t("Ask …"))
                self._field.props(f'borderless autogrow autofocus aria-label="{t("Your question")}"')
                self._field.classes("lw-grow chat-input").on(
                    "keydown.enter",
                    self._send,
                    js_handler=_ON_ENTER,
                )
                self._go = ui.button(icon="arrow_upward", on_click=self._send)
                self._go.props(f'round unelevated dense aria-label="{t("Send")}"')
                self._stop = ui.button(icon="stop", on_click=page.stop)
                self._stop.props(f'round outline dense aria-label="{t("Stop")}"')
            muted(t("Enter sends, Shift and Enter begin a new line.")).classes("lw-small")
        self.set_running(False)

    def set_running(self, is_running: bool) -> None:  # noqa: FBT001 - a state, told by its only caller
        """Offer to stop while something is being written, to send when not."""
        self._go.set_visibility(not is_running)
        self._stop.set_visibility(is_running)

    async def _send(self) -> None:
        question = str(self._field.value or "")
        if question.strip():
            self._field.set_value("")
            await self._page.ask(question)

    def _attach(self) -> None:
        visit = self._page.visit

        async def take(event: events.UploadEventArguments) -> None:
            content = await event.file.read()
            name, stores = event.file.name, self._page.chat.stores
            store = await visit.attempt(add_chat_file, visit.home, visit.caller, stores, name, content)
            uploader.reset()
            if store is None:
                return
            await self._page.change(stores=list(dict.fromkeys([*stores, store])))
            with self._files:
                ui.label(name).classes("lw-chip")
            tell(t("{name} can be asked about.", name=name))

        limit = int(visit.home.workspace.settings.serve.max_upload_mb * 1e6)
        uploader = ui.upload(auto_upload=True, on_upload=take, max_file_size=limit)
        uploader.props(f'aria-label="{t("A file to ask about")}"').classes("lw-unseen")
        # The file field alone: Quasar's own head would hold a button in a button.
        uploader.add_slot("header", "<q-uploader-add-trigger />")
        button = ui.button(icon="attach_file", on_click=lambda: uploader.run_method("pickFiles"))
        button.props(f'flat round dense aria-label="{t("Add a file")}"')
        button.set_visibility(visit.may("stores") and visit.may("files"))
        ui.run_javascript(f"lorewright.dropOn('.chat-middle', {uploader.id})")
