"""Hits are kept where they fulfil every condition."""

import pytest
from tests.fixtures.drawn_flows import hit, made, texts

from lorewright.errors import InvalidFlow
from lorewright.flows import Node
from lorewright.flows.fakes import GivenParts
from lorewright.flows.parameters import build
from lorewright.models.fakes import ScriptedEngine

GERMAN = '{"type": "eq", "key": "language", "value": "de"}'
PARTS = GivenParts(
    {"": ScriptedEngine({})}, attributes={"leave.md": {"language": "de"}, "old/pay.pdf": {"language": "en"}}
)
HITS = (
    hit("leave is 28 days", score=0.9, document="leave.md", cosine=0.7),
    hit("pay comes monthly", score=0.6, document="old/pay.pdf", cosine=0.1),
    hit("leave is asked for early", score=0.3, document="leave.md"),
)


@pytest.mark.parametrize(
    ("params", "kept"),
    [
        ({}, [0, 1, 2]),
        ({"metadata": GERMAN}, [0, 2]),
        ({"metadata": '{"type": "eq", "key": "suffix", "value": ".pdf"}'}, [1]),
        ({"metadata": '{"type": "ne", "key": "folder", "value": "old"}'}, [0, 2]),
        ({"documents": ["*.pdf", "nothing/*"]}, [1]),
        ({"min_score": 0.5}, [0, 1]),
        ({"min_cosine": 0.2}, [0, 2]),
        ({"max_per_document": 1}, [0, 1]),
        ({"max_tokens": 7}, [0, 1]),
        ({"n_kept": 1}, [0]),
        ({"metadata": GERMAN, "min_score": 0.5}, [0]),
    ],
)
def test_a_condition_keeps_what_fulfils_it(params: dict[str, object], kept: list[int]) -> None:
    hits = made("filter", params, PARTS, hits=HITS)["hits"]

    assert texts(hits) == [HITS[place].chunk.text for place in kept]


def test_a_near_duplicate_gives_way_to_the_better_hit() -> None:
    long = "The quick brown fox jumps over the lazy dog beside the old river bank every single morning"
    hits = (hit(f"{long} today."), hit(f"{long} again."), hit("Something else stands here."))

    kept = made("filter", {"same_share": 0.7}, PARTS, hits=hits)["hits"]

    assert texts(kept) == [f"{long} today.", "Something else stands here."]


@pytest.mark.parametrize("metadata", ["{", '{"type": "like", "key": "a", "value": 1}', "[]"])
def test_a_filter_that_cannot_be_read_is_refused_before_anything_runs(metadata: str) -> None:
    with pytest.raises(InvalidFlow, match="Node 'kept'"):
        build(Node("kept", "filter", {"metadata": metadata}))
