"""`python -m docs.generate` makes every generated block of the documentation again."""

import sys

from docs.generate.glossary import COPY, write_copy
from docs.generate.pages import BLOCKS, write_page

for page in BLOCKS:
    sys.stdout.write(f"docs/{page}: {'changed' if write_page(page) else 'up to date'}\n")
sys.stdout.write(f"{COPY.name}: {'changed' if write_copy() else 'up to date'}\n")
