"""The server as one ASGI application: every resource, who may call, and how errors look."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import anyio.to_thread
from fastapi import FastAPI
from starlette.routing import Route

from lorewright import __version__
from lorewright.api.body_limit import BodyLimit
from lorewright.api.errors import translate_errors
from lorewright.api.mcp_endpoint import McpEndpoint
from lorewright.workspace.home import Home

N_THREADS = 200
"""Requests that may wait for a model, a disk or a database at once."""

RESOURCES = (
    "health",
    "models",
    "chat_completions",
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
    "flows",
    "domains",
    "documents",
    "jobs",
    "comparisons",
)
"""The modules of this package that have a `router`."""


def build_app(home: Home) -> FastAPI:
    """Return the application that serves a home; it closes the home when it ends."""

    @asynccontextmanager
    async def running(_app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = N_THREADS
        yield
        await mcp.close()
        home.close()

    app = FastAPI(title="Lorewright", version=__version__, lifespan=running)
    app.state.home = home
    mcp = McpEndpoint(home)
    app.router.routes.append(Route("/mcp", mcp))
    translate_errors(app)
    limits = home.workspace.settings.serve
    app.add_middleware(BodyLimit, max_body_mb=limits.max_body_mb, max_upload_mb=limits.max_upload_mb)
    for name in RESOURCES:
        app.include_router(import_module(f"lorewright.api.{name}").router)
    return app
