"""What followers of a job hear."""

from pathlib import Path

from lorewright.jobs import Queue
from lorewright.storage import open_database, sqlite_url


def test_a_follower_hears_every_progress_though_only_the_newest_is_kept(tmp_path: Path) -> None:
    """A bar that stands still for minutes looks like a hang."""
    queue = Queue(open_database(sqlite_url(tmp_path / "jobs.db")))
    job = queue.submit("count", {})
    seen = 0
    for done in (1, 2, 3):
        queue.tell(job.id, "progress", {"label": "counting", "done": done, "total": 3})
        heard = queue.events(job.id, after=seen)
        assert [event.body["done"] for event in heard] == [done]
        seen = heard[-1].id
