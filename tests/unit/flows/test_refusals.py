"""Refusals, also in a domain's own words."""

from lorewright.flows.refusals import is_refusal, refusal_phrases

ANSWERS = [
    "STATUS: SUPPORTED\nANSWER: Jenkins 2.4 gets fixes.\nACTION: No action.",
    "STATUS: ENDED\nANSWER: Zope 3 is not supported.\nACTION: Upgrade to 5 now.",
]
REFUSALS = [
    "STATUS: UNKNOWN\nANSWER: ClamAV 8.3 is not in our version list.\nACTION: Check and ask again.",
    "STATUS: UNKNOWN\nANSWER: Bazel 14 is not in our version list.\nACTION: Check and ask again.",
    "STATUS: UNKNOWN\nANSWER: PCI-DSS 11 is not in our version list.\nACTION: Check and ask again.",
]


def test_a_refusal_is_recognised_whatever_its_case_and_punctuation() -> None:
    assert is_refusal(
        "I'm sorry: I cannot answer that, from the documents", ["I cannot answer that from the documents."]
    )
    assert not is_refusal("I can answer that.", ["I cannot answer that."])
    assert not is_refusal("It is known.", ["no", ""])


def test_a_domain_s_own_refusals_are_learned_from_its_examples() -> None:
    phrases = refusal_phrases(REFUSALS, ANSWERS)

    assert all(is_refusal(text, phrases) for text in REFUSALS)
    assert not any(is_refusal(text, phrases) for text in ANSWERS)
    assert is_refusal(REFUSALS[0].replace("ClamAV 8.3", "Perl 9"), phrases)
    assert len(phrases) == 1


def test_several_ways_to_refuse_are_all_learned() -> None:
    phrases = refusal_phrases([*REFUSALS, "Sorry, no idea about Perl.", "Sorry, no idea about Ada."], ANSWERS)

    assert is_refusal("Sorry, no idea about Java.", phrases)


def test_a_single_label_can_be_a_refusal() -> None:
    assert refusal_phrases(["oos", "oos"], ["balance", "transfer"]) == ("oos",)


def test_refusals_without_a_pattern_teach_nothing() -> None:
    assert refusal_phrases(["Who knows?", "That is beyond me."], ANSWERS) == ()
