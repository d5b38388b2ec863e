"""What was given on a command line and would not be used: refused, never dropped in silence."""

import argparse
from collections.abc import Collection, Mapping
from types import ModuleType

from lorewright.errors import InvalidSetting

ALWAYS = frozenset({"json", "domain"})
"""What a verb takes whatever it does."""


def need_used(verb: ModuleType, parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """Raise `InvalidSetting` for what was given and does not apply to what the verb is asked to do.

    A verb that does several things says in `USES` what each takes, in `action_in` which one is asked for,
    and, where another way leads there, in `INSTEAD` what to do instead.
    """
    uses: Mapping[str, Collection[str]] = getattr(verb, "USES", {})
    if not uses:
        return
    action = verb.action_in(arguments)
    for name, value in vars(arguments).items():
        is_given = bool(value) and value != parser.get_default(name)
        if is_given and name not in ALWAYS and name not in uses[action]:
            others = ", ".join(f"lorewright {one}" for one, names in uses.items() if name in names)
            raise InvalidSetting(
                f"{_text(parser, name, value)} does not apply to: lorewright {action}.",
                hint=" ".join([f"It belongs to: {others}.", *getattr(verb, "INSTEAD", {}).get(name, ())]),
            )


def _text(parser: argparse.ArgumentParser, name: str, value: object) -> str:
    """Return what was given as it is typed: an option's name, or the value of what has none."""
    option = f"--{name.replace('_', '-')}"
    if option in parser.format_help():
        return option
    return repr(" ".join(map(str, value)) if isinstance(value, list) else str(value))
