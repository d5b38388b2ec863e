"""Deployments: flows under names that clients call, their versions, and who is answered by which."""

from nicegui import ui

from lorewright.deployments import Deployment
from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.moments import ago_text
from lorewright.studio.parts.table import Cell, table
from lorewright.studio.parts.text import h2
from lorewright.studio.screens.deployments.deploy_form import DeployForm, choices_of
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.deployments.listing import all_deployments


async def show(visit: Visit, arm: str = "") -> None:
    """Show every deployment; `arm` opens the form for a new version of it."""
    description = t("A deployment is a model name for OpenAI clients. Its versions never change.")
    with heading(t("Deployments"), description):
        if visit.may("deploy"):
            ui.button(t("Deploy"), icon="rocket_launch", on_click=lambda: open_form(visit)).props(
                "unelevated no-caps"
            )
    deployments = await visit.attempt(lambda: all_deployments(visit.server.workspace, visit.caller))
    if deployments:
        heads = (t("Name"), t("Live"), t("Canary"), t("Shadow"), t("Bar"), t("Last change"))
        with card():
            table(t("Deployments"), heads, [_row(deployment) for deployment in deployments])
    else:
        empty(
            "rocket_launch", t("No deployments yet"), t("Compare the arms, then deploy the best one."),
            action=t("Go to Compare"), on_click=lambda: ui.navigate.to("/compare"),
        )  # fmt: skip
    if arm and visit.may("deploy"):
        await open_form(visit, arm=arm)


async def open_form(visit: Visit, *, arm: str = "", name: str = "") -> None:
    """Ask what to deploy under which name, and do it."""
    choices = await visit.attempt(lambda: choices_of(visit))
    if choices is None:
        return
    with ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog"):
        h2(t("Deploy"))
        form = DeployForm(visit, choices, arm=arm, name=name)

        async def go() -> None:
            version = await form.deploy()
            if version:
                dialog.close()
                tell(t("Created {name}.", name=version.name))
                ui.navigate.to(f"/deployments/{version.deployment}")

        with ui.element("div").classes("lw-actions"):
            ui.button(t("Cancel"), on_click=dialog.close).props("flat no-caps")
            ui.button(t("Deploy"), on_click=go).props('unelevated no-caps data-testid="deploy"')


def _row(one: Deployment) -> list[Cell]:
    def live() -> None:
        badge(f"@{one.live}", "good") if one.live else badge(t("none"), "warn")

    canary = t("@{n} for {share}", n=one.canary, share=f"{one.canary_share:.0%}") if one.canary else ""
    bar = [f"{name} ≥ {value:g}" for name, value in one.bar.min.items()]
    bar += [f"{name} ≤ {value:g}" for name, value in one.bar.max.items()]
    return [
        lambda: ui.link(one.name, f"/deployments/{one.name}"),
        live,
        canary,
        f"@{one.shadow}" if one.shadow else "",
        ", ".join(bar) or t("none"),
        ago_text(one.history[-1].at) if one.history else "",
    ]
