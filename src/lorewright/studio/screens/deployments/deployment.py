"""One deployment: which version answers whom, how they do in use, and what happened."""

from collections.abc import Callable
from typing import Any

from nicegui import ui

from lorewright.access import Caller
from lorewright.deployments import Deployment, Version
from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.dialogs import confirm
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.moments import moment_text
from lorewright.studio.parts.person_names import person_name
from lorewright.studio.parts.table import Cell, row_actions, table
from lorewright.studio.screens.deployments.call import show_call
from lorewright.studio.screens.deployments.embeds import show_embeds
from lorewright.studio.screens.deployments.grant import show_grant
from lorewright.studio.screens.deployments.screen import open_form
from lorewright.studio.screens.deployments.traffic import show_latest, show_traffic
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.deployments.deploy import (
    promote,
    remove_deployment,
    roll_back,
    set_canary,
    set_shadow,
)
from lorewright.workspace.deployments.listing import changed_since, find_deployment, versions_of


async def show(visit: Visit, name: str) -> None:
    """Show a deployment with its versions; let one go live, roll back, try one on some callers."""
    workspace = visit.server.workspace
    find_deployment(workspace, visit.caller, name)

    @ui.refreshable
    async def whole() -> None:
        loaded = await visit.attempt(
            lambda: (
                find_deployment(workspace, visit.caller, name), versions_of(workspace, visit.caller, name),
            )
        )  # fmt: skip
        if loaded is None:
            return
        deployment, versions = loaded
        with heading(name, t("Clients use this model name, or {name}@1 for a fixed version.", name=name)):
            if visit.may("deploy"):
                _buttons(visit, deployment, whole.refresh)
        await _versions(visit, deployment, versions, whole.refresh)
        show_grant(visit, deployment, whole.refresh)
        await show_traffic(visit, deployment)
        await show_latest(visit, deployment)
        show_call(visit, name)
        await show_embeds(visit, name)
        with card(t("History")):
            rows = [
                (moment_text(one.at), person_name(one.by), one.what) for one in reversed(deployment.history)
            ]
            table(t("History"), (t("When"), t("Who"), t("What")), rows[:50])

    await whole()


def _buttons(visit: Visit, deployment: Deployment, again: Callable[[], Any]) -> None:
    name = deployment.name

    async def back() -> None:
        description = t(
            "Version {n} goes live again, regardless of the bar.", n=(deployment.earlier or (0,))[-1]
        )
        if await confirm(t("Roll back?"), description, t("Roll back")):
            await _do(visit, lambda caller: roll_back(visit.server.workspace, caller, name))
            again()

    async def remove() -> None:
        description = t("Requests to {name} will be rejected. Its stored answers are kept.", name=name)
        is_sure = await confirm(t("Remove this deployment?"), description, t("Remove"), is_harmful=True)
        if is_sure and await _do(
            visit, lambda caller: remove_deployment(visit.server.workspace, caller, name)
        ):
            ui.navigate.to("/deployments")

    if deployment.earlier:
        ui.button(t("Roll back"), icon="undo", on_click=back).props("outline no-caps")
    ui.button(t("Remove"), on_click=remove).props("flat no-caps color=negative")
    ui.button(t("New version"), icon="add", on_click=lambda: open_form(visit, name=name)).props(
        "unelevated no-caps"
    )


async def _do(visit: Visit, work: Callable[[Caller], Any]) -> bool:
    def done() -> bool:
        work(visit.caller)
        return True

    is_done = await visit.attempt(done)
    if is_done:
        tell(t("Done."))
    return bool(is_done)


async def _versions(
    visit: Visit, deployment: Deployment, versions: list[Version], again: Callable[[], Any]
) -> None:
    workspace = visit.server.workspace
    changes = await visit.attempt(
        lambda: {one.number: changed_since(workspace, visit.caller, one) for one in versions}
    )
    heads = (t("Version"), t("State"), t("Arm"), t("Correctness"), t("Changes since measured"), t("Actions"))
    with card(t("Versions")):
        rows = [
            _row(visit, deployment, one, (changes or {}).get(one.number, ()), again)
            for one in reversed(versions)
        ]
        table(t("Versions"), heads, rows)


def _row(
    visit: Visit, deployment: Deployment, version: Version, changed: tuple[str, ...], again: Callable[[], Any]
) -> list[Cell]:
    number, workspace = version.number, visit.server.workspace
    report = version.report
    right = str(report.share_right) if report else t("not measured")

    def state() -> None:
        if number == deployment.live:
            badge(t("live"), "good")
        elif number == deployment.canary:
            badge(t("canary, {share}", share=f"{deployment.canary_share:.0%}"), "busy")
        elif number == deployment.shadow:
            badge(t("shadow"), "plain")
        else:
            badge(t("inactive"), "plain")

    async def live() -> None:
        await _do(visit, lambda caller: promote(workspace, caller, deployment.name, number))
        again()

    async def canary() -> None:
        share = 0.0 if number == deployment.canary else 0.1
        await _do(visit, lambda caller: set_canary(workspace, caller, deployment.name, number, share))
        again()

    async def shadow() -> None:
        chosen = 0 if number == deployment.shadow else number
        await _do(visit, lambda caller: set_shadow(workspace, caller, deployment.name, chosen))
        again()

    def actions() -> None:
        if not visit.may("deploy") or number == deployment.live:
            return
        with row_actions():
            ui.button(t("Go live"), on_click=live).props("outline dense no-caps")
            is_canary, is_shadow = number == deployment.canary, number == deployment.shadow
            ui.button(t("End canary") if is_canary else t("Canary, 10 %"), on_click=canary).props(
                "flat dense no-caps"
            )
            ui.button(t("End shadow") if is_shadow else t("Shadow"), on_click=shadow).props(
                "flat dense no-caps"
            )

    return [f"@{number}", state, version.arm, right, " ".join(changed) or t("no changes"), actions]
