"""How it was measured: enough to measure it again."""

import json

from nicegui import ui

from lorewright.evaluation import Comparison
from lorewright.studio.i18n import t
from lorewright.studio.parts.figures import figures, section
from lorewright.studio.parts.moments import moment_text
from lorewright.studio.parts.text import Text


def show_measured(comparison: Comparison) -> None:
    """Show model, weights, index, machine and settings; and every pair of arms tested."""
    measured = comparison.measured
    facts = {
        t("Comparison"): f"{comparison.id}, {moment_text(comparison.created_at)}",
        t("Where"): measured.origin or t("in this domain"),
        "lorewright": measured.lorewright,
        t("Model"): measured.model,
        t("Weights"): measured.weights,
        **{t("Adapter {name}", name=name): value for name, value in measured.adapters.items()},
        t("Embedding model"): measured.embedding,
        t("Index version"): measured.index_version,
        t("Seed"): str(measured.seed),
        **{name: value for name, value in measured.machine.items() if name != "lorewright"},
        t("Kept out of training"): t("{n} examples similar to a held-out question", n=measured.n_left_out),
        t("Made from the documents"): (
            t("{n} of the questions", n=measured.n_synthetic) if measured.n_synthetic else ""
        ),
    }
    with section("measured", t("How it was measured")):
        with ui.element("table").classes("lw-table"), ui.element("tbody"):
            for name, value in facts.items():
                if value:
                    with ui.element("tr"):
                        Text("th", name).props("scope=row")
                        Text("td", value, classes="lw-mono")
        with ui.element("details").classes("cmp-detail"):
            Text("summary", t("Pairwise comparisons"))
            _pairs(comparison)
        with ui.element("details").classes("cmp-detail"):
            Text("summary", t("Settings"))
            settings = json.dumps(dict(measured.settings), indent=2, ensure_ascii=False)
            Text("pre", settings, classes="cmp-source lw-mono").props('tabindex="0"')


def _pairs(comparison: Comparison) -> None:
    Text(
        "p",
        t("First arm minus second arm on the same questions. Not corrected for multiple comparisons."),
        classes="lw-muted",
    )
    heads = (t("Pair"), t("Difference in correctness"), t("95% interval"), "p", t("Vector"))
    with figures(t("Pairwise differences in correctness"), heads):
        for gap in comparison.differences:
            if gap.metric != "correctness":
                continue
            with ui.element("tr"):
                Text("th", f"{gap.left} − {gap.right}").props("scope=row")  # noqa: RUF001
                Text("td", f"{gap.mean:+.2f}", classes="lw-number")
                Text("td", f"{gap.low:+.2f} … {gap.high:+.2f}", classes="lw-number")
                Text("td", f"{gap.p_value:.4f}", classes="lw-number")
                is_real = gap.is_measurable
                Text("td", t("measurable") if is_real else t("no measurable difference"))
