"""A first answer for somebody who has nothing yet."""

from itertools import product

import pytest

from lorewright.advisor import STEPS, build_tree, provisional
from lorewright.advisor.facts import Changes, Facts
from lorewright.errors import InvalidSetting

PLENTY = {"documents": "dozens", "examples": "hundreds", "form": "yes", "changes": "weekly", "model": "here"}


def test_the_same_tree_leads_the_way() -> None:
    facts = Facts(n_examples=400, n_documents=50, form=0.9, changes=Changes(stated_per_month=8))
    assert provisional(PLENTY).arm == build_tree(facts, None).leads_to == "hybrid"


def test_without_examples_the_documents_are_looked_into() -> None:
    assert provisional({**PLENTY, "examples": "none"}).arm == "rag"


def test_what_hardly_changes_may_be_learned() -> None:
    assert provisional({**PLENTY, "changes": "never"}).arm == "tuned"


def test_with_nothing_at_all_there_is_no_arm_to_begin_with() -> None:
    found = provisional({"documents": "none", "examples": "none"})
    assert found.arm == ""
    assert "nothing to answer from" in found.headline


def test_what_cannot_be_tuned_is_not_recommended_tuned() -> None:
    found = provisional({**PLENTY, "model": "remote"})
    assert found.arm == "rag-few-shot"
    assert any("cannot be tuned" in reason for reason in found.reasons)


def test_it_is_trusted_less_the_less_is_known() -> None:
    assert provisional(PLENTY).confidence == "medium"
    assert provisional({**PLENTY, "changes": "unknown"}).confidence == "low"
    assert provisional({}).confidence == "very low"


def test_no_answer_is_ever_shown_as_measured() -> None:
    for said in product(*[[choice.id for choice in step.choices] for step in STEPS[:4]]):
        found = provisional(dict(zip([step.topic for step in STEPS[:4]], said, strict=True)))
        told = " ".join((found.headline, *found.reasons, *(node.evidence for node in found.tree.nodes)))
        assert not found.is_measured
        assert "%" not in told  # the counts behind the tree are stand-ins: none of them may be told
        assert any("Measure it" in line for line in found.firm_up)


def test_more_at_stake_asks_for_more_questions() -> None:
    assert any("400" in line for line in provisional({**PLENTY, "stakes": "much"}).firm_up)


def test_an_answer_that_was_not_offered_is_refused() -> None:
    with pytest.raises(InvalidSetting, match="not a valid answer to 'examples'"):
        provisional({"examples": "plenty"})
    with pytest.raises(InvalidSetting, match="Unknown question 'weather'"):
        provisional({"weather": "fine"})
