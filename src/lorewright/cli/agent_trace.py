"""What a run of an agent did: every entry in a line, or one step with its prompt as it was sent."""

import json
from collections.abc import Mapping
from typing import Any

from lorewright.cli.domain import local_caller
from lorewright.cli.output import show, show_json
from lorewright.workspace.server.server import Server


def show_run(server: Server, run_id: str, step: int | None, *, as_json: bool) -> int:
    """Print the entries of a run, or one of them; return 0."""
    from lorewright.workspace.agents.lines import trace_line
    from lorewright.workspace.agents.runs import find_run, run_entries, run_entry, run_files

    if step is not None:
        entry = run_entry(server, local_caller(), run_id, step)
        show_json(entry) if as_json else _show_entry(entry, trace_line(entry))
        return 0
    run, entries = find_run(server, local_caller(), run_id), run_entries(server, local_caller(), run_id)
    if as_json:
        show_json(run.to_json() | {"files": run_files(server, local_caller(), run_id), "trace": entries})
        return 0
    show(f"{run.state}: {' '.join(run.task.split())[:200]}")
    for entry in entries:
        if line := trace_line(entry):
            show(f"{entry['n']:>4}  {line}")
    return 0


def _show_entry(entry: Mapping[str, Any], line: str) -> None:
    show(line or f"{entry['kind']}: nothing more is known of this entry.")
    prompt = entry["prompt"]
    if prompt is None:
        show(str(entry.get("error") or entry.get("output") or ""))
        return
    if not prompt["is_exact"]:
        show("The prompt could not be put together exactly as it was sent.")
    for turn in prompt["messages"]:
        calls = [
            f"{one['function']['name']}({one['function']['arguments']})" for one in turn.get("tool_calls", ())
        ]
        show(f"\n--- {turn['role']}\n" + "\n".join([*filter(None, [turn.get("content")]), *calls]))
    shown = ", ".join(tool["function"]["name"] for tool in prompt["tools"])
    show(f"\n--- tools: {shown or 'none'}; {json.dumps(prompt['options'], ensure_ascii=False)}")
    calls = [f"{call['tool']}({call['arguments']})" for call in entry["calls"]]
    show("\n--- answer\n" + "\n".join([*filter(None, [entry["text"]]), *calls]))
