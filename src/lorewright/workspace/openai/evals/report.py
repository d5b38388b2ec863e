"""A run of an evaluation as a text to read."""

from collections.abc import Mapping, Sequence
from typing import Any

from lorewright.workspace.openai.evals.run import tally

_LONGEST = 300


def render_run(name: str, status: str, items: Sequence[Mapping[str, Any]]) -> str:
    """Return a run as Markdown: its counts, the graders, and every item that did not pass."""
    results = tally(items)
    counts = results["result_counts"]
    lines = [
        f"# {name}",
        "",
        f"{status}: {counts['passed']} of {counts['total']} passed, {counts['failed']} failed, "
        f"{counts['errored']} errored.",
        "",
        "| grader | passed | failed |",
        "| --- | --- | --- |",
        *(
            f"| {_line(counted['testing_criteria'])} | {counted['passed']} | {counted['failed']} |"
            for counted in results["per_testing_criteria_results"]
        ),
    ]
    for item in items:
        if item["status"] != "pass":
            lines += ["", *_item(item)]
    return "\n".join(lines) + "\n"


def _item(item: Mapping[str, Any]) -> list[str]:
    output = " ".join(turn["content"] for turn in item["sample"]["output"])
    lines = [f"## Item {item['datasource_item_id']}: {item['status']}", ""]
    lines += [f"- {_line(name)}: {_line(value)}" for name, value in item["datasource_item"].items()]
    lines += [f"- output: {_line(output)}"] if output else []
    for result in item["results"]:
        why = f" ({_line(result['error']['message'])})" if "error" in result else ""
        lines.append(f"- {_line(result['name'])}: {result['score']:g}{why}")
    error = item["sample"]["error"]
    return [*lines, f"- error: {_line(error['message'])}"] if error and not item["results"] else lines


def _line(value: Any) -> str:
    """Return a value in one line that breaks no table."""
    text = " ".join(str(value).split()).replace("|", "\\|")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."
