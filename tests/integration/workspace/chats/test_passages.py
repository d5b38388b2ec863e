"""The documents' own words beside an answer: above a small model's text, and below a refusal."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lorewright.access import Caller
from lorewright.jobs import Steps
from lorewright.models.fakes import ScriptedEngine
from lorewright.workspace.chats.asking import ask, find_live
from lorewright.workspace.chats.chats import new_chat
from lorewright.workspace.chats.choices import default_chat, model_choices, searching_chat
from lorewright.workspace.chats.turns import find_turn
from lorewright.workspace.documents.add import add
from lorewright.workspace.server.server import Server

ADA = Caller(id="key_ada", name="Ada", is_admin=True)
LEAVE = "Every employee has 28 days of leave a year."
QUESTION = "How many days of leave does every employee have?"
Opened = Callable[..., Server]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Open a server over a page about leave, whose model always says the same."""
    servers: list[Server] = []

    def begin(says: str, chat: str = "", pages: tuple[str, ...] = (LEAVE,)) -> Server:
        model = f'chat = "{chat}"\n' if chat else ""
        (tmp_path / "lorewright.toml").write_text(f'[models]\nembedding = "hashing"\n{model}')
        (tmp_path / "documents").mkdir()
        for n, page in enumerate(pages):
            (tmp_path / "documents" / f"page{n}.md").write_text(f"# Leave\n\n{page}\n")
        server = Server(tmp_path, open_one=lambda _: ScriptedEngine(lambda _: says, name="parrot"))
        order: dict[str, Any] = {"paths": [], "is_sync": True}
        job = server.workspace.queue.submit("add", order)
        add(server.workspace, order, Steps(server.workspace.queue, job.id, 1))
        servers.append(server)
        return server

    yield begin
    for server in servers:
        server.close()


def answered(server: Server, arm: str, question: str = QUESTION) -> dict[str, Any]:
    chat = new_chat(server, ADA, models=[f"{server.name}/{arm}"])
    turn = ask(server, ADA, chat.id, question)
    while find_live(server, ADA, turn, 0) is not None:
        threading.Event().wait(0.01)
    return dict(find_turn(server, ADA, turn.id).answers[0])


def test_a_small_models_answer_has_the_documents_own_words_beside_it(opened: Opened) -> None:
    """A wrong sentence beside the right page costs all trust: the page's sentence stands there too."""
    answer = answered(opened(f"{LEAVE} [1]"), "rag")

    assert answer["is_small"]
    assert [passage["quote"] for passage in answer["passages"]] == [LEAVE]


def test_a_chosen_models_answer_stands_for_itself(opened: Opened) -> None:
    """Whoever chose a model reads its answer, not three quotes first."""
    answer = answered(opened(f"{LEAVE} [1]", chat="file:/models/parrot.gguf"), "rag")

    assert not answer["is_small"]
    assert "passages" not in answer


def test_an_answer_that_is_withheld_says_so_and_shows_the_closest_passages(opened: Opened) -> None:
    """A refusal is wrong where they hold it, and the model only said it badly."""
    server = opened("It was founded by Bartholomew Quill in 1871.", chat="file:/models/parrot.gguf")

    answer = answered(server, "rag")

    assert (answer["refused"], answer["why_refused"]) == (True, "withheld")
    assert [passage["quote"] for passage in answer["passages"]] == [LEAVE]


def test_a_question_to_the_documents_is_asked_of_who_searches_them(opened: Opened) -> None:
    """Whom somebody chatted with last must not answer a question to the documents without them."""
    server = opened(f"{LEAVE} [1]", chat="file:/models/parrot.gguf")
    answered(server, "base")
    choices = model_choices(server, ADA)

    assert default_chat(server, ADA, choices).models == (f"{server.name}/base",)
    assert searching_chat(server, ADA, choices).models == (f"{server.name}/rag",)
