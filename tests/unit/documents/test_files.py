"""Which files of a folder are read."""

from pathlib import Path

from lorewright.documents import find_files, is_readable


def test_hidden_files_and_lock_files_are_left_out(tmp_path: Path) -> None:
    for name in ("b.md", "a/c.md", ".git/config", ".hidden.md", "~$open.docx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")

    assert [path.relative_to(tmp_path).as_posix() for path in find_files(tmp_path)] == ["a/c.md", "b.md"]


def test_a_loop_of_folders_ends(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.md").write_text("x")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "broken.md").symlink_to(tmp_path / "nowhere")

    assert find_files(tmp_path) == [tmp_path / "a" / "b.md"]


def test_kinds_are_known_by_suffix() -> None:
    known = ["a.md", "a.PDF", "a.docx", "a.html", "a.jsonl", "a.tar.gz", "README"]

    assert [name for name in [*known, "a.exe", "a.rar", "a.mp3"] if is_readable(Path(name))] == known
