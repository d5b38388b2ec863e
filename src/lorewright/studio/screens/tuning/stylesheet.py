"""What the screens about tuning share: their look, the names of adapters and states, and figures."""

from collections.abc import Iterable

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import Tone, badge
from lorewright.studio.parts.stylesheets import load_stylesheet
from lorewright.studio.parts.text import Text
from lorewright.workspace.tuning.runs import ShownRun


def load_tuning_stylesheet() -> None:
    """Load the look of these screens."""
    load_stylesheet("tuning")


def adapter_name(kind: str) -> str:
    """Return what an adapter is called."""
    names = {"bare": t("Adapter trained on examples"), "classifier": t("Classifier trained on labels")}
    return names.get(kind) or t("Adapter trained with retrieved documents")


def adapter_description(kind: str) -> str:
    """Return what an adapter learns and which arm speaks with it."""
    if kind == "bare":
        return t("Trained on questions and answers only. Used by the arm “tuned”.")
    if kind == "classifier":
        return t("Trained on the labels of the examples, in seconds. Used by the arm “tuned”.")
    return t("Trained to answer from retrieved documents. Used by the arm “hybrid”.")


def run_name(run: ShownRun) -> str:
    """Return what a run is called: its adapter and the begin of its id."""
    return f"{adapter_name(run.run.adapter)} {run.run.id[:6]}"


def run_badge(run: ShownRun) -> None:
    """Show how a run stands, and whether it is the one in use."""
    states: dict[str, tuple[str, Tone]] = {
        "running": (t("running"), "busy"), "paused": (t("paused"), "warn"), "finished": (t("done"), "good"),
        "failed": (t("failed"), "bad"), "cancelled": (t("cancelled"), "plain"),
        "gone": (t("file missing"), "bad"),
    }  # fmt: skip
    badge(*states[run.state])
    if run.is_in_use:
        badge(t("in use"), "good")


def facts(pairs: Iterable[tuple[str, str, str]]) -> None:
    """Show figures with their names; the third text of each explains, '' for none."""
    with ui.element("dl").classes("tun-facts"):
        for name, value, note in pairs:
            with ui.element("div"):
                Text("dt", name)
                with ui.element("dd"):
                    Text("span", value)
                    if note:
                        Text("small", note)
