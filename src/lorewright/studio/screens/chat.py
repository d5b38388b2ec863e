"""Chat Studio: conversations at the left, the one that is open in the middle, its sources at the right."""

from nicegui import ui

from lorewright.studio.screens.chat_list import ChatList
from lorewright.studio.screens.chat_open import OpenChat
from lorewright.studio.visit import Visit
from lorewright.studio.words import t
from lorewright.workspace.ask import default_arm
from lorewright.workspace.chats import Chat, find_chat, find_shared, new_chat
from lorewright.workspace.served import list_served


async def show(visit: Visit, question: str = "") -> None:
    """Show a new chat; `question` is asked at once."""
    chat = await visit.load(_new, visit)
    await _show(visit, chat, question=question)


async def show_one(visit: Visit, chat_id: str) -> None:
    """Show a chat that is the visitor's own."""
    chat = await visit.load(lambda: find_chat(visit.home, visit.caller, chat_id))
    await _show(visit, chat)


async def show_shared(visit: Visit, token: str) -> None:
    """Show a chat that somebody shares, to read."""
    chat = await visit.load(lambda: find_shared(visit.home, visit.caller, token))
    _dress(chat)
    with ui.element("div").classes("lw-fill chat"):
        await OpenChat(visit, chat, listed=None, is_fixed=True).show()


async def _show(visit: Visit, chat: Chat, *, question: str = "") -> None:
    _dress(chat)
    with ui.element("div").classes("lw-fill chat"):
        listed = ChatList(visit, chat.id)
        await listed.show()
        await OpenChat(visit, chat, listed=listed).show(question)


def _dress(chat: Chat) -> None:
    ui.page_title(f"{chat.title or t('New chat')} · Lorewright")
    ui.add_head_html('<link rel="stylesheet" href="/studio/look/chat.css">')


def _new(visit: Visit) -> Chat:
    """Return a chat that is kept once something is asked in it; the best arm that there is answers."""
    served = [one.id for one in list_served(visit.home, visit.caller)]
    best = f"{visit.home.name}/{default_arm(visit.home.workspace)}"
    model = best if best in served else served[0] if served else ""
    if not model:
        return new_chat(visit.home, visit.caller, models=[])
    return Chat("", "", "", (model,), (), False, "", "", 0.0)  # noqa: FBT003 - a new one, all empty
