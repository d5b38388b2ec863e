"""Answers are kept until newer ones need the room."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.fixtures.served import lay_out

from lorewright.access import Caller
from lorewright.models import EngineKey
from lorewright.models.fakes import ScriptedEngine
from lorewright.workspace.answering.kept_answers import find_answer, list_answers
from lorewright.workspace.openai.chat_completions import chat
from lorewright.workspace.server.server import Server

KEY = Caller(id="key_test", name="test", is_admin=True)


def opened(_key: EngineKey) -> ScriptedEngine:
    """Return a model that always says the same."""
    return ScriptedEngine({}, otherwise="Yes.")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "handbook")


@contextmanager
def serving(folder: Path, n_kept: int) -> Iterator[Server]:
    """Open a home that keeps so many answers."""
    with (folder / "lorewright.toml").open("a") as settings:
        settings.write(f"\n[serve]\nn_answers_kept = {n_kept}\n")
    server = Server(folder, open_one=opened)
    yield server
    server.close()


def ask(server: Server, n: int, **more: object) -> list[str]:
    """Ask so many questions and return the ids of the answers."""
    asked = {"model": "parrot", "messages": [{"role": "user", "content": "Is it?"}], **more}
    return [chat(server, KEY, asked)["id"] for _ in range(n)]


def test_the_oldest_answers_make_room(folder: Path) -> None:
    with serving(folder, 10) as server:
        ids = ask(server, 24)
        kept = [record.id for record in list_answers(server, KEY, limit=100).records]
        assert 10 <= len(kept) <= 11
        assert find_answer(server, KEY, ids[-1]).body["text"] == "Yes."
        assert f"answer/{ids[0]}" not in kept


def test_nothing_is_kept_where_nothing_is_to_be(folder: Path) -> None:
    with serving(folder, 0) as server:
        ask(server, 2)
        assert list_answers(server, KEY).records == ()


def test_a_long_conversation_is_counted_without_its_words(folder: Path) -> None:
    with serving(folder, 10) as server:
        (answer_id,) = ask(server, 1, messages=[{"role": "user", "content": "very " * 20_000}])
        assert find_answer(server, KEY, answer_id).body["messages"] is None
