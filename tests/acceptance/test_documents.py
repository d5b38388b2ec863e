"""Documents in, found, changed and gone: as a user sees it at a terminal."""

import os
import signal
import time

from tests.fixtures.command_line import Domain, worker_of


def found(domain: Domain, query: str) -> list[str]:
    return [hit["chunk"]["document_id"] for hit in domain.json("search", query, "-n", "1")]


def test_unchanged_documents_cost_nothing_and_changed_ones_replace(domain: Domain) -> None:
    first = domain.json("add", "--sync")
    assert (first["n_new"], first["n_chunks"]) == (3, 3)
    again = domain.json("add", "--sync")
    assert (again["n_unchanged"], again["n_chunks"]) == (3, 0)

    domain.write("documents/leave.md", "# Leave\n\nEveryone has 30 days of leave a year.\n")
    changed = domain.json("add", "--sync")
    assert (changed["n_changed"], changed["n_unchanged"], changed["n_chunks"]) == (1, 2, 1)
    hit = domain.json("search", "days of leave", "-n", "1")[0]
    assert "30 days" in hit["chunk"]["text"]
    assert hit["chunk"]["heading_path"] == ["Leave"]


def test_a_deleted_file_goes_with_its_document(domain: Domain) -> None:
    domain.run("add", "--sync")
    (domain.folder / "documents" / "travel.md").unlink()
    assert domain.json("add", "--sync")["n_removed"] == 1
    assert "travel.md" not in found(domain, "travel by train flights")


def test_files_from_elsewhere_are_copied_in(domain: Domain) -> None:
    (domain.folder.parent / "handbook" / "deep").mkdir(parents=True)
    (domain.folder.parent / "handbook" / "deep" / "pets.txt").write_text("Dogs may come on Fridays.")
    assert domain.json("add", "../handbook")["n_new"] == 1
    assert (domain.folder / "documents" / "handbook" / "deep" / "pets.txt").exists()
    assert found(domain, "dogs on Fridays") == ["handbook/deep/pets.txt"]


def test_an_unreadable_file_is_named_and_the_others_go_on(domain: Domain) -> None:
    (domain.folder / "documents" / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing else")
    added = domain.json("add", "--sync")
    assert added["n_new"] == 3
    assert list(added["unreadable"]) == ["broken.pdf"]


def test_a_deleted_state_is_built_again(domain: Domain) -> None:
    domain.run("add", "--sync")
    for path in sorted((domain.folder / ".lorewright" / "index").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    assert domain.json("add", "--sync")["n_chunks"] == 3
    assert found(domain, "days of leave") == ["leave.md"]


def test_a_killed_add_is_continued(domain: Domain) -> None:
    """`kill -9` of the command and of its worker: the next call ends with every document found."""
    for n in range(300):
        domain.write(f"documents/rooms/{n}.md", f"# Room {n}\n\n" + f"Room {n} has a table. " * 200)
    process = domain.start("add", "--sync")
    database = domain.folder / ".lorewright" / "lorewright.db"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (database.exists() and index_size(domain) > 0):
        time.sleep(0.05)
    worker = worker_of(process.pid)
    process.kill()
    os.kill(worker, signal.SIGKILL)
    process.communicate()

    added = domain.json("add", "--sync")
    assert added["n_new"] + added["n_unchanged"] == 303
    assert domain.json("doctor")  # says "all indexed"
    assert found(domain, "Room 299 table") == ["rooms/299.md"]


def index_size(domain: Domain) -> int:
    folder = domain.folder / ".lorewright" / "index"
    return sum(1 for path in folder.rglob("*") if path.is_file()) if folder.exists() else 0
