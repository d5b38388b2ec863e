"""What the screens about documents share: their look, where a document is shown, and its state."""

from urllib.parse import quote

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import Tone, badge
from lorewright.studio.parts.stylesheets import load_stylesheet
from lorewright.workspace.documents.states import State

_TONES: dict[State, Tone] = {
    "indexed": "good", "waiting": "busy", "changed": "warn", "failed": "bad", "removed": "warn",
}  # fmt: skip


def load_documents_stylesheet() -> None:
    """Load the look of these screens."""
    load_stylesheet("documents")


def view_path(document_id: str, part: str = "", **more: object) -> str:
    """Return the path of the page of a document, or of a part of it."""
    query = f"/documents/view?document={quote(document_id, safe='')}"
    query += f"&part={part}" if part else ""
    return query + "".join(f"&{name}={value}" for name, value in more.items())


def state_name(state: State) -> str:
    """Return a state in words."""
    return {
        "indexed": t("indexed"),
        "waiting": t("waiting"),
        "changed": t("changed on disk"),
        "failed": t("failed"),
        "removed": t("removed on disk"),
    }[state]


def state_badge(state: State) -> ui.element:
    """Show the state of a document."""
    return badge(state_name(state), _TONES[state])
