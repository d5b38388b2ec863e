"""The tools of a run as pydantic-ai calls them: bounded, written down, and never wider than they were."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from pydantic_ai import RunContext
from pydantic_ai.exceptions import ApprovalRequired, ModelRetry, ToolFailed
from pydantic_ai.tools import ToolDefinition
from pydantic_ai.toolsets import AbstractToolset, ToolsetTool

from lorewright.agents.engine_model import in_thread
from lorewright.agents.journal import Entry, of_agent
from lorewright.agents.setting import Setting
from lorewright.agents.sources import chunk_json
from lorewright.agents.steering import Halt
from lorewright.agents.tool import AgentTool, ToolOutput, wrong_arguments
from lorewright.documents import Chunk
from lorewright.errors import Cancelled, LorewrightError
from lorewright.models.tool_calling import identity_of

MOST_CHARACTERS = 20_000
"""What a driver is shown of one result, and what is kept of it."""
MOST_REPEATS = 3
"""How often a driver may make the same call."""
_ANY_OBJECT: Any = TypeAdapter(dict[str, Any]).validator


class RunToolset(AbstractToolset[None]):
    """Calls the tools of one agent.

    Which tools there are, and which wait for a person, was fixed before anything was read: no text can
    add one. A call that was finished before a crash gives back what it gave then.
    """

    def __init__(self, setting: Setting, agent: str, tools: Sequence[AgentTool], *, max_retries: int) -> None:
        self._setting = setting
        self._agent = agent
        self._tools = {tool.name: tool for tool in tools}
        self._max_retries = max_retries
        entries = of_agent(setting.journal.entries(), agent)
        self._finished = {entry["call"]: entry for entry in entries if entry["kind"] == "call"}
        self._begun = {entry["call"] for entry in entries if entry["kind"] == "begun"}

    @property
    def id(self) -> str | None:
        """The name of the toolset."""
        return f"tools of {self._agent or 'the agent'}"

    async def get_tools(self, ctx: RunContext[None]) -> dict[str, ToolsetTool[None]]:  # noqa: ARG002
        """Return every tool of the agent."""
        return {
            tool.name: ToolsetTool(
                toolset=self,
                tool_def=ToolDefinition(
                    name=tool.name,
                    description=tool.description,
                    parameters_json_schema=dict(tool.schema),
                    sequential=tool.alone,
                ),
                max_retries=self._max_retries,
                args_validator=_ANY_OBJECT,
            )
            for tool in self._tools.values()
        }

    async def call_tool(
        self,
        name: str,
        tool_args: dict[str, Any],
        ctx: RunContext[None],
        tool: ToolsetTool[None],  # noqa: ARG002
    ) -> Any:
        """Return what a tool says; what fails is told to the driver."""
        called, call_id = self._tools[name], str(ctx.tool_call_id)
        if entry := self._finished.get(call_id):
            return _told(entry)
        if wrong := wrong_arguments(called, tool_args):
            self._write(called, call_id, tool_args, 0.0, error=wrong)
            raise ModelRetry(wrong)
        if called.needs_approval and not ctx.tool_call_approved:
            raise ApprovalRequired
        self._count(called, tool_args)
        if called.changing:
            self._check_not_begun(called, call_id, tool_args)
        return await self._call(called, call_id, tool_args)

    async def _call(self, tool: AgentTool, call_id: str, arguments: dict[str, Any]) -> str:
        started = time.perf_counter()
        seconds = max(0.1, min(tool.timeout_seconds, self._setting.seconds_left))
        error = ""
        output = ToolOutput()
        try:
            output = _output(
                await in_thread(lambda: tool.run(**arguments), seconds=seconds, stopped=self._setting.stopped)
            )
        except (Halt, Cancelled):
            raise
        except TimeoutError:
            error = f"{tool.name} did not finish within {seconds:.0f} seconds."
        except LorewrightError as failure:
            error = f"{failure} {failure.hint}".strip()
        except Exception as failure:  # noqa: BLE001 - told to the driver, and kept in the trace
            error = f"{tool.name} failed: {type(failure).__name__}: {' '.join(str(failure).split())[:300]}"
        milliseconds = (time.perf_counter() - started) * 1000
        if error:
            entry = self._write(tool, call_id, arguments, milliseconds, error=error)
        else:
            entry = self._write(tool, call_id, arguments, milliseconds, **self._shown(tool, call_id, output))
        return _told(entry)

    def _shown(self, tool: AgentTool, call_id: str, output: ToolOutput) -> dict[str, Any]:
        """Return what of an output is shown and kept: numbered passages, no secrets, not too much."""
        redact = self._setting.redact
        whole = len(output.text)
        text = redact(output.text[:MOST_CHARACTERS])
        if whole > MOST_CHARACTERS:
            text += f"\n[cut: {whole:,} characters; the limit is {MOST_CHARACTERS:,}. Ask for less.]"
        chunks = [_clean(chunk, redact(chunk.text[:MOST_CHARACTERS])) for chunk in output.chunks]
        if tool.is_source and text:
            place = f"tool:{tool.name}"
            chunks.append(Chunk(f"{place}#{self._agent}{call_id}", place, tool.name, 0, len(text), text))
            text = ""
        numbered = self._setting.sources.shown(chunks)
        shown = "\n\n".join(part for part in (text, numbered) if part) or "Nothing was found."
        self._setting.meter.add_call(output.tokens, output.usd)
        kept: dict[str, Any] = {
            "output": shown[: MOST_CHARACTERS * 2],
            "chunks": [chunk_json(chunk) for chunk in chunks],
        }
        kept |= {"tokens": output.tokens} if output.tokens else {}
        kept |= {"usd": output.usd} if output.usd else {}
        return kept if output.documents == () else kept | {"documents": output.documents}

    def _write(
        self, tool: AgentTool, call_id: str, arguments: Mapping[str, Any], ms: float, **more: Any
    ) -> Entry:
        return self._setting.write(
            "call", self._agent, call=call_id, tool=tool.name, arguments=arguments, ms=ms, **more
        )

    def _count(self, tool: AgentTool, arguments: Mapping[str, Any]) -> None:
        """Raise `Halt` where a driver makes the same call again and again."""
        identity = f"{self._agent} {identity_of(tool.name, str(sorted(arguments.items(), key=str)))}"
        with self._setting.lock:
            repeats = self._setting.repeats
            repeats[identity] = repeats.get(identity, 0) + 1
            if repeats[identity] > MOST_REPEATS:
                raise Halt(
                    f"The driver made the same call of {tool.name} {repeats[identity]} times.",
                    can_answer=True,
                )

    def _check_not_begun(self, tool: AgentTool, call_id: str, arguments: Mapping[str, Any]) -> None:
        """Write down that a call begins; one that was begun before a crash is not made again."""
        if call_id in self._begun:
            error = f"{tool.name} was interrupted: check whether it took effect before you repeat it."
            self._write(tool, call_id, arguments, 0.0, error=error)
            raise ToolFailed(error)
        self._setting.write("begun", self._agent, call=call_id, tool=tool.name)


def _output(given: str | ToolOutput) -> ToolOutput:
    return given if isinstance(given, ToolOutput) else ToolOutput(str(given))


def _told(entry: Entry) -> str:
    """Return what a driver is told of a finished call."""
    if entry.get("error"):
        raise ToolFailed(str(entry["error"]))
    return str(entry["output"])


def _clean(chunk: Chunk, text: str) -> Chunk:
    return chunk if chunk.text == text else Chunk(
        chunk.id, chunk.document_id, chunk.title, chunk.start, chunk.start + len(text), text,
        chunk.heading_path, chunk.page,
    )  # fmt: skip
