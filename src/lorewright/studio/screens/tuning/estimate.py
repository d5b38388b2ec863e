"""What a tuning will take: time with its error, memory, money, and what is to be known before."""

from nicegui import ui

from lorewright.amounts import seconds_text, size_text, usd_text
from lorewright.models import is_remote
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.text import Text, h3, muted
from lorewright.studio.screens.tuning.stylesheet import adapter_name, facts
from lorewright.tuning.timing import Timing
from lorewright.workspace.dataset.table import DataTable
from lorewright.workspace.tuning.plan import AdapterPlan, TuningPlan


def show_plan(plan: TuningPlan, table: DataTable) -> None:
    """Show a plan: what is in its way first, then what it takes."""
    with card(t("Estimate")):
        for problem in plan.problems:
            Text("p", problem, classes="lw-note lw-bad tun-note").props("role=note")
        if any(row.is_broken for row in table.rows):
            ui.link(t("Fix them in Data"), "/data")
        for warning in plan.warnings:
            Text("p", warning, classes="lw-note lw-warn tun-note").props("role=note")
        _whole(plan)
        for adapter in plan.adapters:
            _adapter(adapter)
        if not plan.is_base_here and plan.base and not is_remote(plan.base):
            muted(
                t(
                    "The base model {base} is downloaded first; time and memory are estimated afterwards.",
                    base=plan.base,
                )
            )
        share = plan.refusing.share
        if any(adapter.kind == "context" for adapter in plan.adapters) and share:
            muted(
                t("{share} of the training rows with retrieval omit the gold chunk and train the adapter "
"to refuse.",
                  share=f"{share:.0%}")
            ).classes("lw-small")  # fmt: skip


def _whole(plan: TuningPlan) -> None:
    timed = [adapter.timing for adapter in plan.adapters if adapter.timing]
    if not timed:
        return
    low, high = sum(one.low for one in timed), sum(one.high for one in timed)
    least, most = map(size_text, plan.memory_range)
    is_known = any(adapter.memory_bytes for adapter in plan.adapters)
    free = t("{size} free", size=size_text(plan.free_bytes))
    figures = [
        (t("Time"), t("about {time}", time=seconds_text(sum(one.seconds for one in timed))),
         t("{low} to {high}", low=seconds_text(low), high=seconds_text(high))),
        (t("Memory"), t("{low} to {high}", low=least, high=most) if is_known else t("unknown"), free),
    ]  # fmt: skip
    if plan.usd is not None and plan.hour_usd is not None:
        hour = t("at {usd} per hour of this machine", usd=usd_text(plan.hour_usd))
        cost = t("about {usd}", usd=usd_text(plan.usd))
        if plan.usd_range is not None:
            cheapest, dearest = map(usd_text, plan.usd_range)
            cost = t("{low} to {high}", low=cheapest, high=dearest)
        figures.append((t("Cost"), cost, hour))
    facts(figures)
    if plan.usd is None:
        ui.link(t("Set the hourly cost of this machine to see the cost"), "/settings/general")
    muted(_how(timed)).classes("lw-small")


def _how(timed: list[Timing]) -> str:
    n = min(one.n_measured for one in timed)
    if n == 0:
        return t("No comparable run on this machine yet. The time is a rough estimate, off by up to a "
"factor of 3, and is refined while it runs.")  # fmt: skip
    if n == 1:
        return t(
            "Based on one earlier run on this machine; off by about 40%, more if the machine is busier now."
        )
    return t("Based on {n} earlier runs on this machine (fastest to slowest).", n=n)


def _adapter(adapter: AdapterPlan) -> None:
    h3(adapter_name(adapter.kind))
    recipe = adapter.recipe
    if recipe.name == "classifier":
        time = seconds_text(adapter.timing.seconds) if adapter.timing else ""
        muted(" · ".join([tn("{n} row", "{n} rows", adapter.n_rows), recipe.name, time]))
        return
    figures = [
        tn("{n} row", "{n} rows", adapter.n_rows),
        t("{n} for validation", n=adapter.n_validation),
        t("1 epoch") if recipe.epochs == 1 else t("{n} epochs", n=f"{recipe.epochs:g}"),
    ]
    if adapter.elsewhere:
        figures.append(t("on {server}", server=recipe.trainer))
    else:
        figures += [
            recipe.name,
            t("rank {n}", n=recipe.rank) if recipe.name != "full" else t("all weights"),
            t("learning rate {n}", n=f"{recipe.learning_rate:g}"),
        ]
    if adapter.timing:
        figures.append(t("about {n} tokens", n=f"{adapter.timing.tokens:,}"))
        figures.append(seconds_text(adapter.timing.seconds))
    if there := adapter.elsewhere:
        figures.append(t("{low} to {high} tokens", low=f"{there.low:,}", high=f"{there.high:,}"))
        if there.usd is not None:
            figures.append(t("{low} to {high}", low=usd_text(there.usd[0]), high=usd_text(there.usd[1])))
        else:
            figures.append(t("cost unknown: prices.training_million_tokens_usd is not set"))
    muted(" · ".join(figures))
