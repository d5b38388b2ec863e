"""An agent as one node: several steps where one retrieval is not enough."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Literal

from lorewright.documents import Chunk
from lorewright.errors import EngineError
from lorewright.flows.answer import Draft
from lorewright.flows.kinds import About, Port, PortType, Running, Take, parameter
from lorewright.flows.nodes.quote import Quoted
from lorewright.knowledge import Citation, Hit
from lorewright.messages import Conversation, Message, last_user_turn
from lorewright.models import Stopped, Usage, never, usage_in
from lorewright.settings import DEFAULT_REFUSAL

N_READ = 6
"""How many chunks are read for each question of a task."""
N_SHOWN = 11
"""How many tools stand in a prompt: its own, and of those of servers the closest to the task."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AgentNode:
    """Lets an agent search, quote, calculate and call tools until it has an answer, within limits.

    Its tools read what the caller may read; no text that it reads can give it others. The files that it
    writes are its own and gone with its answer; the trace holds their texts.
    """

    mode: Literal["model", "plan"] = parameter(
        "model", "Who decides on the steps: the model, or fixed steps that suit a small one."
    )
    adapter: str = parameter("", "Adapter of the model that decides; empty for the base model.")
    max_steps: int = parameter(12, "The most answers of the model in one run.", low=1, high=100)
    max_tokens: int = parameter(40_000, "The most tokens of one run.", low=1)
    max_seconds: float = parameter(300.0, "The most time of one run.", low=1)
    servers: tuple[str, ...] = parameter((), "Tool servers of the settings whose tools it may call.")
    instruction: str = parameter("", "What the agent is told besides.")
    context_tokens: int = parameter(4096, "The context window of the model.", low=512)
    refusal: str = parameter(DEFAULT_REFUSAL, "The text of a draft that rests on nothing.")

    about: ClassVar[About] = About("Agent", "Model")
    inputs: ClassVar[Mapping[str, Port]] = {"conversation": Port("conversation")}
    outputs: ClassVar[Mapping[str, PortType]] = {"draft": "draft"}

    @property
    def is_searching(self) -> bool:
        """Whether it looks into the documents: it does."""
        return True

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:
        """Return what the agent answers, with its citations; its steps are noted beside it."""
        from lorewright.agents.budget import Budget
        from lorewright.agents.driver import DriverLimits
        from lorewright.agents.fixed_plan import FixedPlan
        from lorewright.agents.journal import STEPS, MemoryJournal
        from lorewright.agents.prompts import spans_of
        from lorewright.agents.run import run_agent
        from lorewright.agents.tools.files import file_tools
        from lorewright.agents.tools.memory_files import MemoryFiles

        conversation: Conversation = take("conversation")
        engine = running.parts.engine(self.adapter)
        weights, _, adapter = engine.fingerprint.partition("+")
        running.made_by.update(model=engine.name, weights=weights, adapter=adapter)
        driver = _Counted(FixedPlan(engine.name, is_brief=True) if self.mode == "plan" else engine)
        journal, files = MemoryJournal(), MemoryFiles()

        def on_entry(entry: Mapping[str, Any]) -> None:
            if entry["kind"] in ("call", "refused"):
                running.on_step(_step(entry))

        outcome = run_agent(
            last_user_turn(conversation),
            driver=driver,
            tools=[
                *self._tools(running),
                *self._server_tools(running, journal),
                *file_tools(files, _unheard),
            ],
            journal=journal,
            budget=Budget(steps=self.max_steps, tokens=self.max_tokens, usd=1e9, seconds=self.max_seconds),
            limits=DriverLimits(context_tokens=self.context_tokens, answer_tokens=512),
            stopped=running.stopped,
            price=partial(running.parts.price, self.adapter),
            instruction=self.instruction,
            on_entry=on_entry,
            n_shown=1000 if self.mode == "plan" else N_SHOWN,
        )
        entries = journal.entries()
        running.notes["steps"] = [_noted(entry) for entry in entries if entry["kind"] not in STEPS]
        running.notes["spans"] = spans_of(entries)
        running.notes["files"] = files.left()
        text = outcome.text if outcome.citations else self.refusal
        running.on_text(text)
        draft = Draft(
            text=text, usage=driver.usage, hits=outcome.hits, citations=outcome.citations,
            refused=not outcome.citations, unsupported=outcome.unsupported,
        )  # fmt: skip
        return {"draft": draft}

    def _tools(self, running: Running) -> Iterator[Any]:
        """Yield the tools of the agent."""
        from lorewright.agents.tool import ToolOutput, tool_from
        from lorewright.agents.tools.calculator import calculator_tool
        from lorewright.agents.tools.dates import date_tools

        retriever = running.parts.retriever()
        running.made_by["index_version"] = retriever.version

        def search(query: str, n: int = 5) -> ToolOutput:
            """Find passages of the documents that have to do with a question or some words.

            Args:
                query: What to look for, in a few words.
                n: How many passages, at most 10.
            """
            hits = retriever.search(query, n=max(1, min(n, 10)))
            return ToolOutput(chunks=tuple(hit.chunk for hit in hits))

        def ask(question: str) -> ToolOutput:
            """Have one question answered in the documents' own words.

            Args:
                question: One question with everything that is needed to understand it.
            """
            hits = tuple(retriever.search(question, n=N_READ))
            draft = _quoted(question, hits, running)
            chunks = () if draft.refused else tuple(_place(citation) for citation in draft.citations)
            return ToolOutput(f"Answer of quote: {draft.text}", chunks)

        yield from (tool_from(search), tool_from(ask), calculator_tool(), *date_tools())

    def _server_tools(self, running: Running, journal: Any) -> Iterator[Any]:
        """Yield the tools of the servers; one that does not answer now has none, and the trace says why."""
        from lorewright.agents.tool import AgentTool

        for server in self.servers:
            calling = running.parts.tools()
            try:
                listed = calling.listed(server)
            except EngineError as error:
                journal.add({"kind": "missing", "agent": "", "server": server, "error": str(error)})
                continue
            for tool in listed:
                yield AgentTool(
                    name=f"{server}__{tool.name}"[:64], description=tool.description, is_source=True,
                    schema={"type": "object", "properties": {}, **dict(tool.schema)}, changing=True,
                    run=_Call(calling, server, tool.name, running.stopped),
                )  # fmt: skip


