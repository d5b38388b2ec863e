"""Texts with every number and date in one notation, so that they are compared word by word."""

import re
import unicodedata
from functools import lru_cache

from lorewright.knowledge.exact import Exact, exact_values

_UNIT_WORD = re.compile(r"[^\W\d_]+\.?$")


@lru_cache(maxsize=4096)  # every arm is compared with the same targets and chunks, by several scorers
def with_exact_values(text: str, language: str = "", *, keeps_units: bool = False) -> str:
    """Return the text with every exact value in one notation, without its unit unless that is kept.

    A date becomes 2027-03-05, "March 2027" 2027-03, an amount 1249.5, a number in words digits. What
    can be read in two ways, such as 03/04/2024 or 1.249, stays as it stands.
    """
    plain = unicodedata.normalize("NFKC", text)
    for exact in reversed(exact_values(plain, language)):
        form = _form(exact)
        if form and keeps_units:
            form += _unit_word(exact)
        if form:
            before, after = plain[: exact.start], plain[exact.end :]
            left, right = (" " if before[-1:].isalnum() else ""), (" " if after[:1].isalnum() else "")
            plain = f"{before}{left}{form}{right}{after}"
    return plain


def _form(exact: Exact) -> str:
    """Return the one way to write a value, or '' where it is read in two or is left as it is."""
    if exact.kind in ("version", "identifier") or not exact.is_sure or len(exact.values) != 1:
        return ""
    (form,) = exact.values
    return form if exact.kind == "date" or re.fullmatch(r"\d+(?:\.\d+)?", form) else ""


def _unit_word(exact: Exact) -> str:
    """Return the unit as it is written behind the number, with a space before it."""
    word = _UNIT_WORD.search(exact.text) if exact.units else None
    return f" {word[0]}" if word else ""
