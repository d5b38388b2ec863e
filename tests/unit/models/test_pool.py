"""Engines that many share."""

import threading
import time
from pathlib import Path

import pytest

from lorewright.errors import Cancelled, Overloaded, TooLittleMemory
from lorewright.messages import Message
from lorewright.models import Engine, EngineKey, EnginePool, PooledEngine, Sampling
from lorewright.models.fair_queue import FairQueue
from lorewright.models.fakes import ScriptedEngine


def wait_until_waiting(turns: FairQueue, n: int) -> None:
    while turns.n_waiting < n:
        time.sleep(0.001)


def test_who_asks_much_does_not_hold_up_who_asks_once() -> None:
    turns, order = FairQueue(1), list[str]()

    def work(who: str) -> None:
        with turns.turn(who):
            order.append(who)

    threads = []
    with turns.turn("first"):
        for n, who in enumerate(["busy", "busy", "busy", "once"], start=1):
            threads.append(threading.Thread(target=work, args=(who,)))
            threads[-1].start()
            wait_until_waiting(turns, n)
    for thread in threads:
        thread.join()
    assert order == ["busy", "once", "busy", "busy"]


def test_too_long_a_line_is_refused_with_a_time_to_come_again() -> None:
    turns = FairQueue(1, max_waiting=0)
    with pytest.raises(Overloaded) as told, turns.turn("a"):
        pass
    assert told.value.retry_after_seconds >= 1


def test_who_leaves_the_line_does_not_hold_it_up() -> None:
    turns = FairQueue(1)
    with turns.turn("a"), pytest.raises(Cancelled), turns.turn("b", stopped=lambda: True):
        pass
    assert turns.n_waiting == 0
    with turns.turn("c"):
        pass


class Opened:
    """Opens scripted engines and notes which are open."""

    def __init__(self) -> None:
        self.open: list[str] = []

    def __call__(self, key: EngineKey) -> Engine:
        self.open.append(key.uri)
        opened = self.open

        class Noted(ScriptedEngine):
            def close(self) -> None:
                opened.remove(key.uri)

        return Noted({}, otherwise=key.uri, name=key.uri)


def test_the_longest_unused_engine_makes_room() -> None:
    opened = Opened()
    pool = EnginePool(opened, lambda _: 40, memory_bytes=100)
    for uri in ("a", "b", "a", "c"):
        with pool.lease(EngineKey(uri)):
            pass
    assert opened.open == ["a", "c"]
    pool.close()
    assert opened.open == []


def test_an_engine_that_can_never_fit_is_refused(tmp_path: Path) -> None:
    pool = EnginePool(Opened(), lambda _: 200, memory_bytes=100)
    with (
        pytest.raises(TooLittleMemory, match="the memory limit for models"),
        pool.lease(EngineKey(str(tmp_path))),
    ):
        pass


def test_a_pooled_engine_answers_as_the_engine_does() -> None:
    engine = PooledEngine(EnginePool(Opened(), lambda _: 1, memory_bytes=10), EngineKey("a"))
    said = engine.stream([Message("user", "?")], sampling=Sampling())
    assert "".join(piece.text for piece in said) == "a"
    assert engine.name == "a"
    assert engine.count_tokens([Message("user", "one two")]) == 2
