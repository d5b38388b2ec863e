"""Give a task to an agent: it plans, searches, calls tools, and answers with citations.

Example:
  lorewright agent "How did revenue change from 2018 to 2019, and why?"
  lorewright agent "Compare the two travel policies" --budget-steps 10 --json
  lorewright agent --resume run_4f… --approve
  lorewright agent --show run_4f… --step 5
"""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lorewright.cli.domain import add_domain_option, local_caller, open_workspace
from lorewright.cli.output import note, show, show_json
from lorewright.errors import EngineError, InvalidSetting, UserError
from lorewright.json_text import read_json

if TYPE_CHECKING:
    from lorewright.workspace import Workspace
    from lorewright.workspace.agents.records import AgentRun
    from lorewright.workspace.server.server import Server

_BUDGET = ("budget_steps", "budget_tokens", "budget_usd", "budget_seconds")
USES = {
    "agent": ("task", "driver", "mode", "tools", "ask_before", "schema", *_BUDGET),
    "agent --resume": ("resume", "approve", "deny", *_BUDGET),
    "agent --rate-good": ("rate_good",),
    "agent --rate-bad": ("rate_bad",),
    "agent --list-tools": ("list_tools",),
    "agent --show": ("show", "step"),
}


def action_in(arguments: argparse.Namespace) -> str:
    """Return which of them is asked for."""
    modes = ("list_tools", "rate_good", "rate_bad", "resume", "show")
    named = next((mode for mode in modes if getattr(arguments, mode)), "")
    return f"agent --{named.replace('_', '-')}" if named else "agent"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `agent` takes."""
    add_domain_option(parser)
    parser.add_argument("task", nargs="?", help="the task")
    parser.add_argument("--driver", default="", metavar="MODEL", help="the model that decides on the steps")
    parser.add_argument(
        "--mode", default="auto", choices=("auto", "model", "plan"),
        help="model: the driver decides on the steps; plan: they are fixed; auto: by the size of the model",
    )  # fmt: skip
    parser.add_argument("--tools", help="the only tools to use, separated by commas; see --list-tools")
    parser.add_argument("--ask-before", default="", metavar="TOOLS", help="tools whose calls wait for you")
    parser.add_argument(
        "--schema", type=Path, metavar="FILE", help="a JSON Schema for the form of the result"
    )
    for name, kind, about in (
        ("steps", int, "answers of the driver"), ("tokens", int, "tokens"),
        ("usd", float, "US dollars"), ("seconds", float, "seconds"),
    ):  # fmt: skip
        parser.add_argument(f"--budget-{name}", type=kind, metavar="N", help=f"at most N {about}")
    parser.add_argument("--resume", metavar="ID", help="continue a run that stopped or waits")
    decision = parser.add_mutually_exclusive_group()
    decision.add_argument("--approve", action="store_true", help="with --resume: approve the calls that wait")
    decision.add_argument("--deny", action="store_true", help="with --resume: deny the calls that wait")
    parser.add_argument("--show", metavar="ID", help="show what a run did, with time, tokens and money")
    parser.add_argument(
        "--step", type=int, metavar="N", help="with --show: one entry of it, and its prompt as it was sent"
    )
    rating = parser.add_mutually_exclusive_group()
    rating.add_argument("--rate-good", metavar="ID", help="rate a run good: `tune --from-traces` learns it")
    rating.add_argument("--rate-bad", metavar="ID", help="rate a run bad")
    parser.add_argument("--list-tools", action="store_true", help="list the tools that an agent has here")


def run(arguments: argparse.Namespace) -> int:
    """Run the task to its end, showing each step; return 0 where it was finished."""
    from contextlib import closing

    from lorewright.workspace.agents.runs import tool_list
    from lorewright.workspace.server.server import Server

    with (
        open_workspace(arguments) as workspace,
        closing(Server(workspace.folder, workspace=workspace)) as server,
    ):
        if arguments.list_tools:
            _show_tools(tool_list(server, local_caller()), as_json=arguments.json)
            return 0
        if arguments.rate_good or arguments.rate_bad:
            return _rated(server, arguments)
        if arguments.show:
            from lorewright.cli.agent_trace import show_run

            return show_run(server, arguments.show, arguments.step, as_json=arguments.json)
        agent_run = _begun(server, arguments)
        while True:
            agent_run = _watched(server, workspace, agent_run)
            if agent_run.state != "waiting" or not _decided_here(server, agent_run, arguments):
                break
        return _show(server, agent_run, as_json=arguments.json)


def _rated(server: "Server", arguments: argparse.Namespace) -> int:
    from lorewright.workspace.agents.learning import rate_run

    thumb = "up" if arguments.rate_good else "down"
    run = rate_run(server, local_caller(), arguments.rate_good or arguments.rate_bad, thumb)
    if arguments.json:
        show_json(run.to_json())
    else:
        show(f"Rated {'good' if thumb == 'up' else 'bad'}: {' '.join(run.task.split())[:100]}")
    return 0


def _begun(server: "Server", arguments: argparse.Namespace) -> "AgentRun":
    from lorewright.workspace.agents.runs import RunRequest, continued_run, new_run
    from lorewright.workspace.server.requests import read_request

    budget = {name: getattr(arguments, f"budget_{name}") for name in ("steps", "tokens", "usd", "seconds")}
    wanted = {name: value for name, value in budget.items() if value is not None}
    if arguments.resume:
        decision = True if arguments.approve else False if arguments.deny else None
        return continued_run(server, local_caller(), arguments.resume, decision=decision, budget=wanted)
    if not (arguments.task or "").strip():
        raise InvalidSetting(
            "The task is empty.", hint="Example: lorewright agent 'Compare the two travel policies'"
        )
    body = {
        "task": arguments.task, "driver": arguments.driver, "mode": arguments.mode, "budget": wanted,
        "tools": arguments.tools.split(",") if arguments.tools else None,
        "approve": [name for name in arguments.ask_before.split(",") if name],
        "schema": _read_schema(arguments.schema) if arguments.schema else None,
    }  # fmt: skip
    return new_run(server, local_caller(), read_request(RunRequest, body))


def _read_schema(path: Path) -> Any:
    try:
        return read_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidSetting(
            f"{path} is no JSON Schema: {error}.", hint="Write a schema of type object."
        ) from error


def _watched(server: "Server", workspace: "Workspace", agent_run: "AgentRun") -> "AgentRun":
    """Return the run once it is over or waits; each step is shown on standard error."""
    from lorewright.cli.watch import watch
    from lorewright.workspace.agents.runs import fail_run, find_run, job_order

    try:
        watch(workspace, "agent", job_order(server, local_caller(), agent_run.id))
    except (UserError, EngineError) as error:
        return fail_run(server, local_caller(), agent_run.id, f"{error} {error.hint}".strip())
    return find_run(server, local_caller(), agent_run.id)


def _decided_here(server: "Server", agent_run: "AgentRun", arguments: argparse.Namespace) -> bool:
    """Ask whoever sits at this terminal about the calls that wait; return whether the run goes on."""
    from lorewright.workspace.agents.runs import decided_run

    if arguments.json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    decisions = {}
    for waiting in agent_run.outcome.get("approvals", ()):
        note(f"\n{waiting['tool']} {json.dumps(waiting['arguments'], ensure_ascii=False)}")
        sys.stderr.write("Allow this call? [y/N] ")
        sys.stderr.flush()
        decisions[waiting["call_id"]] = sys.stdin.readline().strip().lower() in ("y", "yes")
    decided_run(server, local_caller(), agent_run.id, decisions)
    return True


def _show(server: "Server", agent_run: "AgentRun", *, as_json: bool) -> int:
    from lorewright.workspace.agents.runs import run_entries, run_files

    files = run_files(server, local_caller(), agent_run.id)
    if as_json:
        trace = run_entries(server, local_caller(), agent_run.id)
        show_json(agent_run.to_json() | {"files": files, "trace": trace})
    else:
        _show_text(agent_run, files)
    return 0 if agent_run.state in ("finished", "waiting") else 1


def _show_text(agent_run: "AgentRun", files: list[str]) -> None:
    from lorewright.workspace.agents.lines import with_numbers

    outcome = agent_run.outcome
    if outcome.get("text"):
        show(with_numbers(str(outcome["text"]), outcome.get("citations", ())))
    for citation in outcome.get("citations", ()):
        page = f", page {citation['page']}" if citation["page"] is not None else ""
        quote = " ".join(citation["quote"].split())[:160]
        show(f"  [{citation['number']}] {citation['document_id']}{page}: {quote}")
    if outcome.get("unsupported"):
        note(f"Not supported by any passage: {', '.join(outcome['unsupported'])}.")
    for name in files:
        note(f"Working file: {name}")
    if agent_run.state == "waiting":
        note(f"Waiting for approval. Continue with: lorewright agent --resume {agent_run.id} --approve")
    elif agent_run.state != "finished":
        note(f"{outcome.get('reason', '')} Continue with: lorewright agent --resume {agent_run.id}".strip())


def _show_tools(tools: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        show_json(tools)
        return
    for tool in tools:
        waits = " (waits for approval)" if tool["needs_approval"] else ""
        show(f"{tool['name']}{waits}: {' '.join(tool['description'].split())[:120]}")
