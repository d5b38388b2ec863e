"""How the versions of a deployment do in use: canary against live, shadow against what was shown."""

from collections.abc import Mapping
from typing import Any

from lorewright.deployments import Deployment
from lorewright.studio.i18n import t
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.table import table
from lorewright.studio.parts.text import h3, muted
from lorewright.studio.visit import Visit
from lorewright.workspace.answering.traffic import traffic


async def show_traffic(visit: Visit, deployment: Deployment) -> None:
    """Show what the kept answers say of each version, and the differences with their intervals."""
    results = await visit.attempt(lambda: traffic(visit.server, visit.caller, deployment.name))
    with card(t("Live results"), t("Calculated from the stored answers.")):
        if not results or not results["versions"]:
            muted(t("No requests yet."))
            return
        table(t("Results by version"), *_columns(results["versions"]))
        for what, title in (("canary", t("Canary vs. live")), ("shadow", t("Shadow vs. shown answers"))):
            if results[what]:
                h3(title)
                _differences(results[what]["differences"])


def _columns(rows: list[Mapping[str, Any]]) -> tuple[list[str], list[list[str]]]:
    names = list(rows[0])
    return [name.replace("_", " ") for name in names], [
        [_value_text(row[name]) for name in names] for row in rows
    ]


def _differences(rows: list[Mapping[str, Any]]) -> None:
    if not rows:
        muted(t("Not enough answers yet."))
        return
    table(t("Differences"), *_columns(rows))


def _value_text(value: Any) -> str:
    if isinstance(value, Mapping) and "mean" in value:
        return f"{value['mean']:.3g} ({value['low']:.3g} to {value['high']:.3g}, n={value['n']})"
    if isinstance(value, float):
        return f"{value:.3g}"
    return "" if value is None else str(value)
