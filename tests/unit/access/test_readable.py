"""Which documents somebody may read, and what was made of them."""

import pytest

from lorewright.access import DOMAIN_STORE, Caller
from lorewright.access.readable import EVERYTHING, Readable, readable_by

RESTRICTED = ("hr/", "hr/inner/", "board.md")
PAGES = ("leave.md", "hr/pay.md", "hr/inner/panel.md", "hra/other.md", "board.md", "board.md.txt")


def reading(*stores: str, is_admin: bool = False) -> Readable:
    return readable_by(Caller(id="k", name="k", is_admin=is_admin, stores=stores), RESTRICTED)


@pytest.mark.parametrize(
    ("stores", "pages"),
    [
        ((), ()),
        ((DOMAIN_STORE,), ("leave.md", "hra/other.md", "board.md.txt")),
        (("vs_domain/hr/",), ("hr/pay.md",)),
        (("vs_domain/hr/inner/", "vs_other"), ("hr/inner/panel.md",)),
        ((DOMAIN_STORE, "vs_domain/board.md"), ("leave.md", "hra/other.md", "board.md", "board.md.txt")),
        (("*",), PAGES),
    ],
)
def test_the_innermost_restriction_decides(stores: tuple[str, ...], pages: tuple[str, ...]) -> None:
    """Who may read a folder does not read what is restricted once more inside it."""
    allowed = reading(*stores)

    assert tuple(page for page in PAGES if allowed.holds(page)) == pages
    assert allowed.is_all == (stores == ("*",))
    assert allowed.is_nothing == (stores == ())


def test_an_administrator_reads_everything() -> None:
    assert reading(is_admin=True).is_all
    assert EVERYTHING.is_all


def test_what_was_made_of_unknown_documents_may_be_made_of_any() -> None:
    """An answer of before this was written down may hold a sentence of the salaries."""
    allowed = reading(DOMAIN_STORE)

    assert allowed.covers(["leave.md"])
    assert not allowed.covers(["leave.md", "hr/pay.md"])
    assert not allowed.covers(None)
    assert EVERYTHING.covers(None)


@pytest.mark.parametrize(
    ("then", "now", "is_within"),
    [
        (Readable(), Readable(), True),
        (Readable(), Readable(restricted=frozenset({"hr/"})), False),
        (Readable(), Readable(restricted=frozenset({"hr/"}), opened=frozenset({"hr/"})), True),
        (Readable(restricted=frozenset({"hr/"})), Readable(restricted=frozenset({"hr/"})), True),
        (Readable(restricted=frozenset({"hr/"})), Readable(restricted=frozenset({"hr/", "board.md"})), False),
        (Readable(restricted=frozenset({"hr/"})), Readable(restricted=frozenset({"hr/inner/"})), True),
        (Readable(restricted=frozenset({"hr/"}), opened=frozenset({"hr/"})),
         Readable(restricted=frozenset({"hr/", "hr/inner/"}), opened=frozenset({"hr/"})), False),
        (Readable(restricted=frozenset({"hr/", "hr/inner/"}), opened=frozenset({"hr/inner/"})),
         Readable(restricted=frozenset({"hr/"})), False),
        (Readable(), Readable(has_rest=False), False),
        (Readable(has_rest=False, restricted=frozenset({"hr/"}), opened=frozenset({"hr/"})),
         Readable(has_rest=False), False),
    ],
)  # fmt: skip
def test_what_was_read_before_stays_only_where_all_of_it_may_be_read_now(
    then: Readable, now: Readable, is_within: bool
) -> None:
    """A folder that is closed later closes what was made of it, whichever of its pages that was."""
    assert then.is_within(now) == is_within
