"""Work that goes on when its caller has been answered."""

import threading
from collections.abc import Iterator
from pathlib import Path

from lorewright.models import Stopped, never
from lorewright.storage.held_names import NamesInFolder
from lorewright.workspace.server.resumable_work import Event, ResumableWork


def test_all_that_a_work_tells_is_heard_by_who_follows_it(tmp_path: Path) -> None:
    later, go_on = ResumableWork(NamesInFolder(tmp_path)), threading.Event()

    def work(_: Stopped) -> Iterator[Event]:
        yield {"number": 1}
        go_on.wait(10)
        yield {"number": 2}

    later.begin("a", work)
    told = later.follow("a", stopped=never)
    assert next(told) == {"number": 1}
    go_on.set()
    assert list(told) == [{"number": 2}]
    later.close()
    assert not later.is_at("a")


def test_what_one_process_is_at_another_leaves_alone(tmp_path: Path) -> None:
    """Two on one folder are as two processes: what one holds, the other sees."""
    one, other, go_on = (
        ResumableWork(NamesInFolder(tmp_path)),
        ResumableWork(NamesInFolder(tmp_path)),
        threading.Event(),
    )
    begun: list[str] = []

    def work(name: str) -> Iterator[Event]:
        begun.append(name)
        yield {}
        go_on.wait(10)

    one.begin("a", lambda _: work("one"))
    assert next(one.follow("a", stopped=never)) == {}
    assert other.is_at("a")
    other.begin("a", lambda _: work("other"))
    go_on.set()
    one.close()
    other.close()
    assert begun == ["one"]


def test_work_that_is_stopped_ends(tmp_path: Path) -> None:
    later = ResumableWork(NamesInFolder(tmp_path))

    def work(stopped: Stopped) -> Iterator[Event]:
        while not stopped():
            yield {}

    later.begin("a", work)
    later.stop("a")
    later.close()
    assert not later.is_at("a")
