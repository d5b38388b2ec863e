"""reStructuredText: what its pages show is in the document, as Markdown."""

import pytest

from lorewright.documents.readers.restructured import as_markdown


def test_a_note_is_read() -> None:
    """What a page warns of stands in notes."""
    assert as_markdown(".. warning:: Mind the gap.\n\n   Always.") == "Warning: Mind the gap.\n\nAlways."


def test_a_signature_heads_what_is_said_of_a_function() -> None:
    """Defaults stand nowhere else, and several functions have a parameter of the same name."""
    page = """
Client
======

.. py:function:: send(to, *, timeout=12.0)

   Send a message.

   :param str to: Who gets it,
      or a list of them.
   :returns: Its id.
"""
    assert as_markdown(page) == (
        "# Client\n\n## send(to, *, timeout=12.0)\n\nSend a message.\n\n"
        "- `to` (str): Who gets it, or a list of them.\n- Returns: Its id."
    )


@pytest.mark.parametrize(
    ("directive", "said"),
    [
        (".. deprecated:: 3.2\n   Use ``b``.", "Deprecated since version 3.2: Use `b`."),
        (".. versionadded:: 3.1", "Added in version 3.1:"),
        (".. versionchanged:: 2.0 It is faster.", "Changed in version 2.0: It is faster."),
    ],
)
def test_the_version_of_a_change_is_said(directive: str, said: str) -> None:
    assert as_markdown(directive) == said


@pytest.mark.parametrize(
    "drawn",
    [
        "====  =====\nName  Size\n====  =====\na     1\nb     2\n====  =====",
        "+------+------+\n| Name | Size |\n+======+======+\n| a    | 1    |\n+------+------+\n"
        "| b    | 2    |\n+------+------+",
        '.. csv-table::\n   :header: "Name", "Size"\n\n   "a", 1\n   b, 2',
        ".. list-table::\n   :header-rows: 1\n\n   * - Name\n     - Size\n   * - a\n     - 1\n"
        "   * - b\n     - 2",
    ],
)
def test_a_table_is_one_however_it_is_drawn(drawn: str) -> None:
    assert as_markdown(drawn) == "| Name | Size |\n| --- | --- |\n| a | 1 |\n| b | 2 |"


def test_a_cell_over_several_lines_stays_one() -> None:
    table = "====  ========\nName  Means\n====  ========\na     one and\n      two\n====  ========"

    assert "| a | one and two |" in as_markdown(table)


def test_titles_have_the_level_of_their_style() -> None:
    """The first style met is the highest, whatever its mark."""
    assert as_markdown("A\n~~~\n\nB\n===\n\nC\n~~~\n") == "# A\n\n## B\n\n# C"


def test_code_stays_code() -> None:
    """With and without a directive, and as it is typed."""
    assert as_markdown("Run::\n\n    make all\n") == "Run:\n\n```\nmake all\n```"
    assert as_markdown(".. code-block:: sh\n   :linenos:\n\n   make *all*\n") == "```sh\nmake *all*\n```"
    assert as_markdown(">>> 1 + 1\n2\n") == "```\n>>> 1 + 1\n2\n```"


def test_lists_keep_their_numbers_and_their_depth() -> None:
    page = "#. one\n#. two\n\n   * inner\n\n* other\n"

    assert as_markdown(page) == "1. one\n2. two\n   - inner\n\n- other"


def test_a_term_keeps_its_definition() -> None:
    assert as_markdown("quota\n   How much is allowed.\n") == "quota\n: How much is allowed."


def test_references_read_as_on_the_page() -> None:
    text = "See :ref:`the guide <guide>`, :func:`~pkg.mod.run`, `our site <https://a.example>`_ and ``x_``."

    assert as_markdown(text) == "See the guide, run, [our site](https://a.example) and `x_`."


def test_nothing_is_said_that_the_page_does_not_show() -> None:
    page = ".. a comment\n   of two lines\n\n.. _target:\n\n.. toctree::\n\n   other\n\nText.\n"

    assert as_markdown(page) == "Text."


def test_an_unknown_directive_keeps_its_words() -> None:
    """Extensions bring their own; what they show should be found."""
    assert as_markdown(".. card:: Opening hours\n\n   From nine.\n") == "Opening hours\n\nFrom nine."


@pytest.mark.parametrize("page", ["::", "====", "+--+", ".. a::", ":x:", "=== ===", " " * 9 + "a", "- - - -"])
def test_a_page_that_is_broken_is_read_to_its_end(page: str) -> None:
    assert as_markdown(f"{page}\n\nThe end.").endswith("The end.")


def test_depth_without_end_is_read_in_bounded_steps() -> None:
    """A hostile page must not end the reader."""
    page = "\n".join(" " * depth + "x" for depth in range(400))

    assert as_markdown(page).count("x") == 400
