"""The page on flows knows every kind of node."""

import re
from pathlib import Path

from lorewright.flows import describe_kinds

PAGE = Path(__file__).parents[2] / "docs" / "guide" / "flows.md"


def test_every_kind_of_node_stands_in_the_table() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(), re.MULTILINE)

    assert sorted(listed) == sorted(kind["kind"] for kind in describe_kinds())
