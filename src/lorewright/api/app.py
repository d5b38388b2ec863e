"""The server as one ASGI application: every resource, who may call, and how errors look."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import anyio.to_thread
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.routing import Route

from lorewright import __version__
from lorewright.api.agents.endpoint import McpEndpoint
from lorewright.api.http.bodies import BodyLimit, SlowBodies
from lorewright.api.http.errors import translate_errors
from lorewright.api.http.metrics import Metrics
from lorewright.api.http.openapi import describe
from lorewright.api.http.request_log import RequestLog
from lorewright.api.http.response_headers import ResponseHeaders
from lorewright.workspace.server.domains import ServedDomain, ServedDomains
from lorewright.workspace.server.server import Server

N_THREADS = 200
"""Requests that may wait for a model, a disk or a database at once."""

RESOURCES = (
    "http.health",
    "http.metrics",
    "http.reference",
    "accounts.sessions",
    "accounts.oidc",
    "accounts.keys",
    "accounts.users",
    "accounts.invitations",
    "accounts.groups",
    "accounts.usage",
    "accounts.audit",
    "openai.models",
    "openai.chat_completions",
    "openai.stored_completions",
    "anthropic.batches",
    "anthropic.messages",
    "openai.responses",
    "openai.conversations",
    "openai.completions",
    "openai.embeddings",
    "openai.rerank",
    "openai.tokens",
    "openai.files",
    "openai.fine_tuning",
    "openai.fine_tuning_permissions",
    "openai.graders",
    "openai.evals",
    "openai.eval_runs",
    "openai.batches",
    "openai.uploads",
    "openai.vector_stores",
    "openai.vector_store_files",
    "openai.vector_store_batches",
    "own.deployments",
    "own.embeds",
    "own.embedded_chat",
    "own.answers",
    "own.feedback",
    "own.chats",
    "own.agent_runs",
    "own.flows",
    "own.domains",
    "own.templates",
    "own.document_uploads",
    "own.document_versions",
    "own.documents",
    "own.restrictions",
    "own.retrieval",
    "own.suggestions",
    "own.dataset",
    "own.jobs",
    "own.tuning",
    "own.comparisons",
    "own.comparison_answers",
    "own.preferences",
    "own.prompts",
    "own.advice",
)
"""The modules of this package that have a `router`."""

EXPOSED = (
    "x-request-id",
    *(
        f"x-ratelimit-{part}-{what}"
        for what in ("requests", "tokens")
        for part in ("limit", "remaining", "reset")
    ),
)
"""The headers that pages of other origins may read."""


def build_app(
    server: Server,
    *,
    is_open: bool = False,
    domains: ServedDomains | None = None,
    domain: ServedDomain | None = None,
) -> FastAPI:
    """Return the application that answers for a server; it closes the server when it ends.

    When it `is_open`, nobody is asked for a key, and only this machine is answered. The server is that
    of one `domain` of `domains`; without them it is the only one.
    """

    @asynccontextmanager
    async def running(_app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = N_THREADS
        yield
        await close()

    async def close() -> None:
        await mcp.close()
        server.close()

    app = FastAPI(
        title="Lorewright", version=__version__, lifespan=running,
        docs_url=None, redoc_url=None, openapi_url=None,  # routes of our own ask who reads
    )  # fmt: skip
    app.state.server = server
    app.state.is_open = is_open
    app.state.domains = domains or ServedDomains.only(server)
    app.state.domain = domain or app.state.domains.first
    app.state.close = close
    app.state.metrics = Metrics(server)
    mcp = McpEndpoint(server)
    app.router.routes.append(Route("/mcp", mcp))
    translate_errors(app)
    limits = server.workspace.settings.serve
    app.add_middleware(BodyLimit, max_body_mb=limits.max_body_mb, max_upload_mb=limits.max_upload_mb)
    app.add_middleware(SlowBodies, seconds=limits.patience_seconds)
    if limits.cors_origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=limits.cors_origins, allow_methods=["*"], allow_headers=["*"],
            expose_headers=EXPOSED,
        )  # fmt: skip
    # The last one is the outermost: it also sees what the others refuse.
    app.add_middleware(ResponseHeaders, gate=server.gate)
    app.add_middleware(RequestLog, seen=app.state.metrics.seen)
    for name in RESOURCES:
        app.include_router(import_module(f"lorewright.api.{name}").router)
    describe(app)
    return app
