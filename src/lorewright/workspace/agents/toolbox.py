"""The tools of a domain's agents: each does what its caller may do, and nothing more."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lorewright.access import Caller
from lorewright.agents.tool import AgentTool, ToolOutput, tool_from
from lorewright.agents.tools.calculator import calculator_tool
from lorewright.agents.tools.dates import date_tools
from lorewright.agents.tools.files import OnFile, WorkingFiles, file_tools
from lorewright.agents.tools.tables import table_tools
from lorewright.documents import Chunk, differences
from lorewright.errors import BadParameter, InvalidSetting
from lorewright.flows.arm_names import ARMS
from lorewright.models import Call, EngineKey, usage_in
from lorewright.workspace.agents.server_tools import OnMissing, server_tools
from lorewright.workspace.documents.listing import document_ids, document_text
from lorewright.workspace.documents.versions import version_text
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.flows.ask import usual_arm
from lorewright.workspace.flows.library import own_names
from lorewright.workspace.openai.chat_completions import ChatRequest, begin_chat, finish_chat
from lorewright.workspace.retrieval.search import search as find_chunks
from lorewright.workspace.server.ledger import cost_usd
from lorewright.workspace.server.requests import read_request
from lorewright.workspace.server.server import Server

PAGE_CHARACTERS = 6000
MOST_NAMES = 300
MOST_DIFFERENCES = 200
SEARCH_SECONDS = 180.0
"""How long a search may take: the first one loads the models, which a busy machine does slowly."""


def _unheard(_server: str, _error: str) -> None:
    """Nobody listens."""


def domain_tools(
    server: Server,
    caller: Caller,
    *,
    folder: Path,
    on_file: OnFile,
    names: Sequence[str] | None = None,
    approve: Sequence[str] = (),
    on_missing: OnMissing = _unheard,
) -> list[AgentTool]:
    """Return the tools that a caller's agent has, or those `names` of them; `approve` wait for a person.

    `on_missing` hears of tool servers that do not answer: their tools are missing.
    What is not here does not exist for the agent, whatever it reads.
    """
    settings = server.workspace.settings.agent
    tools = [
        *_knowledge_tools(server, caller),
        calculator_tool(),
        *date_tools(),
        *_model_tools(server, caller),
        *file_tools(WorkingFiles(folder), on_file),
        *_outside_tools(server, caller, on_missing),
    ]
    wanted = _chosen(tools, names)
    asking = {*settings.approve, *approve}
    free = set(settings.without_approval) - set(approve)
    return [
        replace(tool, needs_approval=tool.name in asking or (tool.needs_approval and tool.name not in free))
        for tool in wanted
    ]


def _chosen(tools: Sequence[AgentTool], names: Sequence[str] | None) -> list[AgentTool]:
    known = {tool.name for tool in tools}
    for name in names or ():
        if name not in known:
            raise BadParameter("tools", f"There is no tool {name!r}. Tools: {', '.join(sorted(known))}.")
    return [tool for tool in tools if names is None or tool.name in names]


def _knowledge_tools(server: Server, caller: Caller) -> list[AgentTool]:
    """Return the tools that read the domain's documents."""
    if not caller.may("read"):
        return []
    workspace = server.workspace

    def search(query: str, n: int = 5) -> ToolOutput:
        """Find passages of the documents that have to do with a question or some words.

        Args:
            query: What to look for, in a few words.
            n: How many passages, at most 10.
        """
        hits = find_chunks(workspace, caller, query, n=max(1, min(n, 10)))
        return ToolOutput(chunks=tuple(hit.chunk for hit in hits))

    def read_document(document: str, start: int = 0) -> ToolOutput:
        """Read a document, a stretch of it at a time.

        Args:
            document: Its name, as search and list_documents show it.
            start: The character to begin at.
        """
        text = document_text(workspace, caller, document)
        start = max(0, min(start, len(text)))
        piece = text[start : start + PAGE_CHARACTERS]
        end = start + len(piece)
        more = f"Characters {start:,} to {end:,} of {len(text):,}."
        return ToolOutput(more, tuple(_pieces(document, start, piece)))

    def list_documents(under: str = "") -> str:
        """List the documents.

        Args:
            under: Only those whose names begin so, such as hr/.
        """
        ids = [name for name in document_ids(workspace, caller, limit=100_000) if name.startswith(under)]
        more = f"\n… and {len(ids) - MOST_NAMES} more" if len(ids) > MOST_NAMES else ""
        return "\n".join(ids[:MOST_NAMES]) + more or "There are no documents."

    def compare_documents(
        first: str, second: str = "", first_version: int = 0, second_version: int = 0
    ) -> str:
        """Show what differs between two documents, or between two versions of one.

        Args:
            first: The name of a document.
            second: The name of the other one; leave it out to compare versions of the first.
            first_version: The version of the first, counted from 1; 0 for the current one.
            second_version: The version of the second; 0 for the current one.
        """
        old = _text(server, caller, first, first_version)
        new = _text(server, caller, second or first, second_version)
        return _difference(old, new)

    def text_of(document: str) -> str:
        return document_text(workspace, caller, document)

    reading = [
        tool_from(search, timeout_seconds=SEARCH_SECONDS),
        tool_from(read_document),
        tool_from(list_documents),
    ]
    reading.append(tool_from(compare_documents, is_source=True))
    databases = _databases(server) if readable(workspace, caller).is_all else {}
    return [*reading, *table_tools(text_of, databases)]


