"""Deploying an arm from what was measured of it: a name, whom it answers, and the bar it must pass."""

from typing import Any

from nicegui import ui

from lorewright.deployments import Bar, Version, check_bar
from lorewright.deployments.bar import metrics_of
from lorewright.errors import UserError
from lorewright.evaluation import Comparison, Report
from lorewright.studio.i18n import t
from lorewright.studio.parts.figures import notice
from lorewright.studio.parts.text import Text, h2, h3, muted
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.deployments.deploy import Order, deploy


def open_deploy(visit: Visit, comparison: Comparison, arm: str, *, is_good: bool) -> None:
    """Ask under which name an arm goes live, and make the version.

    Where the verdict is that nothing `is_good` enough, nobody is answered unless that is chosen.
    """
    report = comparison.report(arm)
    if report is not None:
        _Dialog(visit, comparison, report, is_good=is_good)


class _Dialog:
    """What is asked; whether the bar is passed is told while it is set."""

    def __init__(self, visit: Visit, comparison: Comparison, report: Report, *, is_good: bool) -> None:
        self._visit, self._comparison, self._report = visit, comparison, report
        with ui.dialog(value=True) as self._dialog, ui.card().classes("lw-dialog"):
            h2(t("Deploy {arm}", arm=report.arm))
            if comparison.measured.origin:
                notice(t("Not measured in this domain. Run a comparison first, or deploy it without a bar."))
            if not is_good:
                notice(
                    t("The verdict: not good enough yet. As a shadow it answers nobody while you improve it.")
                )
            self._name = ui.input(t("Model name for clients"), value=visit.server.name)
            self._name.props("outlined dense autofocus")
            self._to = ui.radio(
                {
                    "live": t("All requests"),
                    "canary": t("10% of conversations (canary)"),
                    "shadow": t("None; answers are only compared in the background (shadow)"),
                },
                value="live" if is_good else "shadow",
            )
            h3(t("Bar"))
            muted(
                t(
                    "It goes live only if the conservative end of the measured interval meets the bar. Leave "
                    "empty for no requirement."
                )
            )
            self._least = self._bound(t("Correct answers, at least (%)"), "share_right")
            self._most = self._bound(
                t("Answers with an unsupported claim, at most (%)"), "hallucination_rate"
            )
            self._bar_status = Text("p", "", classes="lw-muted").props('role="status"')
            with ui.element("div").classes("lw-actions"):
                ui.button(t("Cancel"), on_click=self._dialog.close).props("flat no-caps")
                ui.button(t("Deploy"), on_click=self._go).props("unelevated no-caps")
        self._check()

    def _bound(self, label: str, metric: str) -> ui.number:
        known = metrics_of(self._report).get(metric)
        field = ui.number(label, value=None, min=0, max=100, step=1, on_change=self._check)
        field.props("outlined dense")
        if known is not None:
            field.props["hint"] = t(
                "measured: {mean}%, {low} to {high}", mean=f"{known.mean * 100:.0f}",
                low=f"{known.low * 100:.0f}", high=f"{known.high * 100:.0f}",
            )  # fmt: skip
        else:
            field.set_enabled(False)
        return field

    @property
    def _bar(self) -> Bar:
        def bound(field: ui.number, metric: str) -> dict[str, float]:
            return {} if field.value is None else {metric: float(field.value) / 100}

        return Bar(min=bound(self._least, "share_right"), max=bound(self._most, "hallucination_rate"))

    def _check(self, *_: Any) -> None:
        if not hasattr(self, "_bar_status"):
            return
        try:
            check_bar(self._bar, self._report, self._report.arm)
        except UserError as error:
            self._bar_status.set_text(str(error))
            self._bar_status.classes("lw-error", remove="lw-muted")
        else:
            self._bar_status.set_text(t("The measurement meets this bar.") if self._bar else t("No bar."))
            self._bar_status.classes("lw-muted", remove="lw-error")

    async def _go(self) -> None:
        order = Order(
            name=str(self._name.value or "").strip(),
            arm=self._report.arm,
            comparison=self._comparison.id,
            bar=self._bar,
            canary=0.1 if self._to.value == "canary" else 0.0,
            is_shadow=self._to.value == "shadow",
        )
        version = await self._visit.attempt(self._deploy, order)
        if version is not None:
            self._dialog.close()
            tell(t("Created {name}.", name=version.name))
            ui.navigate.to(f"/deployments/{version.deployment}")

    def _deploy(self, order: Order) -> Version:
        return deploy(self._visit.server.workspace, self._visit.caller, order)
