"""Which column of a file means what, as fields that begin with a guess."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from lorewright.datasets import ColumnMapping
from lorewright.studio.i18n import t
from lorewright.workspace.dataset.importing import Incoming


class MappingForm:
    """A field for everything that a column may mean; `on_change` is called when one changes."""

    def __init__(self, incoming: Incoming, on_change: Callable[[], Awaitable[None]]) -> None:
        guess = incoming.guess or ColumnMapping()
        self._on_change, self._is_ready = on_change, False
        self._columns = {"": t("none")} | {name: name for name in incoming.columns}
        self._metadata = guess.metadata
        with ui.element("div").classes("lw-fields"):
            self._prompt = ui.select(
                {name: name for name in incoming.columns}, value=list(guess.prompt), multiple=True,
                label=t("Question"), on_change=self._changed,
            ).props("outlined dense use-chips")  # fmt: skip
            self._completion = self._one(t("Answer"), guess.completion)
            self._chat = self._one(t("Messages (instead of question and answer)"), guess.chat)
            self._system = self._one(t("Instruction (system message)"), guess.system)
            self._documents = self._one(t("Source documents"), guess.document_ids)
            self._answerable = self._one(t("Answerable"), guess.answerable)
            self._id = self._one(t("ID"), guess.id)
        self._is_ready = True

    def value(self) -> ColumnMapping | None:
        """Return what was chosen, or `None` while that does not say what to learn."""
        chat = self._chat.value or ""
        mapping = ColumnMapping(
            chat=chat,
            prompt=() if chat else tuple(self._prompt.value or ()),
            completion="" if chat else self._completion.value or "",
            system=self._system.value or "",
            id=self._id.value or "",
            document_ids=self._documents.value or "",
            answerable=self._answerable.value or "",
            metadata=self._metadata,
        )
        return mapping if chat or (mapping.prompt and mapping.completion) else None

    def _one(self, label: str, value: str) -> ui.select:
        field = ui.select(self._columns, value=value, label=label, on_change=self._changed)
        return field.props("outlined dense")

    async def _changed(self) -> None:
        if self._is_ready:
            await self._on_change()
