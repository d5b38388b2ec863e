"""Create the folder of a new domain, with a commented lorewright.toml, or a copy of a template.

A template is a small worked domain for one use: documents, examples, held-out questions and settings
to try things on, and to replace by your own. `--template` without a name lists them.

Example:
  lorewright init my-domain
  lorewright init --template
  lorewright init my-domain --template contract-analysis
"""

import argparse
from pathlib import Path

from lorewright.cli.output import show, show_columns, show_json
from lorewright.errors import InvalidSetting

USES = {"init": ("folder",), "init --template NAME": ("folder", "template"), "init --template": ()}


def action_in(arguments: argparse.Namespace) -> str:
    """Return which of them is asked for."""
    if arguments.template is None:
        return "init"
    return "init --template NAME" if arguments.template else "init --template"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `init` takes."""
    parser.add_argument("folder", nargs="?", type=Path, help="the folder to create (default: the template)")
    parser.add_argument(
        "--template", nargs="?", const="", metavar="NAME", help="copy a template; without a name, list them"
    )


def run(arguments: argparse.Namespace) -> int:
    """Make the domain and say what to do next."""
    from lorewright.workspace import init_domain

    if arguments.template == "":
        return _list_templates(as_json=arguments.json)
    if arguments.template is not None:
        return _create(arguments)
    if arguments.folder is None:
        raise InvalidSetting("No folder was given.", hint="Name it: lorewright init my-domain")
    folder = init_domain(arguments.folder)
    if arguments.json:
        show_json({"domain": str(folder)})
        return 0
    show(f"Created {folder}/ with lorewright.toml, documents/, examples/ and questions/.")
    show(f"Next: cd {folder}, copy your documents to documents/, then: lorewright add --sync")
    return 0


def _list_templates(*, as_json: bool) -> int:
    from lorewright.workspace.domain.templates import templates

    if as_json:
        show_json([template.to_json() for template in templates().values()])
        return 0
    rows = [(template.name, template.kind, template.summary) for template in templates().values()]
    show_columns([("template", "shows", "what it is"), *rows])
    show("\nCreate one: lorewright init FOLDER --template NAME")
    return 0


def _create(arguments: argparse.Namespace) -> int:
    from lorewright.workspace.comparisons.bundled import is_measured
    from lorewright.workspace.domain.templates import create_from_template, get_template

    template = get_template(arguments.template)
    folder = create_from_template(arguments.folder or Path(template.name), template.name)
    if arguments.json:
        show_json({"domain": str(folder), "template": template.name})
        return 0
    show(f"Created {folder}/ from the template {template.name}: {template.summary}")
    if template.warning:
        show(template.warning)
    show(f"Next: cd {folder}, read README.md, then: lorewright compare")
    if is_measured(template.name):
        show("What was measured before shipping: lorewright report --precomputed")
    return 0
