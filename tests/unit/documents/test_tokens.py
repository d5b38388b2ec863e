"""Where the tokens of a text are taken to begin."""

from lorewright.documents.tokens import Tokens


def test_a_language_that_the_tokenizer_does_not_know_is_counted_in_characters() -> None:
    """128 tokens of an English tokenizer were 95 characters of Japanese and 734 of Thai."""
    japanese, thai = "日本語の文章です。" * 40, "ภาษาไทยเขียนติดกัน" * 40

    by_letters = Tokens(japanese, lambda text: [(place, place + 1) for place in range(len(text))])
    as_one = Tokens(thai, lambda text: [(0, len(text))])

    assert by_letters.count(0, len(japanese)) == len(japanese) // 2
    assert as_one.count(0, len(thai)) == len(thai) // 4
