"""A full disk: one clear line, what was there still answers, and the same command works once there is room.

Needs the right to mount a small file system of its own; without it the tests are skipped.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

KB = 1024
SIZE_KB = 6 * KB
LINE = "The disk is full."

pytestmark = pytest.mark.thorough


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of six megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    made = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={SIZE_KB}k", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if not made or made.returncode:
        pytest.skip("no right to mount a file system")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def domain(disk: Path) -> Path:
    assert run(disk, "init", "handbook").returncode == 0
    folder = disk / "handbook"
    (folder / "lorewright.toml").write_text('[models]\nembedding = "hashing"\n')
    (folder / "documents" / "boats.md").write_text("# Boats\n\nThe key hangs behind the desk.\n")
    (folder / "examples" / "desk.jsonl").write_text(
        "".join(f'{{"prompt": "What of locker {n}?", "completion": "It is {n}."}}\n' for n in range(80))
    )
    assert run(folder, "add", "--sync").returncode == 0
    return folder


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lorewright.cli", *words],
        cwd=folder, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def fill(disk: Path, free_kb: int) -> None:
    """Leave so much room and no more."""
    status = os.statvfs(disk)
    left = status.f_bavail * status.f_frsize - free_kb * KB
    (disk / "fill").write_bytes(b"\0" * max(0, left))


def make_room(disk: Path) -> None:
    (disk / "fill").unlink()


WRITERS = (
    ("add", "PAGE"), ("add", "--sync", "PAGE"), ("tune",), ("import", "openai", "EXPORT"),
    ("backup", "BACKUP"), ("deploy", "quote", "--name", "desk"), ("init", "NEW"),
)  # fmt: skip


@pytest.mark.parametrize("words", WRITERS, ids=lambda words: words[0] + "-" + str(len(words)))
def test_whatever_writes_says_it_in_one_line_and_works_once_there_is_room(
    disk: Path, domain: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    page, export = tmp_path / "page.md", tmp_path / "export.jsonl"
    page.write_text("# Page\n\n" + "\n\n".join(f"Locker {n} is in row {n % 9}." for n in range(9000)))
    export.write_text(
        '{"messages": [{"role": "user", "content": "Hi?"}, {"role": "assistant", "content": "Hello."}]}\n'
    )
    places = {
        "PAGE": str(page), "EXPORT": str(export), "BACKUP": str(disk / "b.tar.gz"), "NEW": str(disk / "new"),
    }  # fmt: skip
    command = [places.get(word, word) for word in words]
    fill(disk, 0)

    full = run(domain, *command)
    make_room(disk)

    assert full.returncode
    assert LINE in full.stderr
    assert "Traceback" not in full.stderr
    assert "sqlalche" not in full.stderr
    if words[0] != "tune":  # which would take minutes; that it begins is enough
        again = run(domain, *command)
        assert again.returncode == 0, again.stderr


@pytest.mark.parametrize("free_kb", [16, 64, 200, 600])
def test_a_disk_that_fills_up_in_the_middle_loses_nothing(
    disk: Path, domain: Path, tmp_path: Path, free_kb: int
) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Page\n\n" + "\n\n".join(f"Locker {n} is in row {n % 9}." for n in range(9000)))
    fill(disk, free_kb)

    full = run(domain, "add", str(page))
    make_room(disk)
    again = run(domain, "add", str(page))

    assert full.returncode
    assert LINE in full.stderr
    assert again.returncode == 0, again.stderr
    assert "page.md" in run(domain, "search", "locker 8123").stdout


def test_a_full_disk_still_answers(disk: Path, domain: Path) -> None:
    fill(disk, 0)

    assert "behind the desk" in run(domain, "ask", "Where is the key?", "--arm", "quote").stdout
    assert "boats.md" in run(domain, "search", "key").stdout
    for words in (("advise",), ("doctor",), ("report",)):
        assert LINE not in run(domain, *words).stderr
