"""What the editor knows about each kind of node."""

import json

from lorewright.flows import describe_kinds


def test_every_kind_says_what_it_does_and_what_its_parameters_are() -> None:
    kinds = {kind["kind"]: kind for kind in describe_kinds()}

    assert {"question", "retrieve", "prompt", "generate", "ground", "answer"} <= set(kinds)
    assert {"rewrite", "filter", "rerank", "route", "merge", "merge_hits", "check", "subflow"} <= set(kinds)
    assert json.loads(json.dumps(kinds)) == kinds
    assert kinds["retrieve"]["says"] == "Finds the chunks that may answer the question, best first."
    assert kinds["retrieve"]["inputs"] == {
        "conversation": {"type": "conversation", "is_required": True, "may_miss": False}
    }
    assert kinds["retrieve"]["outputs"] == {"hits": "hits"}
    assert kinds["retrieve"]["parameters"][0] == {
        "name": "n",
        "type": "whole number",
        "default": 3,
        "choices": None,
        "says": "The maximum number of chunks.",
        "low": 1,
        "high": None,
    }
    assert all(parameter["says"] for kind in kinds.values() for parameter in kind["parameters"])


def test_a_palette_can_be_made_of_titles_and_groups() -> None:
    kinds = describe_kinds()

    groups = list(dict.fromkeys(kind["group"] for kind in kinds))
    assert groups == ["Input", "Retrieval", "Model", "Logic", "Output"]
    assert {kind["kind"]: kind["title"] for kind in kinds}["merge_hits"] == "Merge hits"
    assert [kind["kind"] for kind in kinds if kind["is_choosing"]] == ["route"]
