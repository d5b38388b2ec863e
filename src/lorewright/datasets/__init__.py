"""Input/output examples: read, check, deduplicate, split."""

from lorewright.datasets.example import Example, example_id

__all__ = ["Example", "example_id"]
