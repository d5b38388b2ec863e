"""The server as one ASGI application: every resource, who may call, and how errors look."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import anyio.to_thread
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.routing import Route

from lorewright import __version__
from lorewright.api.audit_trail import AuditTrail
from lorewright.api.body_limit import BodyLimit
from lorewright.api.errors import translate_errors
from lorewright.api.mcp_endpoint import McpEndpoint
from lorewright.api.metrics import Metrics
from lorewright.api.openapi import describe
from lorewright.api.request_log import RequestLog
from lorewright.api.response_headers import ResponseHeaders
from lorewright.api.slow_clients import SlowBodies
from lorewright.workspace.home import Home

N_THREADS = 200
"""Requests that may wait for a model, a disk or a database at once."""

RESOURCES = (
    "health",
    "metrics",
    "sessions",
    "oidc",
    "keys",
    "users",
    "groups",
    "usage",
    "audit",
    "models",
    "chat_completions",
    "stored_chats",
    "messages",
    "responses",
    "conversations",
    "completions",
    "embeddings",
    "files",
    "fine_tuning",
    "checkpoint_permissions",
    "graders",
    "evals",
    "eval_runs",
    "batches",
    "uploads",
    "vector_stores",
    "vector_store_files",
    "vector_store_batches",
    "deployments",
    "answers",
    "feedback",
    "chats",
    "flows",
    "domains",
    "document_uploads",
    "document_changes",
    "documents",
    "retrieval",
    "data",
    "jobs",
    "tuning",
    "comparisons",
    "comparison_answers",
    "preferences",
    "advice",
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


def build_app(home: Home, *, is_open: bool = False) -> FastAPI:
    """Return the application that serves a home; it closes the home when it ends.

    When it `is_open`, nobody is asked for a key, and only this machine is answered.
    """

    @asynccontextmanager
    async def running(_app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = N_THREADS
        yield
        await mcp.close()
        home.close()

    app = FastAPI(title="Lorewright", version=__version__, lifespan=running)
    app.state.home = home
    app.state.is_open = is_open
    app.state.metrics = Metrics(home)
    mcp = McpEndpoint(home)
    app.router.routes.append(Route("/mcp", mcp))
    translate_errors(app)
    limits = home.workspace.settings.serve
    app.add_middleware(BodyLimit, max_body_mb=limits.max_body_mb, max_upload_mb=limits.max_upload_mb)
    app.add_middleware(SlowBodies, seconds=limits.patience_seconds)
    app.add_middleware(AuditTrail, home=home)
    if limits.cors_origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=limits.cors_origins, allow_methods=["*"], allow_headers=["*"],
            expose_headers=EXPOSED,
        )  # fmt: skip
    # The last one is the outermost: it also sees what the others refuse.
    app.add_middleware(ResponseHeaders, gate=home.gate)
    app.add_middleware(RequestLog, seen=app.state.metrics.seen)
    for name in RESOURCES:
        app.include_router(import_module(f"lorewright.api.{name}").router)
    describe(app)
    return app
