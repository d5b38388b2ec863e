"""The flow editor's drawings: one for every kind of node."""

import re
from pathlib import Path

from lorewright.flows import describe_kinds

DRAWN = Path(__file__).parents[3] / "vendor" / "src" / "flow_editor" / "Icon.vue"


def test_every_kind_of_node_has_a_drawing_of_its_own() -> None:
    """A palette of equal boxes cannot be scanned by eye."""
    names = set(re.findall(r'^  (\w+): "M', DRAWN.read_text(), re.MULTILINE))

    assert {kind["kind"] for kind in describe_kinds()} <= names
