"""The decision tree, with and without a measurement."""

from collections.abc import Callable
from dataclasses import replace

from lorewright.advisor import Changes, Facts, build_tree
from lorewright.evaluation import Comparison

Measure = Callable[..., Comparison]


def test_every_reply_comes_with_its_evidence(facts: Facts, measure: Measure) -> None:
    tree = build_tree(facts, measure())
    assert [node.reply for node in tree.nodes] == ["yes", "yes", "yes"]
    assert tree.leads_to == "hybrid"
    assert tree.is_certain
    enough, patterns, changes = (node.evidence for node in tree.nodes)
    assert enough == "300 examples, after removing 10 duplicates; “hundreds” means at least 200."
    assert "tuned minus few-shot, form: +0.25 (95% " in patterns
    assert "n=60" in patterns
    assert changes == "lorewright.toml states 12 changed facts per month."


def test_before_tuning_patterns_are_a_guess_from_the_examples(facts: Facts) -> None:
    tree = build_tree(facts, None)
    assert (tree.nodes[1].reply, tree.nodes[1].leaning) == ("unknown", "yes")
    assert "95% of the completions follow one common form" in tree.nodes[1].evidence
    assert not tree.is_certain


def test_facts_that_stand_still_lead_to_tuning_alone(facts: Facts, measure: Measure) -> None:
    still = replace(facts, changes=Changes(stated_per_month=0))
    assert build_tree(still, measure()).leads_to == "tuned"


def test_documents_that_changed_between_syncs_are_a_yes(facts: Facts) -> None:
    watched = replace(facts, changes=Changes(n_changed=9, n_documents=36, days=0.1))
    assert build_tree(watched, None).nodes[2].reply == "yes"
    assert (
        "9 of 36 documents changed or were removed between syncs (25%)"
        in build_tree(watched, None).nodes[2].evidence
    )


def test_thirty_examples_lead_to_retrieval(facts: Facts) -> None:
    tree = build_tree(replace(facts, n_examples=30, n_after_dedup=30), None)
    assert tree.leads_to == "rag"
    assert [node.is_reached for node in tree.nodes] == [True, False, False]


def test_tuning_that_brings_nothing_is_not_advised(facts: Facts, measure: Measure) -> None:
    same = measure({"few-shot": 0.5, "tuned": 0.5, "rag": 0.6, "hybrid": 0.6})
    without_form = replace(
        same, differences=tuple(gap for gap in same.differences if gap.metric == "correctness")
    )
    tree = build_tree(facts, without_form)
    assert tree.nodes[1].reply == "no"
    assert tree.leads_to == "rag"


def test_examples_of_labels_are_counted_by_label(facts: Facts) -> None:
    """Three hundred examples of a hundred labels are three of each: too few to be sure of."""
    many = build_tree(replace(facts, n_labels=100), None).nodes[0]
    assert many.reply == "unknown"
    assert "100 labels: 3 for each, of 20 wanted" in many.evidence
    assert build_tree(replace(facts, n_labels=5), None).nodes[0].reply == "yes"
