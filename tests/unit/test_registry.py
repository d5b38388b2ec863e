"""Names for replaceable parts."""

from pathlib import Path

import pytest

from lorewright.errors import BrokenPlugin, MissingExtra, UnknownName
from lorewright.registry import Registry, misplaced_plugins

PARTS: Registry[object] = Registry(
    "part",
    {"json": "json:loads", "absent": "no_such_library:thing"},
    extras={"absent": "more"},
    group="part",
)


def install(folder: Path, name: str, entry_points: str) -> None:
    """Write what an installer leaves of a distribution."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(entry_points)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the import path."""
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_a_part_is_imported_by_its_name() -> None:
    assert PARTS.load("json").__class__.__name__ == "function"


def test_an_unknown_name_says_which_there_are() -> None:
    with pytest.raises(UnknownName) as refused:
        PARTS.load("yaml")
    assert "'yaml'" in str(refused.value)
    assert "json" in refused.value.hint


def test_a_missing_library_says_what_to_install() -> None:
    with pytest.raises(MissingExtra) as refused:
        PARTS.load("absent")
    assert refused.value.hint == "Install it with: pip install 'lorewright[more]'"


def test_a_plugin_is_found_by_its_entry_point(path: Path) -> None:
    install(path, "acme", "[lorewright.part]\nrepr = builtins:repr\n")

    assert PARTS.names() == ["absent", "json", "repr"]
    assert PARTS.load("repr") is repr
    assert [(one.distribution, one.version, one.error) for one in PARTS.examine()] == [("acme", "1.0", "")]


def test_a_plugin_that_does_not_load_is_told_from_a_missing_extra(path: Path) -> None:
    """`pip install lorewright[…]` would not help: the package that is broken is named."""
    install(path, "acme", "[lorewright.part]\nnowhere = no_such_library:thing\n")

    with pytest.raises(BrokenPlugin, match=r"The part 'nowhere' of acme 1.0 does not load: Module"):
        PARTS.load("nowhere")


def test_a_plugin_that_is_something_else_is_refused(path: Path) -> None:
    install(path, "acme", "[lorewright.part]\npi = math:pi\n")

    with pytest.raises(BrokenPlugin, match="math:pi must be a callable"):
        PARTS.load("pi")


def test_a_built_in_name_and_the_first_package_win(path: Path) -> None:
    """Installing one more package never changes what a name means."""
    install(path, "acme", "[lorewright.part]\njson = builtins:repr\nshow = builtins:repr\n")
    install(path, "zeta", "[lorewright.part]\nshow = builtins:str\n")

    assert PARTS.load("json") is not repr
    assert PARTS.load("show") is repr
    errors = [one.error for one in PARTS.examine()]
    assert errors == [
        "hidden: 'json' is the name of a built-in part.",
        "",
        "hidden: acme 1.0 also has a part of this name.",
    ]


def test_a_group_that_nothing_looks_at_is_told(path: Path) -> None:
    """A misspelled group is the likeliest mistake of whoever writes a plug-in."""
    install(path, "acme", "[lorewright.parts]\nrepr = builtins:repr\n")

    [plugin] = [one for one in misplaced_plugins({"part": PARTS}) if one.distribution == "acme"]

    assert plugin.error == "unknown kind 'parts': use one of part."
