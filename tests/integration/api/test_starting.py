"""A server that has just started: nobody looks at nothing, and nobody is turned away."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message

from lorewright.api.starting import Starting
from lorewright.studio.skeleton import starting_page

HTML = {"accept": "text/html,application/xhtml+xml"}


@dataclass
class Slow:
    """An application that takes until `go` to be built, and notes its life."""

    broken: Exception | None = None
    go: threading.Event = field(default_factory=threading.Event)
    life: list[str] = field(default_factory=list)

    def build(self) -> ASGIApp:
        """Return it, or fail."""
        assert self.go.wait(60)
        if self.broken:
            raise self.broken

        def answer(request: Request) -> PlainTextResponse:
            return PlainTextResponse(f"answered {request.url.path}")

        @asynccontextmanager
        async def living(_app: Starlette) -> AsyncIterator[None]:
            self.life.append("begun")
            yield
            self.life.append("ended")

        return Starlette(routes=[Route("/{rest:path}", answer)], lifespan=living)


@asynccontextmanager
async def listening(app: Starting) -> AsyncIterator[httpx2.AsyncClient]:
    """Yield a client of an application that lives as in a server."""
    told: asyncio.Queue[Message] = asyncio.Queue()
    said: asyncio.Queue[Message] = asyncio.Queue()
    life = asyncio.create_task(app({"type": "lifespan", "state": {}}, told.get, said.put))
    await told.put({"type": "lifespan.startup"})
    assert await said.get() == {"type": "lifespan.startup.complete"}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://here") as client:
        yield client
    await told.put({"type": "lifespan.shutdown"})
    assert await said.get() == {"type": "lifespan.shutdown.complete"}
    await life


@pytest.mark.parametrize("path", ["/", "/studio/", "/studio/documents", "/d/desk/studio/welcome"])
def test_a_browser_sees_an_outline_until_the_page_can_be_built(path: str) -> None:
    slow = Slow()

    async def walk() -> None:
        async with listening(Starting(slow.build, outline=starting_page)) as client:
            outline = await client.get(path, headers=HTML)
            assert outline.status_code == 200
            assert "lw-skeleton" in outline.text
            assert "Lorewright is starting" in outline.text
            assert outline.headers["cache-control"] == "no-store"
            slow.go.set()
            await client.get("/studio/look/favicon.svg")  # the outline waits for it, then loads again
            assert (await client.get(path, headers=HTML)).text == f"answered {path}"

    asyncio.run(walk())
    assert slow.life == ["begun", "ended"]


def test_what_programs_ask_meanwhile_is_answered_once_the_server_is_there() -> None:
    slow = Slow()

    async def walk() -> None:
        async with listening(Starting(slow.build, outline=starting_page)) as client:
            asked = [
                asyncio.create_task(client.get("/v1/models")),
                asyncio.create_task(client.post("/v1/chat/completions", json={}, headers=HTML)),
                asyncio.create_task(client.get("/metrics", headers=HTML)),
            ]
            done, _ = await asyncio.wait(asked, timeout=0.1)
            assert not done
            slow.go.set()
            found = [await one for one in asked]
            assert [one.status_code for one in found] == [200, 405, 200]
            assert found[0].text == "answered /v1/models"

    asyncio.run(walk())


def test_a_server_that_cannot_start_says_why_and_ends() -> None:
    slow = Slow(broken=RuntimeError("out of paper"))
    app = Starting(slow.build, outline=starting_page)
    ended = threading.Event()
    app.give_up = ended.set

    async def walk() -> None:
        async with listening(app) as client:
            asked = asyncio.create_task(client.get("/v1/models"))
            slow.go.set()
            assert (await asked).status_code == 503

    asyncio.run(walk())
    assert ended.is_set()
    assert app.failed is slow.broken
