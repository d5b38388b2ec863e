"""The studio on the server's application: its pages, its look, and the headers that guard it."""

import gc
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from nicegui import app as pages
from nicegui import core, ui
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lorewright.api.http.prefix import prefix_of
from lorewright.api.http.session_cookies import cookie_of
from lorewright.studio import ROOT
from lorewright.studio.address import look
from lorewright.studio.frame import show_frame
from lorewright.studio.i18n import speak
from lorewright.studio.login import show_invitation, show_login, show_welcome
from lorewright.studio.parameters import remember_parameters
from lorewright.studio.parts import uploader
from lorewright.studio.sitemap import SCREENS, load
from lorewright.studio.visit import Visit
from lorewright.workspace.accounts.login import has_accounts
from lorewright.workspace.domain.memory import give_back
from lorewright.workspace.server.server import Server

LOOK = Path(__file__).parent / "look"
SECURITY_HEADERS = {
    # NiceGUI evaluates what its server sends and Vue compiles templates in the browser: 'unsafe-eval'
    # cannot be left out. Nothing is loaded from elsewhere, framed, or sent elsewhere.
    "content-security-policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
}
GIVE_BACK_EVERY_SECONDS = 20.0
WARM_UP_AFTER_SECONDS = 4.0
_given_back = {"at": 0.0}
_is_begun: list[bool] = []
_visits: WeakValueDictionary[str, Visit] = WeakValueDictionary()


def mount_studio(app: FastAPI, visit_of: Callable[[Request], Visit] = Visit) -> None:
    """Put the studio on the application of a domain, below `/studio`; every other route must be there.

    NiceGUI keeps its pages in one place, for all domains: each request says which one it came through,
    and the first `visit_of` in a process holds for all of them.
    """
    app.state.studio = ROOT  # where browsers are led to
    _add_routes(app)
    app.mount(ROOT, InDomain(core.app, app))
    if not _is_begun:
        _is_begun.append(True)
        _begin(app, visit_of)


def _begin(app: FastAPI, visit_of: Callable[[Request], Visit]) -> None:
    """Set the pages up, once in a process; they live as long as this application."""
    remember_parameters()
    pages.add_static_files("/look", LOOK, max_cache_age=31536000)
    # Quasar's bar at the top has no name for those who do not see it; every screen says what it does.
    pages.config.quasar_config["loadingBar"]["skipHijack"] = True
    _add_pages(visit_of)
    ui.run_with(
        app, mount_path=ROOT, title="Lorewright", favicon=LOOK / "favicon.svg", language="en-US",
        tailwind=False,
        reconnect_timeout=30.0, message_history_length=2000, show_welcome_message=False,
        binding_refresh_interval=None,
    )  # fmt: skip
    pages.add_middleware(Guarded)
    core.sio.eio.cors_allowed_origins = _may_connect
    _leave_alone()
    # Later visitors wait for no import; the first one is not held up by those of other screens.
    warm_up = threading.Timer(WARM_UP_AFTER_SECONDS, _warm_up)
    warm_up.daemon = True
    warm_up.start()


def _may_connect(origin: str | None, environ: Mapping[str, Any]) -> bool:
    """Return whether a page of this origin may open the studio's socket: our own, or one that is listed.

    NiceGUI lets every page connect, and a browser adds the user's cookie.
    """
    server: Server = environ["asgi.scope"]["state"]["lorewright"].server
    if origin is None or origin in server.workspace.settings.serve.cors_origins:
        return True
    return urlsplit(origin).netloc == str(environ.get("HTTP_HOST", ""))


def _warm_up() -> None:
    for target in SCREENS.values():
        load(target)
    _leave_alone()


def _leave_alone() -> None:
    """Keep the collector of garbage from what stays: looking through all modules took 0.3 s of a click.

    Not while a page is open: what belongs to it must be collected once it is closed.
    """
    if not _visits:
        gc.collect()
        gc.freeze()


def _add_pages(visit_of: Callable[[Request], Visit]) -> None:
    """Add the doors, then the frame at every other path: the first route that fits is taken."""
    pages.add_static_file(local_file=LOOK / "favicon.svg", url_path="/favicon.ico")
    pages.post(uploader.PATH, include_in_schema=False)(uploader.take_upload)

    @ui.page("/login")
    def login(request: Request, refused: str = "") -> None:
        _dress(request)
        show_login(visit_of(request), refused)

    @ui.page("/welcome")
    def welcome(request: Request) -> None:
        _dress(request)
        show_welcome(visit_of(request))

    @ui.page("/invitation")
    def invitation(request: Request) -> None:
        _dress(request)
        show_invitation(visit_of(request))

    @ui.page("/")
    @ui.page("/{rest:path}")
    async def studio(request: Request) -> Any:
        visit = visit_of(request)
        if not visit.is_known:
            wanted = request.url.path.removeprefix(ROOT)
            door = "login" if has_accounts(visit.server) else "welcome"
            return RedirectResponse(f"{ROOT}/{door}?to={wanted}" if wanted != "/" else f"{ROOT}/{door}")
        if visit.is_reader and request.url.path.removeprefix(ROOT) in ("", "/"):
            return RedirectResponse(f"{ROOT}/chat")
        _dress(request)
        _visits[visit.client.id] = visit
        visit.client.on_delete(lambda: _left(visit.client.id))
        show_frame(visit)
        return None


def _dress(request: Request) -> None:
    """Give a page its look and its language."""
    language = speak(request.headers.get("accept-language", ""))
    ui.add_head_html(
        f'<link rel="stylesheet" href="{look("lorewright.css")}">'
        f'<script defer src="{look("lorewright.js")}"></script>'
    )
    ui.add_head_html(f'<meta http-equiv="Content-Language" content="{language}">')
    ui.colors(primary="#4f46e5", positive="#15803d", negative="#b91c1c", warning="#b45309", info="#0369a1")


def _left(client_id: str) -> None:
    """Forget a page that was closed; what many of them took goes back to the system."""
    _visits.pop(client_id, None)
    if time.monotonic() - _given_back["at"] > GIVE_BACK_EVERY_SECONDS:
        _given_back["at"] = time.monotonic()
        threading.Timer(GIVE_BACK_EVERY_SECONDS / 2, give_back).start()


def _add_routes(app: FastAPI) -> None:
    @app.get("/", include_in_schema=False)
    def front(request: Request) -> RedirectResponse:
        return RedirectResponse(f"{prefix_of(request)}{ROOT}/")

    @app.post(f"{ROOT}/again/{{client_id}}", include_in_schema=False)
    def again(client_id: str, request: Request) -> Response:
        """Let an open page go on with the session that its user has begun again."""
        visit = _visits.get(client_id)
        is_theirs = visit is not None and visit.go_on(request.cookies.get(cookie_of(app.state.domain), ""))
        return Response(status_code=204 if is_theirs else 404)


class InDomain:
    """Tells the pages which domain a request came through."""

    def __init__(self, pages: ASGIApp, app: FastAPI) -> None:
        self._pages, self._app = pages, app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        scope.setdefault("state", {})["lorewright"] = self._app.state
        await self._pages(scope, receive, send)


class Guarded:
    """Adds the security headers to every response of the studio."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, guarded if scope["type"] == "http" else send)
