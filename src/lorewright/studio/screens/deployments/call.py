"""How programs call a deployment: code in three languages, with a key that may do just that."""

from nicegui import ui

from lorewright.access import DOMAIN_STORE, Limits
from lorewright.access.roles import Rights
from lorewright.studio.i18n import t
from lorewright.studio.parts.api_snippets import KEY_PLACEHOLDER, snippet_texts
from lorewright.studio.parts.copied import copy_button, snippets
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.visit import Visit
from lorewright.workspace.accounts.keys import make_key


def show_call(visit: Visit, name: str) -> None:
    """Show how to call a deployment; a key is made beside it, and stands in the code from then on."""

    @ui.refreshable
    def code(secret: str) -> None:
        snippets(t("Language"), snippet_texts(visit.base_url, name, secret or KEY_PLACEHOLDER))
        if secret:
            muted(t("This key only chats with {name}. It is not shown again.", name=name))
            with ui.element("div").classes("lw-row"):
                Text("code", secret, classes="lw-mono lw-secret").props('data-testid="call-secret"')
                copy_button(t("Copy key"), secret)
            return

        async def make() -> None:
            made = await visit.attempt(lambda: call_key(visit, name))
            if made:
                code.refresh(made)

        button = ui.button(t("Create a key for this deployment"), icon="key", on_click=make)
        button.props("outline no-caps").classes("lw-start")

    with card(t("Call it"), t("Works with any OpenAI client. Citations are in the annotations.")):
        code("")


def call_key(visit: Visit, name: str) -> str:
    """Return the secret of a new key that may do nothing but chat with one deployment.

    It reads the documents that nobody restricted, as far as its user may.
    """
    rights = Rights(verbs=("chat",), models=(name,), stores=(DOMAIN_STORE,))
    return make_key(
        visit.server, visit.caller, name=t("calls {name}", name=name), user=None, rights=rights,
        limits=Limits(), expires_at=None,
    )[1]  # fmt: skip
