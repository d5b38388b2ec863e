"""What a pool tells of the calls of its engines."""

import itertools

import pytest

from lorewright.errors import QuotaReached, Transient
from lorewright.messages import Message
from lorewright.models import Call, EngineKey, EnginePool, PooledEngine, Sampling, Usage
from lorewright.models.fakes import ScriptedEngine

KEY = EngineKey("file:/models/parrot.gguf")
ASKED = (Message("user", "one two three"),)


class Book:
    """Notes calls, and admits everybody but the poor."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def admit(self, who: str) -> None:
        if who == "poor":
            raise QuotaReached("Nothing is left.")

    def note(self, call: Call) -> None:
        self.calls.append(call)


class Broken(ScriptedEngine):
    """Fails when it is asked."""

    def count_tokens(self, messages: object) -> int:  # noqa: ARG002
        raise Transient("The server is busy.")


def engine_for(book: Book, who: str, engine: ScriptedEngine | None = None) -> PooledEngine:
    opened = engine or ScriptedEngine(lambda _: "a b c d")
    pool = EnginePool(lambda _: opened, lambda _: 0, memory_bytes=1, meter=book)
    return PooledEngine(pool, KEY, who=who)


def test_a_call_is_noted_with_its_tokens_and_its_time() -> None:
    book = Book()
    list(engine_for(book, "ada").stream(ASKED, sampling=Sampling()))
    list(engine_for(book, "eve").chat({"messages": [ASKED[0].to_json()]}))
    assert [(call.who, call.engine, call.usage) for call in book.calls] == [
        ("ada", KEY, Usage(3, 4)),
        ("eve", KEY, Usage(3, 4)),
    ]
    assert all(call.seconds > 0 for call in book.calls)


def test_a_call_that_is_left_is_counted_as_far_as_it_came() -> None:
    """Else whoever hangs up before the end would pay nothing."""
    book = Book()
    engine = engine_for(book, "ada")
    pieces = engine.stream(ASKED, sampling=Sampling())
    assert len(list(itertools.islice(pieces, 2))) == 2
    pieces.close()  # type: ignore[attr-defined]
    chunks = engine.chat({"messages": [{"role": "user", "content": "one two"}]})
    next(chunks)
    chunks.close()  # type: ignore[attr-defined]
    assert [call.usage for call in book.calls] == [Usage(3, 2), Usage(2, 1)]


def test_who_may_not_ask_is_refused_before_the_model_is_asked() -> None:
    book, engine = Book(), ScriptedEngine(lambda _: "a")
    with pytest.raises(QuotaReached):
        list(engine_for(book, "poor", engine).stream(ASKED, sampling=Sampling()))
    assert engine.seen == []
    assert book.calls == []


def test_a_call_that_failed_is_noted_too() -> None:
    book = Book()
    with pytest.raises(Transient):
        list(engine_for(book, "ada", Broken(lambda _: "a")).stream(ASKED, sampling=Sampling()))
    assert [call.who for call in book.calls] == ["ada"]
