"""What the screens about data share: their look, their tabs, and the names of parts and findings."""

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import Tone
from lorewright.studio.parts.heading import heading
from lorewright.studio.parts.stylesheets import load_stylesheet
from lorewright.studio.visit import Visit

FINDINGS = (
    "unreadable", "conflict", "contradicted", "leak", "duplicate", "document", "long", "secret", "email",
    "personal",
)  # fmt: skip


def head(visit: Visit, here: str) -> None:
    """Show the head of a screen about data: what there is besides, and a way to bring data in."""
    load_stylesheet("data")
    description = t("Examples are used for training, held-out questions for measuring.")
    with heading(t("Data"), description):
        if visit.may("tune") and here != "/data/import":
            if here == "/data/questions":
                ui.link(t("Suggest questions"), "/data/suggested").classes("lw-button")
                ui.link(t("Write questions"), "/data/questions/new").classes("lw-button")
            if here == "/data":
                ui.link(t("Write examples"), "/data/examples/new").classes("lw-button")
            side = "questions" if here.startswith("/data/questions") else "examples"
            ui.link(t("Import a file"), f"/data/import?side={side}").classes("lw-button lw-button-main")
    with ui.element("nav").classes("dat-tabs").props(f'aria-label="{t("Data")}"'):
        for path, name in (
            ("/data", t("Examples")),
            ("/data/questions", t("Held-out questions")),
            ("/data/suggested", t("Suggested")),
            ("/data/feedback", t("From chats")),
            ("/data/versions", t("Versions")),
        ):
            link = ui.link(name, path).classes("lw-chip lw-tab")
            is_within = here.startswith(path) and path != "/data"
            if path == here or is_within or (path == "/data" and here == "/data/examples/new"):
                link.props('aria-current="page"')


def finding_name(kind: str) -> str:
    """Return what a kind of finding is called."""
    return {
        "unreadable": t("Unreadable or empty"), "conflict": t("Conflicting answers"),
        "contradicted": t("Contradicted by the documents"),
        "leak": t("Also held out"), "duplicate": t("Near-duplicate"), "document": t("Unknown document"),
        "long": t("Too long"), "secret": t("Looks like a secret"), "email": t("E-mail address"),
        "personal": t("Personal data"),
    }[kind]  # fmt: skip


def finding_tone(kind: str) -> Tone:
    """Return how bad a kind of finding is."""
    return "bad" if kind in ("unreadable", "conflict", "contradicted", "secret") else "warn"


def part_name(part: str) -> str:
    """Return what a row is used for."""
    return {
        "train": t("training"), "validation": t("validation"), "held out": t("held out"),
        "leaked": t("excluded: also held out"), "duplicate": t("excluded: duplicate"),
        "broken": t("excluded: invalid"),
    }[part]  # fmt: skip
