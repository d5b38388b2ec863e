"""Input/output examples: read, check, deduplicate, split."""

from lorewright.datasets.duplicates import Deduplicated, Duplicate, Embed, deduplicate, near_duplicates
from lorewright.datasets.example import Example, example_id
from lorewright.datasets.mapping import ColumnMapping
from lorewright.datasets.reading import Examples, FileMapping, example_from, read_examples
from lorewright.datasets.split import Split, is_held_out, split, spoken

__all__ = [
    "ColumnMapping",
    "Deduplicated",
    "Duplicate",
    "Embed",
    "Example",
    "Examples",
    "FileMapping",
    "Split",
    "deduplicate",
    "example_from",
    "example_id",
    "is_held_out",
    "near_duplicates",
    "read_examples",
    "split",
    "spoken",
]
