"""The reference client of the Model Context Protocol, at /mcp."""

import asyncio
import json

from checks import KEY, MODEL, QUESTION, RAG, URL, WANTED, absent, need, report
from httpx2 import AsyncClient
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client


def called(name: str, **arguments: str) -> str:
    async def call() -> str:
        http = AsyncClient(headers={"Authorization": f"Bearer {KEY}"}, timeout=300)
        async with http, Client(streamable_http_client(f"{URL}/mcp", http_client=http)) as client:
            names = [tool.name for tool in (await client.list_tools()).tools]
            need(name in names, f"the tools are {names}")
            result = await client.call_tool(name, arguments)
            need(not result.is_error, f"{result.content}")
            return json.dumps(result.structured_content)

    return asyncio.run(call())


def chat() -> None:
    need("answer" in called("ask", question="Say hello.", model=MODEL), "no answer")


def file_search() -> None:
    need(WANTED in called("search", query=QUESTION), "the text is not found")


def rag() -> None:
    said = called("ask", question=QUESTION, model=RAG)
    need(WANTED in said and "leaving.md" in said, said)


report(
    chat=chat, stream=absent("a tool's result comes whole"), structured=absent("the server's tools say text"),
    tool=absent("here the client calls the tools of the server"),
    embeddings=absent("no tool makes embeddings"), file_search=file_search, rag=rag,
)  # fmt: skip
