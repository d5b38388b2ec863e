"""Working files for one answer."""

import threading

import pytest

from lorewright.agents.tools.memory_files import MOST_CHARACTERS, MOST_FILES, MemoryFiles
from lorewright.errors import BadParameter, LorewrightError, NotFound


def test_two_agents_that_write_one_file_leave_one_whole_text() -> None:
    """Neither half of one and half of the other, nor an error: the last one stands, the rest is counted."""
    files = MemoryFiles()
    texts = [f"text of agent {number} " * 500 for number in range(8)]
    former: list[int] = []
    threads = [
        threading.Thread(target=lambda text=text: former.append(files.write("notes.md", text)))
        for text in texts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert files.read("./notes.md") in texts
    assert sorted(former) == list(range(8))
    assert [one["path"] for one in files.left()] == ["notes.md"]


@pytest.mark.parametrize("path", ["/etc/passwd", "../out.md", "a/../../b.md", "", ".hidden", "nul\0l"])
def test_what_is_no_path_of_a_working_file_is_refused(path: str) -> None:
    """The same paths are files here as in a folder: a task behaves alike in both."""
    files = MemoryFiles()

    with pytest.raises(LorewrightError, match="no path of a working file"):
        files.write(path, "text")
    assert files.names() == []


def test_files_are_bounded_what_was_written_over_included() -> None:
    """A driver that writes for ever must not fill the memory, or the trace."""
    files = MemoryFiles()
    for _ in range(3):
        files.write("notes.md", "x" * (MOST_CHARACTERS // 4))
    with pytest.raises(BadParameter, match="limit is 100,000"):
        files.write("notes.md", "x" * (MOST_CHARACTERS // 2))
    for number in range(MOST_FILES - 1):
        files.write(f"{number}.md", "")
    with pytest.raises(BadParameter, match="20 files already"):
        files.write("one-more.md", "")

    assert len(files.read("notes.md")) == MOST_CHARACTERS // 4
    with pytest.raises(NotFound, match=r"no file 'one-more\.md'"):
        files.read("one-more.md")
