"""Files of real formats, made here from nothing but bytes."""

from pathlib import Path

import pytest
from tests.fixtures.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Writes files into a fresh folder."""
    return Office(tmp_path)
