"""The loop of one agent, on pydantic-ai: answers and calls are written down as they are finished."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from pydantic_ai import Agent, CallToolsNode, StructuredDict
from pydantic_ai.exceptions import AgentRunError, ModelRetry, UserError
from pydantic_ai.messages import (
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelRequest,
    ModelResponse,
    SystemPromptPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.output import TextOutput
from pydantic_ai.tools import DeferredToolRequests, DeferredToolResults, ToolDenied

from lorewright.agents.answering import unsupported_in
from lorewright.agents.choosing import chosen_tools
from lorewright.agents.driver import Reply, ask_driver, asks_model
from lorewright.agents.engine_model import EngineModel
from lorewright.agents.instruction import instruction_for
from lorewright.agents.journal import Entry, of_agent
from lorewright.agents.outcome import Approval
from lorewright.agents.prompts import SentPrompts, before_answer
from lorewright.agents.setting import Setting, plan_note
from lorewright.agents.steering import LIMITS, Decision, Halt
from lorewright.agents.tool import AgentTool, without_twins
from lorewright.agents.toolset import RunToolset
from lorewright.agents.working_tools import RunOne, delegate_tool, plan_tool
from lorewright.errors import LorewrightError

MOST_RETRIES = 3
"""How often in a row a driver may call one tool wrongly, or answer with nothing."""
MOST_CALLS = 20
"""How many calls of one answer are made."""
ALWAYS_SHOWN = ("search", "plan", "read_document", "calculate")

Said = str | Mapping[str, Any] | list[Approval]


class Loop:
    """One agent of a run at work."""

    def __init__(
        self, task: str, setting: Setting, agent: str, tools: Sequence[AgentTool], run_one: RunOne
    ) -> None:
        """Take one agent's task and tools; `run_one` runs a sub-agent."""
        self._task = task
        self._setting = setting
        self._agent = agent
        own = [plan_tool(setting, agent), *([] if agent else [delegate_tool(setting, tools, run_one)])]
        self._tools = without_twins([*tools, *own])
        self._n_kept = 0
        self._n_checked = 0
        self._prompts = SentPrompts()

    async def run(self) -> Said:
        """Return the text or the form that the driver ends with, or the calls that wait for a person.

        Raises `Halt` where the run ends before that.
        """
        history = self._history()
        results, waiting = self._decisions(history)
        if waiting:
            return waiting
        agent = self._build()
        try:
            async with agent.iter(None, message_history=history, deferred_tool_results=results) as run:
                async for node in run:
                    if isinstance(node, CallToolsNode):
                        self._keep(run.all_messages(), node.model_response)
                assert run.result is not None, "the loop above ends with a result"
                output: Any = run.result.output
                self._keep(run.all_messages())
        except (AgentRunError, UserError) as error:
            raise self._gave_up(error) from error
        if isinstance(output, DeferredToolRequests):
            return [self._waits(part) for part in output.approvals]
        said: Said = output
        return said

    def _build(self) -> Agent[None, Any]:
        toolset = RunToolset(self._setting, self._agent, self._tools, max_retries=MOST_RETRIES)
        form: Any = TextOutput(self._checked)
        if self._setting.schema and not self._agent:
            form = StructuredDict(dict(self._setting.schema), name="result", description="The result.")
        return Agent(
            EngineModel(
                self._setting.driver.name,
                self._ask,
                seconds_left=lambda: self._setting.seconds_left,
                stopped=self._setting.stopped,
            ),
            output_type=[form, DeferredToolRequests],
            toolsets=[toolset],
            retries={"tools": MOST_RETRIES, "output": MOST_RETRIES},
            name=self._agent or "agent",
        )

    def _history(self) -> list[ModelMessage]:
        """Return the conversation so far: as it was written down, or its beginning."""
        kept = [
            message
            for entry in of_agent(self._setting.journal.entries(), self._agent)
            if entry["kind"] == "answer"
            for message in entry["messages"]
        ]
        history = list(ModelMessagesTypeAdapter.validate_python(kept))
        if history:
            self._n_kept = len(history)
            return history
        instruction = instruction_for(self._setting.instruction, is_sub_agent=bool(self._agent))
        return [ModelRequest(parts=[SystemPromptPart(instruction), UserPromptPart(self._task)])]

    def _keep(self, messages: Sequence[ModelMessage], response: ModelResponse | None = None) -> None:
        """Write down what of the conversation is new, up to an answer of the driver."""
        new = list(messages[self._n_kept :])
        if response is not None and response not in new and response not in messages[: self._n_kept]:
            new.append(response)
        answers = [message for message in new if isinstance(message, ModelResponse)]
        if not answers:
            return
        self._note_refused(new)
        whole = [*messages[: self._n_kept], *new]
        request, is_asked = self._request, asks_model(self._setting.driver)
        sent = self._prompts.kept(request, before_answer(whole)) if is_asked else self._prompts.tools(request)
        self._setting.write(
            "answer", self._agent,
            messages=ModelMessagesTypeAdapter.dump_python(new, mode="json"),
            text=self._setting.redact(answers[-1].text or ""), **self._facts, **sent,
        )  # fmt: skip
        self._n_kept += len(new)

    def _note_refused(self, messages: Sequence[ModelMessage]) -> None:
        """Write down the calls that never reached a tool: of none that is there, or in broken JSON."""
        written = {
            entry["call"]
            for entry in of_agent(self._setting.journal.entries(), self._agent)
            if entry["kind"] in ("call", "refused")
        }
        for message in messages:
            for part in message.parts if isinstance(message, ModelRequest) else ():
                if isinstance(part, ToolReturnPart) and part.retry and part.tool_call_id not in written:
                    self._setting.write(
                        "refused", self._agent, call=part.tool_call_id, tool=part.tool_name,
                        error=part.model_response_str()[:1000],
                    )  # fmt: skip

    _called: tuple[str, ...] = ()
    _left_out: str = ""
    _facts: Mapping[str, Any] = {}
    """What the last answer took."""
    _request: Mapping[str, Any] = {"messages": []}
    """What it was asked with."""

    def _ask(self, request: dict[str, Any]) -> Reply:
        """Return the driver's next answer; raise `Halt` at a limit."""
        setting = self._setting
        if setting.stopped():
            raise Halt("It was stopped.")
        if limit := setting.meter.reached:
            raise Halt(LIMITS[limit], limit=limit, can_answer=limit == "steps")
        shown = {tool.name for tool in self._shown()}
        request["tools"] = [
            tool
            for tool in request.get("tools", ())
            if tool["function"]["name"] in shown or tool["function"]["name"] not in self._names
        ]
        if not request["tools"]:
            request.pop("tools")
            request.pop("tool_choice", None)
        request["messages"] = [*self._redacted(request["messages"]), *self._notes()]
        started = time.perf_counter()
        asked = ask_driver(setting.driver, request, setting.limits, self._is_over)
        reply = asked.reply
        if not reply.finish_reason:  # it was left in the middle of what it said
            raise Halt("It was stopped.") if setting.stopped() else Halt(LIMITS["seconds"], limit="seconds")
        reply = self._few_calls(reply)
        self._called = tuple(str(call["function"]["name"]) for call in reply.calls)
        self._request = asked.request
        self._facts = setting.paid(reply.usage, time.perf_counter() - started)
        self._facts |= {"n_shortened": asked.n_shortened}
        return reply

    def _is_over(self) -> bool:
        return self._setting.stopped() or self._setting.seconds_left <= 0

    def _few_calls(self, reply: Reply) -> Reply:
        """Return an answer with as many calls as are made at once; what is left out is written down."""
        left_out = len(reply.calls) - MOST_CALLS
        if left_out <= 0:
            return reply
        self._left_out = f"You made {len(reply.calls)} calls at once; only the first {MOST_CALLS} were made."
        first = reply.calls[MOST_CALLS]
        self._setting.write(
            "refused", self._agent, call=f"{first.get('id')}_left_out", tool=str(first["function"]["name"]),
            error=f"{left_out} calls were left out: an answer may hold {MOST_CALLS}.",
        )  # fmt: skip
        return replace(reply, calls=reply.calls[:MOST_CALLS])

    @property
    def _names(self) -> frozenset[str]:
        return frozenset(tool.name for tool in self._tools)

    def _shown(self) -> list[AgentTool]:
        always = (*ALWAYS_SHOWN, "delegate") if self._setting.sub_drivers else ALWAYS_SHOWN
        return chosen_tools(self._tools, self._task, always=always, n=self._setting.n_shown)

    def _redacted(self, turns: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the turns without secrets, whoever brought them in."""
        redact = self._setting.redact
        return [
            {**turn, "content": redact(turn["content"]) if turn.get("content") else turn.get("content")}
            for turn in turns
        ]

    def _notes(self) -> list[dict[str, Any]]:
        """Return what a person has to say since the run began, and what of the last answer was left out."""
        notes = [note for note in (plan_note(self._setting, self._agent), self._left_out) if note]
        self._left_out = ""
        return [{"role": "user", "content": "\n".join(notes)}] if notes else []

    def _checked(self, text: str) -> str:
        """Return the driver's text; have it look once more where values stand in no passage."""
        if not text.strip():
            raise ModelRetry("Your answer is empty. Answer, or call a tool.")
        wrong = unsupported_in(self._task, self._setting, text)
        if wrong and not self._n_checked:
            self._n_checked = 1
            self._setting.write("check", self._agent, unsupported=list(wrong))
            raise ModelRetry(
                f"No passage holds {', '.join(wrong)}. Look again, or leave out what you cannot support."
            )
        return text

    def _decisions(
        self, history: Sequence[ModelMessage]
    ) -> tuple[DeferredToolResults | None, list[Approval]]:
        """Return what people decided on the calls of the last answer, and those that still wait."""
        entries = of_agent(self._setting.journal.entries(), self._agent)
        asked = {entry["call"]: entry for entry in entries if entry["kind"] == "approval"}
        calls = _last_calls(history)
        finished = {entry["call"] for entry in entries if entry["kind"] == "call"}
        to_decide = [
            part for part in calls if part.tool_call_id in asked and part.tool_call_id not in finished
        ]
        if not to_decide:
            return None, []
        results, waiting = DeferredToolResults(), []
        for part in calls:
            call_id = part.tool_call_id
            decision = self._setting.decided(call_id) if part in to_decide else Decision(approved=True)
            if decision is None:
                waiting.append(_approval(asked[call_id]))
            elif decision.approved:
                results.approvals[call_id] = True  # one that is finished gives back what it gave
            else:
                reason = decision.reason or "The person you work for did not allow this call."
                results.approvals[call_id] = ToolDenied(reason)
                if call_id not in finished:
                    self._write_denied(part, reason)
        return (None, waiting) if waiting else (results, [])

    def _write_denied(self, part: ToolCallPart, reason: str) -> None:
        self._setting.write("refused", self._agent, call=part.tool_call_id, tool=part.tool_name, error=reason)

    def _waits(self, part: ToolCallPart) -> Approval:
        """Write down that a call waits for a person."""
        arguments: Any = {}
        with suppress(ValueError, AssertionError):
            arguments = part.args_as_dict()
        self._setting.write(
            "approval", self._agent, call=part.tool_call_id, tool=part.tool_name, arguments=arguments
        )
        return Approval(call_id=part.tool_call_id, tool=part.tool_name, arguments=arguments)

    def _gave_up(self, error: Exception) -> Halt:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, LorewrightError):
                raise cause
            cause = cause.__cause__
        unknown = [name for name in self._called if name not in self._names]
        if unknown:
            why = f"it called {unknown[0]!r} again and again, which does not exist"
        elif self._called:
            why = f"it called {self._called[0]!r} again and again with wrong arguments"
        else:
            why = "it gave no usable answer"
        return Halt(f"The driver could not go on: {why}.", can_answer=True)


def _last_calls(history: Sequence[ModelMessage]) -> list[ToolCallPart]:
    """Return the calls of the last answer, if nothing came after it."""
    if not history or not isinstance(history[-1], ModelResponse):
        return []
    return [part for part in history[-1].parts if isinstance(part, ToolCallPart)]


def _approval(entry: Entry) -> Approval:
    return Approval(call_id=entry["call"], tool=entry["tool"], arguments=entry["arguments"])
