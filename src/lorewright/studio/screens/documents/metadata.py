"""What a document's file says of it, and what people write on it: filters go by both."""

from typing import Any

from nicegui import ui

from lorewright.knowledge import Attributes
from lorewright.knowledge.filters import Value
from lorewright.studio.i18n import t
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.moments import moment_text
from lorewright.studio.parts.table import icon_button
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.visit import Visit, tell, tell_error
from lorewright.workspace.documents.attributes import own_attributes, set_attributes
from lorewright.workspace.documents.listing import get_document
from lorewright.workspace.documents.states import DocumentFile


async def show_about(visit: Visit, file: DocumentFile) -> None:
    """Show the metadata, and a form for what is written on the document."""

    def read() -> tuple[dict[str, Any], Attributes]:
        document = get_document(visit.server.workspace, visit.caller, file.id, ())
        return document, own_attributes(visit.server.workspace, visit.caller, file.id)

    both = await visit.attempt(read)
    if both is None:
        return
    document, own = both
    with ui.element("div").classes("lw-split"):
        with card(t("From the file")):
            _facts(file, document)
        description = t("They take precedence over the file's metadata and are kept when it is re-indexed.")
        with card(t("Custom metadata"), description):
            if visit.may("documents"):
                _Form(visit, file, own)
            else:
                _listed({key: str(value) for key, value in own.items()})


def _facts(file: DocumentFile, document: dict[str, Any]) -> None:
    facts = {
        t("Title"): document["title"],
        t("ID"): file.id,
        t("Type"): document["media_type"],
        t("Characters"): f"{document['n_characters']:,}",
        t("Pages"): f"{document['n_pages']:,}" if document["n_pages"] else "",
        t("File modified"): moment_text(file.changed_at) if file.state != "removed" else "",
        t("Text hash"): document["text_hash"],
        **{str(key): str(value) for key, value in document["metadata"].items()},
    }
    _listed({key: value for key, value in facts.items() if value})


def _listed(facts: dict[str, str]) -> None:
    if not facts:
        muted(t("None"))
    with ui.element("dl").classes("doc-facts"):
        for key, value in facts.items():
            Text("dt", key)
            Text("dd", value)


class _Form:
    """Rows of a name, a kind and a value."""

    def __init__(self, visit: Visit, file: DocumentFile, own: Attributes) -> None:
        self._visit, self._file = visit, file
        self._rows: list[tuple[ui.element, ui.input, ui.select, ui.input]] = []
        self._place = ui.element("div").classes("lw-stack lw-full")
        for key, value in own.items():
            self._add(key, value)
        if not own:
            self._add("", "")
        with ui.element("div").classes("lw-actions"):
            ui.button(t("Add another"), icon="add", on_click=lambda: self._add("", "")).props("flat no-caps")
            ui.button(t("Save"), icon="save", on_click=self._save).props("unelevated no-caps")

    def _add(self, key: str, value: Value) -> None:
        kinds = {"text": t("text"), "number": t("number"), "truth": t("yes or no")}
        kind = "truth" if isinstance(value, bool) else "number" if isinstance(value, int | float) else "text"
        text = {True: t("yes"), False: t("no")}.get(value, "") if kind == "truth" else str(value)  # type: ignore[arg-type]
        with self._place, ui.element("div").classes("doc-attribute") as row:
            name = ui.input(t("Name"), value=key).props("outlined dense")
            which = ui.select(kinds, value=kind, label=t("Type")).props("outlined dense")
            field = ui.input(t("Value"), value=text).props("outlined dense")
            icon_button("close", t("Remove this row"), lambda: self._drop(row))
        self._rows.append((row, name, which, field))

    def _drop(self, row: ui.element) -> None:
        self._rows = [one for one in self._rows if one[0] is not row]
        row.delete()

    async def _save(self) -> None:
        wanted: dict[str, Any] = {}
        for _, name, which, field in self._rows:
            key = str(name.value or "").strip()
            if not key:
                continue
            value = _value(str(which.value), str(field.value or "").strip())
            if value is None:
                tell_error(
                    t(
                        "{name} is not a valid {kind}.",
                        name=repr(field.value),
                        kind=which.options[which.value],
                    )
                )
                return
            wanted[key] = value
        if await self._visit.attempt(self._keep, wanted) is not None:
            tell(t("Saved. You can filter by it now."))

    def _keep(self, wanted: dict[str, Any]) -> bool:
        set_attributes(self._visit.server.workspace, self._visit.caller, self._file.id, wanted)
        return True


def _value(kind: str, typed: str) -> Value | None:
    """Return what was typed as its kind, `None` where it is none."""
    if kind == "truth":
        return {t("yes"): True, "true": True, t("no"): False, "false": False}.get(typed.lower())
    if kind == "number":
        try:
            number = float(typed.replace(",", "."))
        except ValueError:
            return None
        return int(number) if number == int(number) else number
    return typed
