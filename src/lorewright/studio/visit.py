"""One visitor at one open page: who they are, what the server keeps, and how they hear of errors."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any, TypeVar

import anyio.to_thread
from fastapi import Request
from nicegui import context, ui

from lorewright.access import LOCAL, Caller
from lorewright.api.http.origins import address_of, is_local
from lorewright.api.http.prefix import prefix_of
from lorewright.api.http.session_cookies import cookie_of, session_tokens
from lorewright.errors import LorewrightError, NotAllowed, Unauthenticated
from lorewright.studio.browser import problem_in_browser
from lorewright.studio.i18n import t
from lorewright.studio.studio_words import studio_words
from lorewright.workspace.accounts.domains import domains_to_enter, may_create_domains
from lorewright.workspace.accounts.login import session_caller
from lorewright.workspace.domain.origin import Origin, coming_from
from lorewright.workspace.server.domains import ServedDomain, ServedDomains
from lorewright.workspace.server.server import Server

Result = TypeVar("Result")
_building: ContextVar["Building | None"] = ContextVar("building", default=None)
_LAB_VERBS = ("tune", "evaluate", "deploy", "documents", "stores", "admin")
_log = logging.getLogger("lorewright.studio")


class Building:
    """A screen that is being built: what failed meanwhile stands on it, not in a notice that goes away."""

    def __init__(self) -> None:
        self.errors: list[LorewrightError] = []
        self._is_over = False

    def note(self, error: LorewrightError) -> bool:
        """Note an error; return `False` once the screen is there, to clicks and timers that it began."""
        if not self._is_over and str(error) not in map(str, self.errors):
            self.errors.append(error)
        return not self._is_over

    @classmethod
    @contextmanager
    def begun(cls) -> Iterator["Building"]:
        """Note what fails inside the `with`."""
        building = cls()
        token = _building.set(building)
        try:
            yield building
        finally:
            building._is_over = True
            _building.reset(token)


class Visit:
    """A visitor at an open page. Ask for `caller` at every deed: rights may have changed since."""

    def __init__(self, request: Request) -> None:
        served = request.state.lorewright
        self.server: Server = served.server
        self.domain: ServedDomain = served.domain
        self._domains: ServedDomains = served.domains
        self._is_open: bool = served.is_open
        self._is_local = is_local(request)
        self._token = request.cookies.get(cookie_of(self.domain), "")
        self._tokens = session_tokens(request, self._domains)
        self._user = ""
        self._origin = Origin(
            door="studio",
            address=address_of(request),
            request_id=str(getattr(request.state, "request_id", "")),
        )
        host = request.headers.get("host", request.url.netloc)
        prefix = prefix_of(request)
        self.base_url = f"{request.url.scheme}://{host}{prefix}"
        self.outside = prefix.removesuffix(f"/d/{self.domain.slug}")
        """What stands before the addresses of every domain: '' unless a proxy takes something away."""
        self.client = context.client

    @property
    def caller(self) -> Caller:
        """Who visits; raises `Unauthenticated` when nobody is logged in any more."""
        if self._is_open:
            if not self._is_local:
                raise NotAllowed(t("Without keys, only requests from this machine are allowed."))
            return LOCAL
        known = session_caller(self.server, self._token)
        if known is None:
            raise Unauthenticated(t("Your session expired."), hint=t("Log in to continue."))
        self._user = known.user
        return known

    def go_on(self, token: str) -> bool:
        """Go on with a new session of the same user; return whether it is theirs."""
        known = session_caller(self.server, token)
        if known is None or self._user not in ("", known.user):
            return False
        self._token = self._tokens[self.domain.slug] = token
        return True

    @property
    def is_known(self) -> bool:
        """Whether somebody is logged in."""
        try:
            return bool(self.caller)
        except (Unauthenticated, NotAllowed):
            return False

    def domains(self) -> list[tuple[ServedDomain, Server, Caller]]:
        """Return the domains that the visitor may enter with the logins that they came with."""
        is_open = self._is_open and self._is_local
        return list(domains_to_enter(self._domains, self._tokens, is_open=is_open))

    @property
    def may_create_domains(self) -> bool:
        """Return whether the visitor may create domains on this server."""
        return any(
            may_create_domains(server, caller, self._domains) for _, server, caller in self.domains()[:1]
        )

    def may(self, verb: str) -> bool:
        """Return whether the visitor may do this kind of work."""
        return self.is_known and self.caller.may(verb)

    @property
    def is_reader(self) -> bool:
        """Whether the visitor only chats and reads: then the pages of the lab are no help to them."""
        return self.is_known and not any(self.caller.may(verb) for verb in _LAB_VERBS)

    @contextmanager
    def errors_shown(self) -> Iterator[None]:
        """Show an error on the page instead of raising it; what the visitor typed stays as it is."""
        try:
            yield
        except Unauthenticated as error:
            with self.client.content:
                LogInAgain(self, str(error), error.hint)
        except LorewrightError as error:
            building = _building.get()
            if building is not None and building.note(error):
                return
            with self.client.content:
                tell_error(str(error), error.hint)

    async def load(self, work: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
        """Return what `work` returns, run in a thread; an error takes the place of the whole screen."""
        with coming_from(self._origin):
            return await anyio.to_thread.run_sync(partial(work, *args, **kwargs))

    async def attempt(self, work: Callable[..., Result], *args: Any, **kwargs: Any) -> Result | None:
        """Return what `work` returns, run in a thread; show its error and return `None` where it fails."""
        with self.errors_shown(), coming_from(self._origin):
            return await anyio.to_thread.run_sync(partial(work, *args, **kwargs))
        return None


def tell(text: str) -> None:
    """Tell the visitor that something is done."""
    ui.notify(text, type="positive", position="bottom-right", timeout=4000)


def warn(text: str) -> None:
    """Tell the visitor that something is done, but not all of it; it stays until it is closed."""
    ui.notify(
        text, type="warning", position="bottom-right", multi_line=True, timeout=0, color="warning",
        textColor="white", close_button=t("Close"), classes="lw-notice",
    )  # fmt: skip


def tell_error(message: str, hint: str = "") -> None:
    """Tell the visitor what went wrong and what to do; it stays until it is closed."""
    _log.info("shown to a visitor: %s", message)
    text = studio_words(f"{message}\n{hint}" if hint else message)
    ui.notify(
        text, type="negative", position="bottom-right", multi_line=True, timeout=0,
        close_button=t("Close"), classes="lw-notice",
    )  # fmt: skip


class LogInAgain:
    """A dialog that begins a new session without leaving the page."""

    def __init__(self, visit: Visit, message: str, hint: str) -> None:
        with ui.dialog(value=True).props("persistent") as self._dialog, ui.card().classes("lw-dialog"):
            ui.label(message).classes("lw-h2")
            ui.label(f"{hint} {t('Nothing on this page is lost.')}").classes("lw-muted")
            self._name = ui.input(t("Name")).props("outlined dense autocomplete=username")
            self._password = ui.input(t("Password"), password=True)
            self._password.props("outlined dense autocomplete=current-password")
            self._password.on("keydown.enter", self._log_in)
            self._wrong = ui.label().classes("lw-error").props('role="alert"')
            with ui.row().classes("lw-actions"):
                ui.button(t("Close"), on_click=self._dialog.close).props("flat no-caps")
                ui.button(t("Log in"), on_click=self._log_in).props("unelevated no-caps")
        self._visit = visit

    async def _log_in(self) -> None:
        values = (self._name.value, self._password.value, self._visit.client.id)
        given = ", ".join(json.dumps(value) for value in values)
        problem = await problem_in_browser(f"return await lorewright.logIn({given})")
        if problem:
            self._wrong.text = problem
        else:
            self._dialog.close()
            tell(t("You are logged in again."))
