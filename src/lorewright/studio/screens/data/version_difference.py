"""What is different between two versions of the dataset, row by row."""

from nicegui import ui

from lorewright.datasets.difference import Difference, Entry
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.moments import moment_text
from lorewright.studio.parts.text import Text, h3, muted
from lorewright.studio.screens.data.stylesheet import head
from lorewright.studio.visit import Visit
from lorewright.workspace.dataset.versions import find_version, version_difference

MOST = 100


async def show(visit: Visit, version_id: str, before: str = "") -> None:
    """Show what changed from the version `before` to this one, or else from this one until now."""
    head(visit, "/data/versions")
    version = await visit.attempt(lambda: find_version(visit.server, visit.caller, version_id))
    if version is None:
        empty("search_off", t("Version not found."), also=(t("Versions"), "/data/versions"))
        return
    pair = (before, version_id) if before else (version_id, "")
    differences = await visit.attempt(lambda: version_difference(visit.server, visit.caller, *pair))
    if differences is None:
        return
    title = version.why if before else t("Since: {why}", why=version.why)
    with card(title, moment_text(version.at)):
        ui.link(t("All versions"), "/data/versions")
        if not any(one.added or one.removed or one.changed for one in differences.values()):
            muted(t("No differences."))
    for side, name in (("examples", t("Examples")), ("questions", t("Held-out questions"))):
        one = differences["questions" if side == "questions" else "examples"]
        if one.added or one.removed or one.changed:
            with card(name):
                _side(one)


def _side(one: Difference) -> None:
    with ui.element("div").classes("lw-row"):
        badge(tn("{n} changed", "{n} changed", len(one.changed)), "busy")
        badge(tn("{n} added", "{n} added", len(one.added)), "good")
        badge(tn("{n} removed", "{n} removed", len(one.removed)), "bad")
    if one.changed:
        h3(t("Changed"))
        for was, now in one.changed[:MOST]:
            with ui.element("div").classes("dat-sides"):
                _entry(was, "dat-was", t("Before"))
                _entry(now, "dat-now", t("After"))
    for title, entries, look in ((t("Added"), one.added, "dat-now"), (t("Removed"), one.removed, "dat-was")):
        if entries:
            h3(title)
            for entry in entries[:MOST]:
                _entry(entry, look, "")
            if len(entries) > MOST:
                muted(t("and {n} more", n=len(entries) - MOST))


def _entry(entry: Entry, look: str, label: str) -> None:
    with ui.element("div").classes(f"{look} lw-stack lw-tight"):
        if label:
            Text("span", label, classes="lw-small lw-strong")
        Text("span", entry.question[:1500], classes="lw-pre")
        Text("span", entry.answer[:1500], classes="lw-pre lw-strong")
