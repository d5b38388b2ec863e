"""Where a question is written: Enter sends it; files that are dropped are read and asked about."""

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from nicegui import events, ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.table import icon_button
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.parts.uploader import Uploader
from lorewright.studio.screens.chat.contract import in_browser
from lorewright.studio.screens.chat.prompts import PromptLibrary
from lorewright.studio.visit import tell_error
from lorewright.whole_files import pieces_of
from lorewright.workspace.chats.files import ChatFile, add_file, remove_file_of

if TYPE_CHECKING:
    from lorewright.studio.screens.chat.contract import ChatPage

_ON_ENTER = "(e) => { if (!e.shiftKey && !e.isComposing) { e.preventDefault(); emit(e.target.value) } }"
_PIECE_BYTES = 1 << 20


class Composer:
    """The field at the bottom of a conversation."""

    def __init__(self, page: "ChatPage") -> None:
        self._page = page
        self._shown_files: list[ChatFile] | None = None
        self._timer: ui.timer | None = None
        with ui.element("div").classes("chat-composer") as self._whole:
            self._files = ui.element("div").classes("chat-files")
            self._files.props(f'role="group" aria-label="{t("Files in this chat")}"')
            with ui.element("div").classes("chat-field"):
                uploader = self._attach()
                self._library = PromptLibrary(page.visit, insert=self._insert, written=self._written)
                icon_button("text_snippet", t("Prompts"), self._library.open)
                self._field = ui.textarea(placeholder=t("Ask …"))
                self._field.props(f'borderless autogrow autofocus rows=1 aria-label="{t("Your question")}"')
                self._field.props("hide-bottom-space")
                self._field.classes("lw-grow chat-input")
                self._field.on(
                    "keydown.enter", lambda event: self._send(str(event.args)), js_handler=_ON_ENTER
                )
                self._go = ui.button(icon="arrow_upward", on_click=lambda: self._send(str(self._field.value)))
                self._go.props(f'round unelevated dense aria-label="{t("Send")}"')
                self._stop = ui.button(icon="stop", on_click=page.stop)
                self._stop.props(f'round outline dense aria-label="{t("Stop")}"')
            muted(t("Enter to send, Shift+Enter for a new line")).classes("lw-small chat-hint")
        self._stop.set_visibility(False)
        self._files.set_visibility(False)
        if uploader is not None:
            in_browser("takeFiles", page.whole.html_id, uploader.id)

    def refresh(self, *, is_running: bool, files: Sequence[ChatFile]) -> None:
        """Offer to stop while something is being written, to send when not; show the chat's files."""
        self._go.set_visibility(not is_running)
        self._stop.set_visibility(is_running)
        if list(files) != self._shown_files:
            self._shown_files = list(files)
            self._show_files(files)
        if self._timer is None and any(file.state == "in_progress" for file in files):
            with self._whole:
                self._timer = ui.timer(0.7, self._look)

    async def _look(self) -> None:
        """Look whether the files are read by now."""
        await self._page.refresh()
        if self._timer and not any(file.state == "in_progress" for file in self._shown_files or ()):
            self._timer.deactivate()
            self._timer = None

    async def _send(self, question: str) -> None:
        if not question.strip() or not self._go.visible:
            return
        if question.startswith("/") and await self._is_prompt(question[1:]):
            return
        self._field.set_value("")
        if not await self._page.ask(question):
            self._field.set_value(question)  # what was typed is not lost

    async def _is_prompt(self, name: str) -> bool:
        """Take a prompt by its name, or show those there are for a slash alone; return whether it was one."""
        if name.strip():
            return await self._library.take(name)
        await self._library.open()
        return True

    def _written(self) -> str:
        text = str(self._field.value or "")
        return "" if text.startswith("/") else text

    def _insert(self, text: str) -> None:
        """Put a text where the question is written; who wants to change it does, and sends it."""
        self._field.set_value(text)
        self._field.run_method("focus")

    def _attach(self) -> Uploader | None:
        visit = self._page.visit
        if not (visit.may("stores") and visit.may("files")):
            return None
        limit = visit.server.workspace.settings.serve.max_upload_mb

        def refuse() -> None:
            tell_error(t("The file is too large."), t("At most {limit} MB per file.", limit=f"{limit:g}"))

        uploader = Uploader(
            multiple=True, max_file_size=int(limit * 1e6), on_upload=self._take,
            on_rejected=refuse,
        )  # fmt: skip
        uploader.props(f'aria-label="{t("Attach a file")}"').classes("lw-unseen")
        # Its own head has a link inside of a link; the button here opens it, and files may be dropped.
        uploader.add_slot("header", "<span><q-uploader-add-trigger /></span>")
        uploader.add_slot("list", "<span></span>")
        icon_button("attach_file", t("Attach a file"), lambda: uploader.run_method("pickFiles"))
        return uploader

    async def _take(self, event: events.UploadEventArguments) -> None:
        page, file = self._page, event.file
        if not await page.keep():
            return
        with tempfile.TemporaryDirectory(prefix="lorewright-") as folder:
            path = Path(folder, "file")
            await file.save(path)
            visit = page.visit
            await visit.attempt(
                lambda: add_file(visit.server, visit.caller, page.chat.id, file.name, pieces_of(path))
            )
        await page.refresh()

    def _show_files(self, files: Sequence[ChatFile]) -> None:
        self._files.clear()
        self._files.set_visibility(bool(files))
        with self._files:
            for file in files:
                self._file(file)

    def _file(self, file: ChatFile) -> None:
        state = {"in_progress": t("processing"), "failed": t("cannot be read")}.get(file.state, "")
        with ui.element("div").classes(f"chat-file is-{file.state}"):
            if file.state == "in_progress":
                ui.spinner(size="14px").props('aria-hidden="true"')
            else:
                ui.icon("error" if file.state == "failed" else "description").props('aria-hidden="true"')
            Text("span", file.name, classes="lw-clip")
            if state:
                Text("span", state, classes="lw-small")
            if file.reason:
                Text("span", file.reason, classes="lw-small chat-file-reason")
            icon_button("close", t("Remove {name}", name=file.name), partial(self._remove, file.id))

    async def _remove(self, file_id: str) -> None:
        page, visit = self._page, self._page.visit
        await visit.attempt(lambda: remove_file_of(visit.server, visit.caller, page.chat, file_id))
        await page.refresh()
