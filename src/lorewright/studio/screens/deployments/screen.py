"""Deployments: flows under names that clients call, their versions, and who is answered by which."""

from nicegui import ui

from lorewright.deployments import Deployment
from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.moments import ago_text
from lorewright.studio.parts.table import Cell, table
from lorewright.studio.parts.text import Text, h2
from lorewright.studio.screens.deployments.deploy_form import DeployForm, choices_of
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.deployments.checks import Check, check_of
from lorewright.workspace.deployments.listing import all_deployments


async def show(visit: Visit, arm: str = "") -> None:
    """Show every deployment; `arm` opens the form for a new version of it."""
    description = t("A deployment is a model name for OpenAI clients. Its versions never change.")
    with heading(t("Deployments"), description):
        if visit.may("deploy"):
            ui.button(t("Deploy"), icon="rocket_launch", on_click=lambda: open_form(visit)).props(
                "unelevated no-caps"
            )
    listed = await visit.attempt(_read, visit)
    if listed:
        heads = (
            t("Name"), t("Live"), t("Canary"), t("Shadow"), t("Bar"), t("Measured again"), t("Last change")
        )  # fmt: skip
        with card():
            table(t("Deployments"), heads, [_row(deployment, check) for deployment, check in listed])
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


def _read(visit: Visit) -> list[tuple[Deployment, Check | None]]:
    workspace, caller = visit.server.workspace, visit.caller
    deployments = all_deployments(workspace, caller)
    return [(deployment, check_of(workspace, caller, deployment.name)) for deployment in deployments]


def _row(one: Deployment, check: Check | None) -> list[Cell]:
    def live() -> None:
        badge(f"@{one.live}", "good") if one.live else badge(t("none"), "warn")

    def measured() -> None:
        if check is None:
            Text("span", t("not yet"), classes="lw-muted")
            return
        names = {"fell": t("worse"), "held": t("as good"), "rose": t("better")}
        badge(names.get(check.outcome, check.outcome), "bad" if check.outcome == "fell" else "good")
        Text("span", f"{ago_text(check.at)}. {check.text}", classes="lw-muted")

    canary = t("@{n} for {share}", n=one.canary, share=f"{one.canary_share:.0%}") if one.canary else ""
    bar = [f"{name} ≥ {value:g}" for name, value in one.bar.min.items()]
    bar += [f"{name} ≤ {value:g}" for name, value in one.bar.max.items()]
    return [
        lambda: ui.link(one.name, f"/deployments/{one.name}"),
        live,
        canary,
        f"@{one.shadow}" if one.shadow else "",
        ", ".join(bar) or t("none"),
        measured,
        ago_text(one.history[-1].at) if one.history else "",
    ]
