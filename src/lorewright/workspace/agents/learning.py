"""From runs of agents that went well to a driver that was tuned on them, measured on runs held out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lorewright.access import Caller
from lorewright.agents.lessons import Lesson, as_chat, held_out, lessons_of
from lorewright.errors import BadParameter, PromptTooLong, TooFewExamples
from lorewright.models import PooledEngine
from lorewright.models.joined_calls import calls_in
from lorewright.models.tool_calling import identity_of
from lorewright.storage import Record
from lorewright.workspace.agents.drivers import driver_key
from lorewright.workspace.agents.perform import entries_of
from lorewright.workspace.agents.reading import is_seen_by
from lorewright.workspace.agents.records import KIND, AgentRun, run_in
from lorewright.workspace.agents.runs import find_run
from lorewright.workspace.collections.files import keep_file
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.openai.fine_tuning.jobs import create_fine_tuning
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import owner_of

ANSWER_TOKENS = 256
LEAST_STEPS = 10
SUFFIX = "agent"


@dataclass(frozen=True, slots=True)
class Lessons:
    """The steps of runs: those to learn from, and those of the tasks held out."""

    n_runs: int
    to_learn: tuple[Lesson, ...]
    to_measure: tuple[Lesson, ...]


def rate_run(server: Server, caller: Caller, agent_run_id: str, thumb: str) -> AgentRun:
    """Return a run with what somebody thinks of it: up, down, or '' for nothing any more."""
    if thumb not in ("up", "down", ""):
        raise BadParameter("thumb", f"thumb is {thumb!r}; it must be up, down or empty.")
    run = find_run(server, caller, agent_run_id)
    record = server.records(KIND).change(run.id, lambda body: {**body, "thumb": thumb})
    audit(server.workspace, caller, Act.AGENT_RUN_RATED, run.id, thumb=thumb)
    return run_in(record)


def lessons_from(server: Server, caller: Caller, agent_run_ids: Sequence[str] = ()) -> Lessons:
    """Return the steps of these runs, or of all of the caller's that were rated good.

    Raises `TooFewExamples` where nothing can be learned from them.
    """
    caller.need("tune")
    if agent_run_ids:
        runs = [find_run(server, caller, one) for one in agent_run_ids]
    else:
        allowed = readable(server.workspace, caller)
        records = server.records(KIND).all(owner=owner_of(caller))
        runs = [run_in(record) for record in records if is_seen_by(record, allowed)]
        runs = [run for run in runs if run.thumb == "up"]
    apart = held_out([run.task for run in runs])
    steps = [(run.task in apart, lesson) for run in runs for lesson in lessons_of(entries_of(server, run.id))]
    to_learn = tuple(lesson for is_apart, lesson in steps if not is_apart)
    if len(to_learn) < LEAST_STEPS:
        raise TooFewExamples(
            f"{len(runs)} runs hold {len(to_learn)} steps to learn from; {LEAST_STEPS} are needed.",
            hint="Rate more runs good: lorewright agent --rate-good ID",
        )
    return Lessons(len(runs), to_learn, tuple(lesson for is_apart, lesson in steps if is_apart))


def learn_from_runs(server: Server, caller: Caller, lessons: Lessons, *, model: str = "") -> Record:
    """Return the fine-tuning job that learns these steps, begun in the background.

    `model` is the base model, or one that was tuned before and learns on.
    """
    caller.need("tune")
    text = "".join(json.dumps(as_chat(lesson), ensure_ascii=False) + "\n" for lesson in lessons.to_learn)
    file = keep_file(
        server, [text.encode()], filename="agent-steps.jsonl", purpose="fine-tune", owner=caller.id
    )
    return create_fine_tuning(
        server, caller, model=model or server.workspace.settings.models.chat, training_file=file.id,
        suffix=SUFFIX,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class StepsRight:
    """How a model does on steps held out, one value a step: the same tool (or a text), the same call."""

    tool: tuple[float, ...]
    call: tuple[float, ...]


def measure_steps(server: Server, caller: Caller, model: str, lessons: Sequence[Lesson]) -> StepsRight:
    """Return how often a model takes the step that was taken, each asked once with the same prompt.

    A prompt that is too long for the model counts as a wrong step.
    """
    caller.need("tune")
    engine = PooledEngine(server.pool, driver_key(server, caller, model), who=caller.id)
    tool, call = [], []
    for lesson in lessons:
        request = {
            "messages": list(lesson.turns), "temperature": 0.0, "seed": 0, "max_tokens": ANSWER_TOKENS,
            **({"tools": list(lesson.tools), "tool_choice": "auto"} if lesson.tools else {}),
        }  # fmt: skip
        made = _made(engine, request)
        if made is None:
            tool.append(0.0)
            call.append(0.0)
            continue
        name, arguments = made
        tool.append(float(name == lesson.name))
        is_same = identity_of(name, arguments or "{}") == identity_of(lesson.name, lesson.arguments or "{}")
        call.append(float(is_same))
    return StepsRight(tuple(tool), tuple(call))


def _made(engine: PooledEngine, request: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the call that a model makes, ('', '') for a text, `None` where the prompt is too long for it."""
    try:
        made = calls_in(engine.chat(request))
    except PromptTooLong:
        return None
    return made[0] if made else ("", "")
