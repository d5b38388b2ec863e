"""Connecting a server of models: its address and key, a test, and the models that it has, one click each."""

from urllib.parse import urlsplit

from nicegui import ui

from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.server.providers import (
    Provider,
    ask_provider,
    connect_provider,
    find_providers,
)

N_SHOWN = 30
_WIDE = "min-width: min(260px, 100%)"


def show_providers(visit: Visit) -> ui.element:
    """Show a form for a server; return the place for those that run on this machine."""
    description = t(
        "Ollama, vLLM, llama-server, LM Studio, OpenAI and others that speak OpenAI's API. Questions and "
        "the passages found for them are sent there."
    )
    with card(t("Connect a provider"), description):
        place = ui.element("div").classes("lw-stack lw-tight")
        _Form(visit)
    return place


async def show_nearby(visit: Visit, place: ui.element) -> None:
    """Show the servers of models that run on this machine, once they were asked."""
    own_port = urlsplit(visit.base_url).port or 0
    nearby = await visit.attempt(find_providers, visit.caller, but=(own_port,))
    if nearby and not place.is_deleted:
        with place:
            for provider in nearby:
                _models(visit, provider, key="")


class _Form:
    """Address and key, tested before anything is changed."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        with ui.element("div").classes("lw-row"):
            self._address = ui.input(t("Address, such as https://api.openai.com/v1"))
            self._address.props("outlined dense").classes("lw-grow").style(_WIDE)
            self._key = ui.input(t("API key (leave empty if none is needed)"), password=True)
            self._key.props("outlined dense autocomplete=off").classes("lw-grow").style(_WIDE)
            self._test = ui.button(t("Test"), on_click=self._ask).props("unelevated no-caps")
        muted(t("The key is kept in a file on this server that only its user can read.")).classes("lw-small")
        self._address.on("keydown.enter", self._ask)
        self._key.on("keydown.enter", self._ask)
        self._result = ui.element("div").props('role="status"')

    async def _ask(self) -> None:
        visit, key = self._visit, str(self._key.value or "").strip()
        self._test.props("loading")
        self._result.clear()
        address = str(self._address.value or "")
        provider = await visit.attempt(ask_provider, visit.server, visit.caller, address, key)
        self._test.props(remove="loading")
        if provider is None:
            return
        with self._result:
            if provider.error:
                Text("p", provider.error, classes="lw-error").props('role="alert"')
            elif not provider.models:
                muted(t("The server answers but lists no models."))
            else:
                _models(visit, provider, key=key)


def _models(visit: Visit, provider: Provider, *, key: str) -> None:
    """Show the models of a server that answers, each with a button that answers with it from now on."""
    with ui.element("div").classes("lw-stack lw-tight"):
        with ui.element("div").classes("lw-row"):
            badge(t("answers"), "good")
            Text("span", provider.name or provider.base_url, classes="lw-strong lw-pre")
            if provider.name:
                Text("span", provider.base_url, classes="lw-small lw-muted lw-pre")
            n = len(provider.models)
            Text("span", tn("{n} model", "{n} models", n), classes="lw-small lw-muted")
        with ui.element("div").classes("lw-row"):
            for name in provider.models[:N_SHOWN]:
                _use(visit, provider, name, key)
        if len(provider.models) > N_SHOWN:
            _use_named(visit, provider, key)


def _use_named(visit: Visit, provider: Provider, key: str) -> None:
    """Let another of many models be chosen by its name."""
    with ui.element("div").classes("lw-row"):
        field = ui.input(t("Another of them"), autocomplete=list(provider.models))
        field.props("outlined dense").classes("lw-grow")

        async def use() -> None:
            await _connect(visit, provider, str(field.value or ""), key)

        ui.button(t("Use"), on_click=use).props("outline no-caps")


def _use(visit: Visit, provider: Provider, name: str, key: str) -> None:
    async def use() -> None:
        await _connect(visit, provider, name, key)

    button = ui.button(name, on_click=use).props("outline dense no-caps")
    button.props["aria-label"] = t("Use {name}", name=name)


async def _connect(visit: Visit, provider: Provider, name: str, key: str) -> None:
    def connect() -> bool:
        connect_provider(visit.server, visit.caller, provider.base_url, name, key)
        return True

    if await visit.attempt(connect):
        tell(t("{name} answers from now on.", name=name))
        ui.navigate.reload()
