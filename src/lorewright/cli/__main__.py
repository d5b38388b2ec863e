"""`python -m lorewright.cli` is `lorewright`."""

import sys

from lorewright.cli.main import main

sys.exit(main())
