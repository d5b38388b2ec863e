"""Chat Studio: conversations at the left, the one that is open in the middle, its sources at the right."""

from collections.abc import Sequence

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.stylesheets import load_stylesheet
from lorewright.studio.screens.chat.chat_list import ChatList
from lorewright.studio.screens.chat.open_chat import OpenChat
from lorewright.studio.visit import Visit
from lorewright.workspace.chats.chats import Chat, find_chat, find_shared
from lorewright.workspace.chats.choices import (
    Choice,
    default_chat,
    model_choices,
    searching_chat,
    starter_questions,
)


async def show(visit: Visit, question: str = "") -> None:
    """Show a new chat, which is kept with its first question; `question` is asked at once."""
    loaded = await visit.attempt(_new, visit, is_about_documents=bool(question))
    if loaded is None:
        return
    chat, choices, starters = loaded
    if not choices:
        description = t("Download a model, or ask an administrator for access to one.")
        empty("forum", t("No model available"), description, action=t("Models"), on_click=_to_models)
        return
    await _show(visit, chat, choices, question=question, starters=starters)


async def show_one(visit: Visit, chat_id: str) -> None:
    """Show a chat of the visitor's own."""
    loaded = await visit.attempt(
        lambda: (find_chat(visit.server, visit.caller, chat_id), model_choices(visit.server, visit.caller))
    )
    if loaded is None:
        description = t("It was deleted, or you have no access to it.")
        empty("search_off", t("Chat not found."), description, action=t("New chat"), on_click=_to_new)
        return
    await _show(visit, *loaded)


async def show_shared(visit: Visit, token: str) -> None:
    """Show a chat that somebody shares, to read."""
    chat = await visit.attempt(lambda: find_shared(visit.server, visit.caller, token))
    if chat is None:
        description = t("Ask the sender for a new link.")
        empty(
            "link_off", t("This chat is not shared or is no longer shared."), description,
            also=(t("Your chats"), "/chat"),
        )  # fmt: skip
        return
    _dress()
    with ui.element("div").classes("lw-fill chat"):
        await OpenChat(visit, chat, [], token=token).show()


async def _show(
    visit: Visit, chat: Chat, choices: list[Choice], *, question: str = "", starters: Sequence[str] = ()
) -> None:
    _dress()
    with ui.element("div").classes("lw-fill chat"):
        listed = ChatList(visit, chat.id)
        await listed.show()
        await OpenChat(visit, chat, choices, listed=listed, starters=starters).show(question)


def _dress() -> None:
    load_stylesheet("chat")


def _new(visit: Visit, *, is_about_documents: bool) -> tuple[Chat, list[Choice], list[str]]:
    server, caller = visit.server, visit.caller
    choices = model_choices(server, caller)
    begin = searching_chat if is_about_documents else default_chat
    return begin(server, caller, choices), choices, starter_questions(server, caller)


def _to_new() -> None:
    ui.navigate.to("/chat")


def _to_models() -> None:
    ui.navigate.to("/models")
