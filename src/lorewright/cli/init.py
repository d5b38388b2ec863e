"""Create the folder of a new domain, with a commented lorewright.toml.

Example:
  lorewright init my-domain
"""

import argparse
from pathlib import Path

from lorewright.cli.output import show, show_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `init` takes."""
    parser.add_argument("folder", type=Path, help="the folder to create")


def run(arguments: argparse.Namespace) -> int:
    """Make the domain and say what to do next."""
    from lorewright.workspace import init_domain

    folder = init_domain(arguments.folder)
    if arguments.json:
        show_json({"domain": str(folder)})
        return 0
    show(f"Created {folder}/ with lorewright.toml, documents/, examples/ and questions/.")
    show(f"Next: cd {folder}, copy your documents to documents/, then: lorewright add --sync")
    return 0
