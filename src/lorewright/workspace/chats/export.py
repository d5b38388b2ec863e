"""A chat as a file: the branch in sight as Markdown to read, or the whole tree as JSON."""

import re
from collections.abc import Sequence
from typing import Any

from lorewright.workspace.chats.chats import Chat
from lorewright.workspace.chats.turns import Answer, Turn, Turns, branch


def chat_as_markdown(chat: Chat, turns: Turns) -> str:
    """Return the branch in sight as Markdown: questions, answers, and what they rest on."""
    parts = [f"# {_line(chat.title)}"]
    for turn in branch(turns, chat.leaf):
        parts.append("\n".join(f"> {line}".rstrip() for line in turn.question.splitlines()))
        names = names_of(turn)
        for name, answer in zip(names, turn.answers, strict=True):
            head = [f"**{name}**"] if len(turn.answers) > 1 else []
            parts += [*head, str(answer["text"]) or "*(no answer)*", *_sources(answer)]
    return "\n\n".join(parts) + "\n"


def chat_as_json(chat: Chat, turns: Turns) -> dict[str, Any]:
    """Return a chat with every branch; each turn names the one `before` it, `leaf` is the last in sight."""
    turns_told = [_turn(turn) for turn in turns.values()]
    return {**chat_summary(chat), "leaf": chat.leaf or None, "turns": turns_told}


def chat_summary(chat: Chat) -> dict[str, Any]:
    """Return a chat without what was said in it; `share` is the end of the link under which it is shared."""
    return {
        "object": "chat",
        "id": chat.id,
        "title": chat.title,
        "folder": chat.folder,
        "models": list(chat.models),
        "stores": list(chat.stores),
        "is_blind": chat.is_blind,
        "used_at": int(chat.at),
        "share": chat.token or None,
    }


def file_name_of(chat: Chat, suffix: str) -> str:
    """Return a name for the file that any file system takes."""
    plain = re.sub(r"[^\w\- ]+", "", chat.title).strip()[:60] or "chat"
    return f"{plain}.{suffix}"


def names_of(turn: Turn) -> Sequence[str]:
    """Return what the answers of a turn are called: their models, or letters while names are hidden."""
    if turn.hides_names:
        return [f"Answer {letter}" for letter in "ABCDEF"[: len(turn.answers)]]
    return [str(answer["model"]) for answer in turn.answers]


def _turn(turn: Turn) -> dict[str, Any]:
    names = names_of(turn)
    return {
        "id": turn.id,
        "before": turn.before or None,
        "question": turn.question,
        "created_at": int(turn.at),
        "vote": turn.vote,
        "answers": [{**answer, "model": name} for name, answer in zip(names, turn.answers, strict=True)],
    }


def _sources(answer: Answer) -> list[str]:
    lines = {}
    for cited in answer.get("citations", ()):
        page = f", page {cited['page']}" if cited.get("page") else ""
        lines[f"- [{cited['number']}] {cited['name']}{page}: {_line(cited['quote'])}"] = True
    return ["\n".join(lines)] if lines else []


def _line(text: str) -> str:
    return " ".join(text.split())
