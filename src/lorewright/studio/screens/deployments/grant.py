"""Which documents a deployment answers from: those of its caller, or those that were granted to it."""

from collections.abc import Callable
from typing import Any

from nicegui import ui

from lorewright.deployments import Deployment
from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.text import Text, h2, muted
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.accounts.users_and_groups import all_groups
from lorewright.workspace.deployments.grants import ALL, set_grant


def show_grant(visit: Visit, deployment: Deployment, again: Callable[[], Any]) -> None:
    """Show what a deployment answers from; an administrator may change it."""
    with card(t("Documents")):
        if deployment.grant:
            badge(t("granted"), "busy")
            Text("p", _granted(deployment))
            muted(t("Everybody who may use this deployment can learn what these documents say."))
        else:
            Text("p", t("Answers from the documents that its caller may read."))
        if visit.may("admin"):
            ui.button(t("Change"), icon="lock_open").props("outline no-caps").classes("lw-start").on_click(
                lambda: _open(visit, deployment, again)
            )


def _granted(deployment: Deployment) -> str:
    if ALL in deployment.grant:
        return t("Answers from all documents, whoever asks.")
    groups = ", ".join(deployment.grant)
    return t("Answers from the documents of these groups, whoever asks: {groups}.", groups=groups)


async def _open(visit: Visit, deployment: Deployment, again: Callable[[], Any]) -> None:
    groups = await visit.attempt(lambda: all_groups(visit.server, visit.caller))
    if groups is None:
        return
    names = {ALL: t("All documents")} | {group.id: group.name for group in groups}
    with ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog"):
        h2(t("Documents of {name}", name=deployment.name))
        muted(t("Without a group it answers from the documents that its caller may read."))
        chosen = ui.select(
            names, value=list(deployment.grant), label=t("Whose documents, whoever asks"), multiple=True
        ).props("outlined dense use-chips")

        async def save() -> None:
            if await visit.attempt(_save, visit, deployment.name, list(chosen.value or ())):
                dialog.close()
                tell(t("Saved."))
                again()

        with ui.element("div").classes("lw-actions"):
            ui.button(t("Cancel"), on_click=dialog.close).props("flat no-caps")
            ui.button(t("Save"), on_click=save).props("unelevated no-caps")


def _save(visit: Visit, name: str, groups: list[str]) -> bool:
    set_grant(visit.server.workspace, visit.caller, name, groups)
    return True
