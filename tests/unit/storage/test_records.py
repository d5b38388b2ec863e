"""Values that clients make, list and change."""

import threading
from pathlib import Path

import pytest

from lorewright.errors import NotFound, UserError
from lorewright.storage import Records, open_database, sqlite_url


@pytest.fixture
def files(tmp_path: Path) -> Records:
    return Records(open_database(sqlite_url(tmp_path / "server.db")), "file")


def test_a_list_goes_on_where_a_page_ended(files: Records) -> None:
    for number in range(5):
        files.add(f"file-{number}", {"n": number})
    first = files.page(limit=2)
    second = files.page(limit=2, after=first.records[-1].id)
    assert [record.id for record in first.records + second.records] == [
        "file-4",
        "file-3",
        "file-2",
        "file-1",
    ]
    assert first.has_more
    assert not files.page(limit=2, after="file-1").has_more
    assert [record.id for record in files.page(order="asc", before="file-2").records] == ["file-0", "file-1"]


def test_a_list_knows_parents_owners_and_labels(files: Records) -> None:
    files.add("a", {}, parent="p", owner="me", label="done")
    files.add("b", {}, parent="p", owner="you", label="done")
    assert [record.id for record in files.all(parent="p", owner="me", label="done")] == ["a"]
    assert files.count(label="done") == 2


def test_no_change_is_lost_when_two_change_at_once(files: Records) -> None:
    files.add("counter", {"n": 0})

    def count() -> None:
        for _ in range(20):
            files.change("counter", lambda body: {"n": body["n"] + 1})

    threads = [threading.Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert files.get("counter").body == {"n": 40}


def test_what_is_not_there_says_so(files: Records) -> None:
    with pytest.raises(NotFound, match="No file found with id 'x'"):
        files.get("x")
    with pytest.raises(NotFound):
        files.remove("x")
    with pytest.raises(UserError, match="'x'; it cannot be used as a cursor"):
        files.page(after="x")


def test_what_several_own_is_one_list(files: Records) -> None:
    for number, owner in enumerate(["ada", "eve", "sam"]):
        files.add(f"file-{number}", {}, owner=owner)
    assert [record.owner for record in files.all(owner=("ada", "sam"))] == ["ada", "sam"]
    assert [record.owner for record in files.page(owner=("eve",)).records] == ["eve"]
    assert files.all(owner=()) == []


def test_what_many_add_to_at_once_is_all_there(files: Records) -> None:
    """Usage is counted by every request: none may be lost, also not the first ones."""

    def count() -> None:
        for _ in range(10):
            files.put("counter", lambda body: {"n": body.get("n", 0) + 1}, label="counts")

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert files.get("counter").body == {"n": 40}
    assert files.get("counter").label == "counts"


def test_what_is_of_another_owner_or_parent_is_not_found(files: Records) -> None:
    """It is left to the database, which does not read it: how long that took would tell that it is there."""
    files.add("n1", {"text": "a"}, owner="ann", parent="p1")

    assert files.find("n1", owner=("ann", "bea")) == files.find("n1")
    assert files.find("n1", owner="bea") is None
    assert files.find("n1", owner=("ann",), parent="p2") is None
