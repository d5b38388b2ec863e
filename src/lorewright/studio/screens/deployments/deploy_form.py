"""What to deploy: an arm or a flow, under a name, above a bar, for everybody or for some."""

from collections.abc import Sequence
from dataclasses import dataclass

from nicegui import ui

from lorewright.deployments import Bar, Version
from lorewright.errors import InvalidSetting
from lorewright.flows.arm_names import ARMS
from lorewright.studio.i18n import t
from lorewright.studio.parts.text import muted
from lorewright.studio.visit import Visit
from lorewright.workspace.comparisons.listing import latest_comparison
from lorewright.workspace.deployments.deploy import Order, deploy
from lorewright.workspace.deployments.listing import all_deployments
from lorewright.workspace.flows.catalogue import all_own_flows

WAYS = ("live", "canary", "shadow", "held")


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be deployed under which names, and the arm to propose."""

    arms: Sequence[str]
    names: Sequence[str]
    best: str


def choices_of(visit: Visit) -> Choices:
    """Return what the visitor can deploy."""
    workspace, caller = visit.server.workspace, visit.caller
    arms = [*ARMS, *all_own_flows(workspace, caller)]
    names = [deployment.name for deployment in all_deployments(workspace, caller)]
    latest = latest_comparison(workspace, caller) if caller.may("read") else None
    return Choices(arms, names, latest.recommended_arm if latest and latest.recommended_arm else arms[0])


class DeployForm:
    """The fields of an order to deploy."""

    def __init__(self, visit: Visit, choices: Choices, *, arm: str = "", name: str = "") -> None:
        self._visit = visit
        workspace = visit.server.workspace
        known, names = list(choices.arms), list(choices.names)
        best = arm or choices.best
        self._arm = ui.select(known, value=best if best in known else known[0], label=t("Arm or flow"))
        self._arm.props("outlined dense")
        first = name or (names[0] if names else workspace.folder.name.lower().replace("_", "-"))
        self._name = ui.input(t("Model name for clients"), value=first, autocomplete=names)
        self._name.props("outlined dense")
        ways = {
            "live": t("All requests"),
            "canary": t("A share of the requests (canary)"),
            "shadow": t("None; answers are only compared in the background (shadow)"),
            "held": t("None yet"),
        }
        self._way = ui.select(ways, value="live", label=t("Traffic")).props("outlined dense")
        self._share = ui.number(t("Share (%)"), value=10, min=1, max=99).props("outlined dense")
        self._share.bind_visibility_from(self._way, "value", value="canary")
        self._bar = ui.input(t("Bar, e.g. correctness=0.6"), value="").props("outlined dense")
        muted(t("It goes live only if the lower end of the measured interval meets the bar.")).classes(
            "lw-small"
        )
        self._note = ui.input(t("Note")).props("outlined dense")

    async def deploy(self) -> Version | None:
        """Return the new version, or `None` where the visitor was told why there is none."""
        return await self._visit.attempt(self._deploy)

    def _deploy(self) -> Version:
        order = Order(
            name=str(self._name.value).strip(),
            arm=str(self._arm.value),
            bar=read_bar(str(self._bar.value or "")),
            canary=float(self._share.value or 0) / 100 if self._way.value == "canary" else 0.0,
            is_shadow=self._way.value == "shadow",
            is_held=self._way.value == "held",
            note=str(self._note.value or ""),
        )
        return deploy(self._visit.server.workspace, self._visit.caller, order)


def read_bar(text: str) -> Bar:
    """Return the bar in a text such as `correctness=0.6, latency_p50_ms<2000`; raise `InvalidSetting`."""
    least: dict[str, float] = {}
    most: dict[str, float] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        sign = "<" if "<" in part else "="
        name, _, value = part.replace(">", "=").replace("==", "=").partition(sign)
        try:
            (most if sign == "<" else least)[name.strip()] = float(value.strip("= "))
        except ValueError:
            raise InvalidSetting(
                t("{bar} is not a valid bar.", bar=repr(part)),
                hint=t("Example: correctness=0.6 or latency_p50_ms<2000."),
            ) from None
    return Bar(min=least, max=most)
