"""What the tests of documents share."""

import re

import pytest

from lorewright.documents import TokenOffsets


@pytest.fixture
def words() -> TokenOffsets:
    """Count every word and every mark as one token."""
    return lambda text: [found.span() for found in re.finditer(r"\w+|[^\w\s]", text)]
