"""`python -m docs.generate` makes every generated block of the documentation again."""

import sys

from docs.generate.pages import BLOCKS, write_page

for page in BLOCKS:
    sys.stdout.write(f"docs/{page}: {'changed' if write_page(page) else 'up to date'}\n")
