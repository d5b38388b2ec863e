"""Citation markers in a model's text."""

import pytest

from lorewright.documents import Chunk
from lorewright.knowledge import Hit
from lorewright.knowledge.markers import cited_by_markers

TEXTS = ["Node.js 22 gets fixes until 30 Apr 2027.", "Debian 12 gets fixes until 10 Jun 2028."]
HITS = [
    Hit(Chunk(f"{n}", f"doc{n}", "Page", 0, len(text), text), 1.0, n) for n, text in enumerate(TEXTS, start=1)
]


@pytest.mark.parametrize(
    ("text", "plain", "numbers"),
    [
        ("Until 30 Apr 2027 [1].", "Until 30 Apr 2027.", [1]),
        ("Until 30 Apr 2027. [1]", "Until 30 Apr 2027.", [1]),
        ("Until 30 Apr 2027[1]", "Until 30 Apr 2027", [1]),
        ("[1] Until 30 Apr 2027.", "Until 30 Apr 2027.", [1]),
        ("Two pages [1, 2] say so [2][1].", "Two pages say so.", [1, 2, 2, 1]),
        ("First.\n[1] Until 30 Apr 2027.", "First.\nUntil 30 Apr 2027.", [1]),
        ("Nobody knows [7].", "Nobody knows.", []),
        ("See [1](http://a.b) and `a[1]`.", "See [1](http://a.b) and `a[1]`.", []),
        ("```\nx = a[1]\n```\nDone [2].", "```\nx = a[1]\n```\nDone.", [2]),
        ("No marker at all.", "No marker at all.", []),
    ],
)
def test_markers_are_taken_out_and_become_citations(text: str, plain: str, numbers: list[int]) -> None:
    found, citations = cited_by_markers(text, HITS)

    assert found == plain
    assert [cited.number for cited in citations] == numbers
    assert all(cited.document_id == f"doc{cited.number}" for cited in citations)


def test_a_citation_stands_after_what_it_supports() -> None:
    text, (first, second) = cited_by_markers("Until 30 Apr 2027 [1]. Debian until 10 Jun 2028 [2].", HITS)

    assert text[: first.position] == "Until 30 Apr 2027"
    assert text[: second.position] == "Until 30 Apr 2027. Debian until 10 Jun 2028"
