"""The doors of the studio: the first administrator's account, and logging in."""

import json

from nicegui import ui

from lorewright.access.invitations import Invitation
from lorewright.access.passwords import MIN_CHARACTERS
from lorewright.errors import NotFound
from lorewright.studio import ROOT
from lorewright.studio.address import address
from lorewright.studio.browser import ask_browser, problem_in_browser
from lorewright.studio.i18n import t
from lorewright.studio.parts.cleanup import is_gone
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.visit import Visit
from lorewright.workspace.accounts.invitations import find_invitation
from lorewright.workspace.accounts.login import has_accounts
from lorewright.workspace.accounts.oidc import refusal_in

OIDC = "/lorewright/v1/oidc/login"


def show_login(visit: Visit, refused: str = "") -> None:
    """Ask for a name and a password; `refused` seals why a provider's login did not do."""
    ui.page_title(f"{t('Log in')} · Lorewright")
    why, hint = refusal_in(visit.server, refused) if refused else ("", "")
    with _door(t("Log in"), t("Lorewright answers from what {domain} knows.", domain=visit.server.name)):
        if why:
            with ui.element("div").classes("lw-note lw-bad lw-stack lw-tight").props('role="alert"'):
                Text("strong", t("Login failed."))
                Text("span", why)
                # Ours name paths of the API; here the way is the button below.
                Text("span", hint if "/lorewright/" not in hint and hint else t("Try again below."))
        name = _field(t("Name"), "username").props("autofocus")
        password = _field(t("Password"), "current-password", is_secret=True)
        wrong = Text("p", "", classes="lw-error").props('role="alert"')

        async def log_in() -> None:
            given = f"{json.dumps(name.value)}, {json.dumps(password.value)}"
            _enter(await problem_in_browser(f"return await lorewright.logIn({given})"), wrong)

        password.on("keydown.enter", log_in)
        ui.button(t("Log in"), on_click=log_in).props("unelevated no-caps").classes("lw-full")
        if visit.server.workspace.settings.oidc.issuer:
            # A page of its own: the provider must not be asked through the studio's socket.
            link = ui.element("a").props(f'href="{address(OIDC)}?to={address(ROOT)}/"')
            link.classes("lw-button lw-full lw-centred")
            with link:
                Text(
                    "span",
                    t("Try again with your organisation") if why else t("Log in with your organisation"),
                )


def show_welcome(visit: Visit) -> None:
    """Make the first account, with the key that the first start has shown."""
    ui.page_title(f"{t('Welcome')} · Lorewright")
    if has_accounts(visit.server):
        ui.navigate.to("/login")
        return
    description = t(
        "Create the administrator account. The key is in the terminal where the server was started."
    )
    with _door(t("Welcome to Lorewright"), description):
        key = _field(t("Administrator's key"), "off", is_secret=True)
        name = _field(t("User name"), "username").props("autofocus")
        password = _field(t("New password"), "new-password", is_secret=True)
        wrong = Text("p", "", classes="lw-error").props('role="alert"')

        async def take_key() -> None:
            """Take the key from the address, where the server's first start has put it."""
            given = await ask_browser("return lorewright.takeKey()")
            if given:
                key.set_value(str(given))
                key.set_visibility(False)

        async def make() -> None:
            given = ", ".join(json.dumps(one.value) for one in (key, name, password))
            _enter(await problem_in_browser(f"return await lorewright.welcome({given})"), wrong)

        password.on("keydown.enter", make)
        ui.button(t("Create account"), on_click=make).props("unelevated no-caps").classes("lw-full")
        ui.timer(0.05, take_key, once=True)


def show_invitation(visit: Visit) -> None:
    """Let whoever has the link of an invitation make their account."""
    ui.page_title(f"{t('Invitation')} · Lorewright")
    with _door(t("Welcome to {name}", name=visit.server.name), "") as door:
        waiting = muted(t("Loading …"))

    async def begin() -> None:
        token = str(await ask_browser("return lorewright.takeKey('token')") or "")
        if is_gone(door):
            return
        waiting.delete()
        with door:
            try:
                invitation = find_invitation(visit.server, token)
            except NotFound as error:
                with ui.element("div").classes("lw-note lw-bad").props('role="alert"'):
                    Text("strong", str(error))
                ui.link(t("Log in"), "/login")
                return
            _accept(token, invitation)

    ui.timer(0.05, begin, once=True)


def _accept(token: str, invitation: Invitation) -> None:
    muted(t("{who} has invited you. Choose a name and a password.", who=invitation.by))
    name = _field(t("User name"), "username").props("autofocus")
    name.set_value(invitation.name)
    password = _field(t("New password"), "new-password", is_secret=True)
    password.props(f'hint="{t("At least {n} characters", n=MIN_CHARACTERS)}"')
    wrong = Text("p", "", classes="lw-error").props('role="alert"')

    async def make() -> None:
        given = ", ".join(json.dumps(str(value or "")) for value in (token, name.value, password.value))
        problem = await problem_in_browser(f"return await lorewright.accept({given})")
        if problem:
            wrong.set_text(problem)
        else:
            ui.navigate.to("/")

    password.on("keydown.enter", make)
    ui.button(t("Create account"), on_click=make).props("unelevated no-caps").classes("lw-full")


def _enter(problem: str, wrong: Text) -> None:
    if problem:
        wrong.set_text(problem)
    else:
        ui.run_javascript("lorewright.enter()")


def _door(title: str, description: str) -> ui.element:
    with ui.element("main").classes("lw-door"):
        door = ui.element("section").classes("lw-card lw-door-card")
        with door:
            Text("h1", title, classes="lw-h1")
            if description:
                muted(description)
    return door


def _field(label: str, autocomplete: str, *, is_secret: bool = False) -> ui.input:
    field = ui.input(label, password=is_secret, password_toggle_button=is_secret)
    return field.props(f"outlined autocomplete={autocomplete}").classes("lw-full")
