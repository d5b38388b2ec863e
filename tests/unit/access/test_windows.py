"""What is used lately, counted by several processes together."""

from contextlib import closing
from pathlib import Path

from limits import RateLimitItemPerMinute

from lorewright.access.windows import SharedWindows
from lorewright.storage import open_database, sqlite_url


def test_two_processes_keep_one_count(tmp_path: Path) -> None:
    """A limit must not grow with the number of processes that answer."""
    url = sqlite_url(tmp_path / "lorewright.db")
    with closing(open_database(url)) as database, closing(open_database(url)) as other_database:
        here, there = SharedWindows(database), SharedWindows(other_database)
        limit = RateLimitItemPerMinute(3)

        assert here.hit(limit, "requests", "ada", cost=2)
        assert not there.hit(limit, "requests", "ada", cost=2)
        assert there.hit(limit, "requests", "ada")
        assert not here.test(limit, "requests", "ada")
        assert here.get_window_stats(limit, "requests", "ada").remaining == 0
        assert here.test(limit, "requests", "grace")


def test_what_was_counted_can_be_forgotten(tmp_path: Path) -> None:
    """Whoever logs in at last is not held up by the attempts before."""
    with closing(open_database(sqlite_url(tmp_path / "lorewright.db"))) as database:
        windows = SharedWindows(database)
        limit = RateLimitItemPerMinute(1)
        windows.hit(limit, "account", "ada")

        windows.clear(limit, "account", "ada")

        assert windows.test(limit, "account", "ada")
