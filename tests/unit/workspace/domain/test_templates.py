"""A domain made out of a template: all of it, or nothing, and never over something else."""

from pathlib import Path

import pytest

from lorewright.cli.main import main
from lorewright.errors import AlreadyADomain, NotADomain, UnknownName
from lorewright.workspace.domain.folder import init_domain
from lorewright.workspace.domain.templates import create_from_template, files_of, get_template, templates

NAME = "contract-analysis"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("name", templates())
def test_every_file_of_a_template_is_copied(tmp_path: Path, name: str) -> None:
    folder = create_from_template(tmp_path / "mine", name)
    assert contents(folder) == {
        path: entry.read_bytes() for path, entry in files_of(get_template(name).domain)
    }
    assert all((folder / part).is_dir() for part in ("documents", "examples", "questions"))


def test_an_existing_domain_is_refused_and_loses_nothing(tmp_path: Path) -> None:
    """Whoever types the wrong folder must find everything as it was."""
    folder = init_domain(tmp_path / "mine")
    (folder / "documents" / "own.md").write_text("# Mine\n")
    before = contents(folder)
    with pytest.raises(AlreadyADomain, match="Nothing was changed"):
        create_from_template(folder, NAME)
    assert contents(folder) == before


def test_a_file_that_would_be_replaced_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("My own notes.\n")
    with pytest.raises(AlreadyADomain, match=r"README\.md"):
        create_from_template(tmp_path, NAME)
    assert contents(tmp_path) == {"README.md": b"My own notes.\n"}


def test_other_files_stay_where_they_are(tmp_path: Path) -> None:
    """A repository that was just begun may become a domain."""
    (tmp_path / "LICENSE").write_text("All rights reserved.\n")
    create_from_template(tmp_path, NAME)
    assert (tmp_path / "LICENSE").read_text() == "All rights reserved.\n"


def test_what_was_interrupted_is_completed(tmp_path: Path) -> None:
    """The settings come last: until then it is no domain, and the same command goes on."""
    first = next(path for path, _ in files_of(get_template(NAME).domain) if path.startswith("documents/"))
    (tmp_path / "documents").mkdir()
    (tmp_path / first).write_bytes((get_template(NAME).domain / first).read_bytes())
    assert (create_from_template(tmp_path, NAME) / "lorewright.toml").is_file()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("")
    with pytest.raises(NotADomain, match="is a file"):
        create_from_template(tmp_path / "mine", NAME)


def test_an_unknown_name_lists_those_that_exist(tmp_path: Path) -> None:
    with pytest.raises(UnknownName) as refused:
        create_from_template(tmp_path / "mine", "contracts")
    assert NAME in (refused.value.hint or "")
    assert not (tmp_path / "mine").exists()


def test_the_command_line_lists_creates_and_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The name alone is enough: the folder is called like the template."""
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--template"]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in templates())
    assert main(["init", "--template", NAME]) == 0
    assert "ask a lawyer" in capsys.readouterr().out
    assert main(["init", "--template", NAME]) == 2
    assert main(["init", "elsewhere", "--template", "nonsense"]) == 2
    assert NAME in capsys.readouterr().err
    assert main(["init"]) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == [NAME]
