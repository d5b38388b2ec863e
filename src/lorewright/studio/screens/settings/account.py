"""One's own account: who one is here, and another password."""

import json

from nicegui import ui

from lorewright.access.passwords import MIN_CHARACTERS
from lorewright.errors import BadParameter
from lorewright.studio.browser import ask_browser
from lorewright.studio.i18n import t
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.accounts.users_and_groups import change_user, find_user


async def show_account(visit: Visit) -> None:
    """Show the visitor's account, and let them choose another password."""
    user = await visit.attempt(lambda: find_user(visit.server, visit.caller, visit.caller.user))
    if user is None:
        return
    with card(t("My account")):
        Text("p", user.name, classes="lw-strong")
        if not user.password_hash:
            muted(t("You log in without a password. An administrator can set one."))
    if user.password_hash:
        _password_form(visit, user.name)


def _password_form(visit: Visit, name: str) -> None:
    with card(t("Change password"), t("You stay logged in here; other sessions end.")):
        with ui.element("div").classes("lw-fields"):
            current = ui.input(t("Current password"), password=True)
            current.props("outlined dense autocomplete=current-password")
            new = ui.input(t("New password"), password=True).props("outlined dense autocomplete=new-password")
            new.props(f'hint="{t("At least {n} characters", n=MIN_CHARACTERS)}"')
        wrong = Text("p", "", classes="lw-error").props('role="alert"')

        def changed() -> str:
            """Return what is wrong with the passwords, '' once the new one holds."""
            caller, password = visit.caller, str(new.value or "")
            try:
                change_user(
                    visit.server, caller, caller.user, {"password": password},
                    current_password=str(current.value or ""),
                )  # fmt: skip
            except BadParameter as error:
                return (
                    t("The current password is wrong.") if error.param == "current_password" else str(error)
                )
            return ""

        async def save() -> None:
            problem = await visit.attempt(changed)
            if problem is None:
                return
            wrong.set_text(problem)
            if not problem:
                await _begin_again(visit, name, str(new.value or ""))
                current.set_value("")
                new.set_value("")
                tell(t("Your password is changed."))

        new.on("keydown.enter", save)
        with ui.element("div").classes("lw-actions"):
            ui.button(t("Change password"), on_click=save).props("unelevated no-caps")


async def _begin_again(visit: Visit, name: str, password: str) -> None:
    """Begin a new session: a new password has ended all of them."""
    arguments = ", ".join(json.dumps(value) for value in (name, password, visit.client.id))
    await ask_browser(f"return await lorewright.logIn({arguments})")
