"""What is used lately, counted by several processes together."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lorewright.access.moving_windows import MemoryWindows, RateLimit, SharedWindows, Windows
from lorewright.storage import open_database, sqlite_url


def test_two_processes_keep_one_count(tmp_path: Path) -> None:
    """A limit must not grow with the number of processes that answer."""
    url = sqlite_url(tmp_path / "lorewright.db")
    with closing(open_database(url)) as database, closing(open_database(url)) as other_database:
        here, there = SharedWindows(database), SharedWindows(other_database)
        limit = RateLimit(3)

        assert here.hit(limit, "requests", "ada", cost=2)
        assert not there.hit(limit, "requests", "ada", cost=2)
        assert there.hit(limit, "requests", "ada")
        assert not here.test(limit, "requests", "ada")
        assert here.state(limit, "requests", "ada").remaining == 0
        assert here.test(limit, "requests", "grace")


def test_what_was_counted_can_be_forgotten(tmp_path: Path) -> None:
    """Whoever logs in at last is not held up by the attempts before."""
    with closing(open_database(sqlite_url(tmp_path / "lorewright.db"))) as database:
        windows = SharedWindows(database)
        limit = RateLimit(1)
        windows.hit(limit, "account", "ada")

        windows.clear(limit, "account", "ada")

        assert windows.test(limit, "account", "ada")


class Clock:
    """A clock that can be put forward and back."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "database"])
def windows(request: pytest.FixtureRequest, clock: Clock, tmp_path: Path) -> Iterator[Windows]:
    if request.param == "memory":
        yield MemoryWindows(clock)
        return
    with closing(open_database(sqlite_url(tmp_path / "lorewright.db"))) as database:
        yield SharedWindows(database, clock)


def test_a_minute_later_there_is_more(windows: Windows, clock: Clock) -> None:
    limit = RateLimit(1)
    assert windows.hit(limit, "requests", "ada")
    clock.now += 59
    assert not windows.hit(limit, "requests", "ada")
    clock.now += 2
    assert windows.hit(limit, "requests", "ada")


def test_a_clock_that_is_put_back_shuts_nobody_out(windows: Windows, clock: Clock) -> None:
    """Otherwise what was used before would count until the clock has caught up: for hours, or years."""
    limit = RateLimit(1)
    windows.hit(limit, "requests", "ada")
    clock.now -= 86_400
    assert windows.hit(limit, "requests", "ada")
    assert not windows.hit(limit, "requests", "ada")
    clock.now += 61
    assert windows.hit(limit, "requests", "ada")


def test_a_clock_that_is_put_forward_gives_a_fresh_minute_and_no_more(windows: Windows, clock: Clock) -> None:
    limit = RateLimit(1)
    windows.hit(limit, "requests", "ada")
    clock.now += 86_400
    assert windows.hit(limit, "requests", "ada")
    assert not windows.hit(limit, "requests", "ada")


def test_names_that_nobody_uses_are_forgotten(clock: Clock) -> None:
    """Every address that tries to log in is one: they must not fill the memory."""
    windows, limit = MemoryWindows(clock), RateLimit(1)
    for n in range(10_001):
        windows.hit(limit, "address", str(n))
    clock.now += 61
    for n in range(10_001):
        windows.hit(limit, "address", f"new {n}")
    assert windows.n_names <= 10_001
