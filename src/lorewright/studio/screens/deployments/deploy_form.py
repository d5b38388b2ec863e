"""What to deploy: an arm or a flow, under a name, above a bar, for everybody or for some."""

from nicegui import ui

from lorewright.deployments import Bar, Version
from lorewright.errors import InvalidSetting
from lorewright.flows.arm_names import ARMS
from lorewright.studio.i18n import t
from lorewright.studio.parts.text import muted
from lorewright.studio.visit import Visit
from lorewright.workspace.deployments.deploy import Order, deploy
from lorewright.workspace.deployments.records import all_deployments
from lorewright.workspace.flows.library import own_flows
from lorewright.workspace.server.audit import audit

WAYS = ("live", "canary", "shadow", "held")


class DeployForm:
    """The fields of an order to deploy."""

    def __init__(self, visit: Visit, *, arm: str = "", name: str = "") -> None:
        self._visit = visit
        workspace = visit.server.workspace
        latest = workspace.comparisons.latest()
        known = [*ARMS, *own_flows(workspace)]
        best = arm or (latest.recommended_arm if latest and latest.recommended_arm else known[0])
        names = [deployment.name for deployment in all_deployments(workspace)]
        self._arm = ui.select(known, value=best if best in known else known[0], label=t("Arm or flow"))
        self._arm.props("outlined dense")
        first = name or (names[0] if names else workspace.folder.name.lower().replace("_", "-"))
        self._name = ui.input(t("Name that clients call"), value=first, autocomplete=names)
        self._name.props("outlined dense")
        ways = {
            "live": t("Everybody, at once"),
            "canary": t("A share of the callers (canary)"),
            "shadow": t("Nobody: answers are compared in the background (shadow)"),
            "held": t("Nobody yet"),
        }
        self._way = ui.select(ways, value="live", label=t("Whom it answers")).props("outlined dense")
        self._share = ui.number(t("Share, per cent"), value=10, min=1, max=99).props("outlined dense")
        self._share.bind_visibility_from(self._way, "value", value="canary")
        self._bar = ui.input(t("Bar, such as correctness=0.6"), value="").props("outlined dense")
        muted(t("It goes live only if the lower end of the measured interval passes the bar.")).classes(
            "lw-small"
        )
        self._note = ui.input(t("Note")).props("outlined dense")

    async def deploy(self) -> Version | None:
        """Return the new version, or `None` where the visitor was told why there is none."""
        return await self._visit.attempt(self._deploy)

    def _deploy(self) -> Version:
        caller = self._visit.caller
        caller.need("deploy")
        order = Order(
            name=str(self._name.value).strip(),
            arm=str(self._arm.value),
            bar=read_bar(str(self._bar.value or "")),
            canary=float(self._share.value or 0) / 100 if self._way.value == "canary" else 0.0,
            is_shadow=self._way.value == "shadow",
            is_held=self._way.value == "held",
            note=str(self._note.value or ""),
        )
        version = deploy(self._visit.server.workspace, order, by=caller.name)
        audit(self._visit.server, caller, "deployment.version_created", version.name)
        return version


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
                f"{part!r} is no bar.", hint="Write correctness=0.6 or latency_p50_ms<2000."
            ) from None
    return Bar(min=least, max=most)