class _Call:
    """Calls one tool of a server."""

    def __init__(self, calling: Any, server: str, tool: str, stopped: Stopped) -> None:
        self._calling, self._server, self._tool, self._stopped = calling, server, tool, stopped

    def __call__(self, **arguments: Any) -> str:
        """Return what the tool says."""
        return str(self._calling.call(self._server, self._tool, arguments, stopped=self._stopped).text)


class _Counted:
    """A driver whose tokens are added up."""

    def __init__(self, driver: Any) -> None:
        from lorewright.agents.driver import asks_model

        self._driver = driver
        self.usage = Usage()
        self.name = str(driver.name)
        self.is_model = asks_model(driver)

    def chat(self, request: Mapping[str, Any], *, stopped: Stopped = never) -> Iterator[Mapping[str, Any]]:
        """Yield what the driver says."""
        for chunk in self._driver.chat(request, stopped=stopped):
            if chunk.get("usage"):
                self.usage += usage_in(chunk["usage"])
            yield chunk


def _unheard(_path: str, _size: int) -> None:
    """Nobody waits for files."""


def _quoted(question: str, hits: tuple[Hit, ...], running: Running) -> Draft:
    """Return the answer of the documents' own words; what it streams is not the answer yet."""
    conversation: Conversation = (Message("user", question),)
    values: dict[str, Any] = {"conversation": conversation, "hits": hits}
    quiet = Running(
        conversation=conversation, parts=running.parts, on_text=lambda _: None,
        stopped=running.stopped, seed=running.seed, made_by={}, call=running.call,
    )  # fmt: skip
    draft: Draft = Quoted().run(values.__getitem__, quiet)["draft"]
    return draft


def _place(citation: Citation) -> Chunk:
    return Chunk(
        f"{citation.document_id}@{citation.start}-{citation.end}", citation.document_id, citation.title,
        citation.start, citation.end, citation.quote, citation.heading_path, citation.page,
    )  # fmt: skip


def _step(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was called, what came of it, and the documents whose words that holds."""
    found = {str(chunk["document_id"]) for chunk in entry.get("chunks", ())}
    return {
        "tool": entry["tool"], "arguments": entry.get("arguments", {}), "ms": entry.get("ms", 0.0),
        "output": entry.get("output", ""), "error": entry.get("error", ""), "agent": entry["agent"],
        "documents": sorted(name for name in found if not name.startswith("tool:")),
    }  # fmt: skip


def _noted(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in ("messages", "chunks", "at")}
