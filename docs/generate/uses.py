"""What was measured on every template, from the comparison that is kept with it."""

import time
from collections.abc import Mapping

from lorewright.evaluation import Comparison, Estimate, Report, comparison_from_json
from lorewright.flows.arm_names import BY_NAME
from lorewright.workspace.comparisons.bundled import is_measured, measured_file
from lorewright.workspace.domain.templates import VERSION_DESK, Kind, Template, get_template, templates

EXPECTED: Mapping[Kind, tuple[str, ...]] = {
    "documents": ("quote", "rag"),
    "tuning": ("base", "nearest", "few-shot", "tuned"),
    "both": ("quote", "nearest", "rag", "tuned", "hybrid"),
}
"""The arms that a template of each kind should be judged by."""


def uses() -> list[Template]:
    """Return the templates that have a page: all but the version desk, which the README shows."""
    return [template for template in templates().values() if template.name != VERSION_DESK]


def measured_block(name: str) -> str:
    """Return the figures of a template's comparison as a table, and which arms are missing from it."""
    kind = get_template(name).kind
    if not is_measured(name):
        expected = ", ".join(f"`{arm}`" for arm in EXPECTED[kind])
        return f"Nothing was measured on this template yet: {expected}. `lorewright compare` measures it.\n"
    comparison = _comparison(name)
    lines = [_origin(name, comparison), "", *_table(comparison), "", _best(comparison)]
    if absent := [f"`{arm}`" for arm in EXPECTED[kind] if arm not in comparison.arms]:
        lines.append(f"Not measured yet: {', '.join(absent)}.")
    return "\n".join(lines) + "\n"


def uses_block() -> str:
    """Return a table of all uses with the best arm that was measured."""
    rows = ["| use | template | best arm measured | correct |", "|---|---|---|---|"]
    for template in uses():
        best = _best_report(_comparison(template.name)) if is_measured(template.name) else None
        figures = f"`{best.arm}` | {_share(best.correctness)}" if best else "not measured yet |"
        rows.append(f"| [{template.title}]({template.name}.md) | `{template.name}` | {figures} |")
    return "\n".join(rows) + "\n"


def _comparison(name: str) -> Comparison:
    return comparison_from_json(measured_file(name)["comparison"])


def _origin(name: str, comparison: Comparison) -> str:
    day = time.strftime("%d %B %Y", time.gmtime(comparison.created_at)).lstrip("0")
    n = comparison.n_questions
    all_of_it = "all" if n == _n_questions(name) else "the first"
    generates = any(arm not in BY_NAME or BY_NAME[arm].generates for arm in comparison.arms)
    model = f" with the default model ({_model(comparison)})" if generates else ", without a chat model,"
    return (
        f"Measured on {day}{model} on {all_of_it} {n} held-out "
        f"questions, on two shared cores; correct: {_SCORES.get(comparison.primary, comparison.primary)}. "
        "In brackets: the 95 % interval."
    )


_SCORES = {
    "contains": "the target stands in the answer",
    "fields": "every field has the right value",
    "exact": "the answer is the target",
    "token_f1": "enough words are shared with the target",
}


def _n_questions(name: str) -> int:
    held_out = get_template(name).domain / "questions" / "held-out.jsonl"
    return len(held_out.read_text(encoding="utf-8").splitlines())


def _model(comparison: Comparison) -> str:
    return comparison.measured.model.removeprefix("pypi:")


def _table(comparison: Comparison) -> list[str]:
    has_drill = comparison.drill is not None
    rows = [
        "| arm | correct | most common failure |" + (" right after the update |" if has_drill else ""),
        "|---|---|---|" + ("---|" if has_drill else ""),
    ]
    for report in comparison.reports:
        cells = [f"`{report.arm}`", _share(report.correctness), _failure(report)]
        if comparison.drill is not None:
            summary = comparison.drill.summary(report.arm)
            cells.append(f"{_share(summary.share_right)}" if summary else "")
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def _failure(report: Report) -> str:
    if not report.failures:
        return "none"
    name, n = max(report.failures.items(), key=lambda failure: failure[1])
    return f"{name}, {n} of {sum(report.failures.values())}"


def _best(comparison: Comparison) -> str:
    best = _best_report(comparison)
    if best.correctness.mean == 0:
        return "No arm that was measured answers any of them."
    others = [arm for arm in comparison.arms if arm != best.arm]
    gaps = {arm: comparison.difference(best.arm, arm) for arm in others}
    beaten = [f"`{arm}`" for arm, gap in gaps.items() if gap is not None and gap.is_measurable]
    level = [f"`{arm}`" for arm, gap in gaps.items() if gap is None or not gap.is_measurable]
    text = f"Best of those measured: `{best.arm}`, {_share(best.correctness)}."
    if beaten:
        text += f" Measurably better than {', '.join(beaten)}."
    if level:
        text += f" No measurable difference to {', '.join(level)}."
    return text


def _best_report(comparison: Comparison) -> Report:
    return max(comparison.reports, key=lambda report: report.correctness.mean)


def _share(value: Estimate) -> str:
    return f"{value.mean:.0%} ({value.low * 100:.0f} to {value.high * 100:.0f}, n={value.n})".replace(
        "%", " %", 1
    )