def _pieces(document: str, start: int, text: str) -> list[Chunk]:
    """Return a stretch of a document in passages that can be cited."""
    size = 1400
    return [
        Chunk(
            f"{document}@{start + place}", document, document, start + place,
            start + place + len(text[place : place + size]), text[place : place + size],
        )
        for place in range(0, len(text), size)
    ]  # fmt: skip


def _text(server: Server, caller: Caller, document: str, version: int) -> str:
    if version:
        return version_text(server.workspace, caller, document, version)
    return document_text(server.workspace, caller, document)


def _difference(old: str, new: str) -> str:
    marks = {"same": "  ", "old": "- ", "new": "+ ", "gap": "…"}
    lines = [marks[line.kind] + line.text for line in differences(old, new)]
    more = [f"[{len(lines) - MOST_DIFFERENCES} more lines]"] if len(lines) > MOST_DIFFERENCES else []
    return "\n".join([*lines[:MOST_DIFFERENCES], *more]) or "The texts are the same."


def _databases(server: Server) -> dict[str, Path]:
    """Return the SQLite and DuckDB files that an administrator attached, by their names."""
    folder = server.workspace.folder.resolve()
    found: dict[str, Path] = {}
    for given in server.workspace.settings.agent.databases:
        path = (folder / given).resolve()
        if not path.is_relative_to(folder) or path.is_relative_to(server.workspace.state_folder.resolve()):
            raise InvalidSetting(
                f"agent.databases names {given!r}, which is not below the domain's folder.",
                hint="Put the file into the domain's folder.",
            )
        found[path.stem] = path
    return found


def _model_tools(server: Server, caller: Caller) -> list[AgentTool]:
    """Return the tools that ask: an arm or flow with citations, and models that an administrator named."""
    if not caller.may("chat"):
        return []

    def ask(question: str, model: str = "") -> ToolOutput:
        """Have one question answered from the documents, with citations, by an arm or a flow of the domain.

        Args:
            question: One question with everything that is needed to understand it.
            model: The name of an arm, flow or deployment; leave it out for the usual one.
        """
        name = model or usual_arm(server.workspace, caller)
        is_arm = name in ARMS or name in own_names(server.workspace)
        return _asked(server, caller, f"{server.name}/{name}" if is_arm else name, question)

    models = [_model_tool(server, caller, name, about) for name, about in
              server.workspace.settings.agent.models.items() if caller.may_use_model(name)]  # fmt: skip
    return [tool_from(ask, timeout_seconds=300.0), *models]


def _model_tool(server: Server, caller: Caller, model: str, about: str) -> AgentTool:
    def use(text: str) -> ToolOutput:
        """Give a text to a model.

        Args:
            text: The text that the model works on.
        """
        body = {
            "model": model, "messages": [{"role": "user", "content": text}],
            "max_tokens": server.workspace.settings.prompt.max_answer_tokens,  # a tuned model may run on
        }  # fmt: skip
        completion, made = _completed(server, caller, body)
        return replace(made, text=_said(completion))

    plain = "".join(letter if letter.isalnum() or letter in "_-" else "_" for letter in model)
    return tool_from(
        use, name=f"model_{plain}"[:64], description=about, is_source=True, timeout_seconds=300.0
    )


def _asked(server: Server, caller: Caller, model: str, question: str) -> ToolOutput:
    """Return an answer, and the passages that it cites."""
    body = {"model": model, "messages": [{"role": "user", "content": question}]}
    completion, made = _completed(server, caller, body)
    cited = (one["url_citation"] for one in completion["choices"][0]["message"].get("annotations") or ())
    return replace(made, text=f"Answer of {model}: {_said(completion)}", chunks=tuple(map(_cited, cited)))


def _completed(server: Server, caller: Caller, body: Mapping[str, Any]) -> tuple[dict[str, Any], ToolOutput]:
    """Return a completion, and what it took and was made of.

    It costs what its model does; that of a flow counts as the chat model of the domain.
    """
    started = time.perf_counter()
    pending = begin_chat(server, caller, read_request(ChatRequest, body), is_kept=False)
    completion = finish_chat(server, caller, pending)
    settings, usage = server.workspace.settings, usage_in(completion["usage"])
    key = pending.served.engine or EngineKey(settings.models.chat)
    call = Call(caller.id, key, usage, time.perf_counter() - started)
    documents = None if pending.sources is None else tuple(sorted(pending.sources))
    tokens = usage.prompt_tokens + usage.completion_tokens
    return completion, ToolOutput(tokens=tokens, usd=cost_usd(call, settings.prices), documents=documents)


def _cited(citation: Mapping[str, Any]) -> Chunk:
    """Return the place that an answer cites as a passage."""
    document, quote = str(citation["title"]), str(citation["quote"])
    start, _, _ = str(citation["url"]).rpartition("#")[2].partition("-")
    begun = int(start) if start.isdigit() else 0
    end = begun + len(quote)
    return Chunk(
        f"{document}@{begun}-{end}", document, document, begun, end, quote, page=citation.get("page")
    )


def _said(completion: dict[str, Any]) -> str:
    message = completion["choices"][0]["message"]
    return str(message.get("content") or message.get("refusal") or "")


def _outside_tools(server: Server, caller: Caller, on_missing: OnMissing) -> list[AgentTool]:
    """Return the tools that reach out of the domain, or run what a model wrote; off until set up."""
    settings = server.workspace.settings.agent
    tools: list[AgentTool] = []
    if settings.allowed_hosts:
        from lorewright.agents.tools.web import web_tool

        tools.append(web_tool(settings.allowed_hosts))
    if settings.python:
        from lorewright.agents.tools.sandboxed_python import python_tool

        tools.append(python_tool())
    if caller.may("deploy"):
        tools += server_tools(server, on_missing)
    return tools
