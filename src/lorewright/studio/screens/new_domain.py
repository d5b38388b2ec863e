"""A new domain on this server: its name, empty or from a template."""

import json

from nicegui import ui

from lorewright.studio.browser import problem_in_browser
from lorewright.studio.i18n import t
from lorewright.studio.parts.choices import Choices
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.stylesheets import load_stylesheet
from lorewright.studio.parts.text import Text
from lorewright.studio.visit import Visit
from lorewright.workspace.domain.siblings import MAX_CHARACTERS
from lorewright.workspace.domain.templates import templates

EMPTY = "-"


def show(visit: Visit) -> None:
    """Ask for a name and what the domain begins with."""
    load_stylesheet("compare")  # the look of choices
    about = t("Each domain has its own documents, examples, models, chats, users and permissions.")
    with heading(t("New domain"), about):
        pass
    if not visit.may_create_domains:
        empty("lock", t("You cannot create domains here."), t("Ask an administrator of this server."))
        return
    with card():
        name = ui.input(t("Name")).props(f"outlined autofocus maxlength={MAX_CHARACTERS}").classes("lw-full")
        name.props(f'hint="{t("Also the name of its folder")}"')
        empty_choice = (EMPTY, t("Empty"), t("Add your own documents."), "")
        offered = [(one.name, one.title, one.summary, "") for one in templates().values()]
        choices = Choices(t("Start with"), [empty_choice, *offered], lambda: None, is_single=True)
        choices.choose({EMPTY})
        wrong = Text("p", "", classes="lw-error").props('role="alert"')

        async def create() -> None:
            if not str(name.value or "").strip():
                wrong.set_text(t("Enter a name."))
                return
            template = next(iter(choices.chosen), EMPTY)
            given = json.dumps(str(name.value or "")), json.dumps("" if template == EMPTY else template)
            button.props("loading")
            wrong.set_text(await problem_in_browser(f"return await lorewright.newDomain({', '.join(given)})"))
            button.props(remove="loading")

        name.on("keydown.enter", create)
        button = (
            ui.button(t("Create domain"), on_click=create).props("unelevated no-caps").classes("lw-start")
        )
