"""Health of the machine and the domain, and the log of who did what."""

import json

from nicegui import ui

from lorewright.storage import Record
from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import Tone, badge
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.moments import moment_text
from lorewright.studio.parts.person_names import person_name
from lorewright.studio.parts.table import Cell, table
from lorewright.studio.parts.text import Text
from lorewright.studio.studio_words import studio_words
from lorewright.studio.visit import Visit
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import list_audit
from lorewright.workspace.domain.doctor import Check, health_of

N_A_PAGE = 50


async def show_health(visit: Visit) -> None:
    """Show what this machine and the domain have, and what is missing, with the remedy."""
    health = await visit.attempt(lambda: health_of(visit.server.workspace, visit.caller))
    if health is None:
        return
    checks, jobs = health
    checks = sorted(checks, key=lambda check: check.state == "ok")  # what can be done something about first
    n_open = sum(check.state != "ok" for check in checks)
    with card(t("Jobs")):
        counts = ", ".join(f"{state}: {n}" for state, n in sorted(jobs.items()))
        Text("p", counts or t("None yet."), classes="lw-pre")
    needed = t("{n} of {total} checks need attention; they come first.", n=n_open, total=len(checks))
    with card(t("System check"), needed if n_open else t("Nothing is missing.")):
        heads = (t("Check"), t("State"), t("Result"), t("Fix"))
        table(t("Health"), heads, [_check(check) for check in checks])


def _check(check: Check) -> list[Cell]:
    tones: dict[str, Tone] = {"ok": "good", "missing": "warn", "failed": "bad"}
    names = {"ok": t("good"), "missing": t("missing"), "failed": t("failed")}
    return [
        check.name,
        lambda: badge(names[check.state], tones[check.state]),
        check.finding,
        studio_words(check.remedy),
    ]


async def show_audit(visit: Visit) -> None:
    """Show who did what to which thing, the newest first."""
    after = {"id": ""}

    @ui.refreshable
    async def log() -> None:
        page = await visit.attempt(
            lambda: list_audit(visit.server.workspace, visit.caller, limit=N_A_PAGE, after=after["id"])
        )
        if page is None or not page.records:
            empty("history", t("No entries yet"))
            return
        with card(t("Audit log")):
            heads = (t("When"), t("Who"), t("Action"), t("Which"), t("Details"))
            table(t("Audit log"), heads, [_entry(record) for record in page.records])
            if page.has_more:
                last = page.records[-1].id

                def older() -> None:
                    after["id"] = last
                    log.refresh()

                ui.button(t("Older"), on_click=older).props("outline no-caps").classes("lw-start")

    await log()


def _act(name: str) -> str:
    """Return what an act says; one of a former release has its name only."""
    return t(Act(name).description) if name in set(Act) else name


def _fact_name(name: str) -> str:
    words = name.removeprefix("n_").replace("_", " ")
    return t("number") if words == "n" else words


def _fact(value: object) -> str:
    if value is None:
        return t("none")
    if isinstance(value, bool):
        return t("yes") if value else t("no")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _entry(record: Record) -> list[Cell]:
    body = record.body
    told = body["facts"] or {}
    facts = ", ".join(f"{_fact_name(name)}: {_fact(value)}" for name, value in told.items())
    who = person_name(str(body["name"] or t("unknown")))
    return [moment_text(record.created_at), who, _act(body["action"]), body["thing"], facts[:300]]
