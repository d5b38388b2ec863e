"""What correctness means in a comparison, for whoever watches it run."""

from collections.abc import Iterator

from lorewright.evaluation import MOST_BY_CHANCE, Primary

_NAMES = {"token_f1": "word overlap (token_f1)", "contains": "containing a target"}


def primary_lines(primary: Primary) -> Iterator[str]:
    """Yield why another score than the usual one was taken, and a warning where none tells answers apart."""
    name = primary.context.primary
    if primary.instead_of:
        fields = ", ".join(field.name for field in primary.context.settings.fields)
        taken = f"the fields {fields}" if name == "fields" else name
        yield (
            f"Correctness is measured by {taken}: by {_NAMES.get(primary.instead_of, primary.instead_of)}, "
            f"{primary.instead_rate:.0%} of the answers to other questions would count as right."
        )
    if primary.chance_rate is not None and primary.chance_rate >= MOST_BY_CHANCE:
        yield (
            f"By {_NAMES.get(name, name)}, {primary.chance_rate:.0%} of the answers to other questions "
            "would count as right: set evaluation.primary or evaluation.fields in lorewright.toml."
        )
