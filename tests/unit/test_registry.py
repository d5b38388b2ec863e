"""Names for replaceable parts."""

import pytest

from lorewright.errors import MissingExtra, UnknownName
from lorewright.registry import Registry

PARTS: Registry[object] = Registry(
    "part", {"json": "json:loads", "absent": "no_such_library:thing"}, extras={"absent": "more"}
)


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
