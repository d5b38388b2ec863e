"""Which score correctness means."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from lorewright.evaluation import Question, ScoringContext, choose_primary, take_primary
from lorewright.evaluation.scorers.correctness import agreement
from lorewright.settings import Evaluation, FieldPattern

LONG = "Breakfast is praised by most guests, though two found the coffee cold and the room small."


@pytest.mark.parametrize(
    ("targets", "settings", "primary"),
    [
        (("2025-07-08",), Evaluation(), "contains"),
        ((LONG,), Evaluation(), "token_f1"),
        ((LONG, "Yes."), Evaluation(), "contains"),
        ((LONG,), Evaluation(fields=(FieldPattern(name="status", pattern="x"),)), "fields"),
        (("2025-07-08",), Evaluation(primary="semantic"), "semantic"),
        ((), Evaluation(), "token_f1"),
    ],
)
def test_the_targets_say_what_correct_means(
    ask: Callable[..., Question], targets: tuple[str, ...], settings: Evaluation, primary: str
) -> None:
    assert choose_primary([ask(targets=targets)], settings) == primary


DAYS = ("14 Jan 2024", "3 Feb 2025", "8 Mar 2026", "21 Apr 2027", "30 May 2028", "2 Jun 2029")
CARDS = tuple(
    f"STATUS: {'OPEN' if number % 2 else 'CLOSED'}\nANSWER: The door of hall {number} is locked until the "
    f"evening of {day} at the latest.\nSOURCE: the caretaker's book"
    for number, day in enumerate(DAYS)
)
QUERIES = tuple(
    f"SELECT name FROM staff AS s , room AS r WHERE s.room = r.id AND r.floor = {number} AND s.age > 40"
    for number in range(8)
)


def questions_with(ask: Callable[..., Question], targets: Sequence[str]) -> list[Question]:
    return [ask(f"Question {number}?", targets=(target,)) for number, target in enumerate(targets)]


def test_where_any_other_target_passes_labels_become_fields(ask: Callable[..., Question]) -> None:
    """Cards in one form share most of their words: by word overlap every wrong card is right."""
    primary = take_primary(questions_with(ask, CARDS), ScoringContext())
    fields = {field.name for field in primary.context.settings.fields}
    assert primary.context.primary == "fields"
    assert fields == {"status", "answer_date", "answer_number"}
    assert (primary.instead_of, primary.chance_rate) == ("token_f1", 0.0)
    assert primary.instead_rate > 0.9


def test_the_fields_tell_a_wrong_date_from_a_right_one_in_other_words(ask: Callable[..., Question]) -> None:
    context = take_primary(questions_with(ask, CARDS), ScoringContext()).context
    other_words = "STATUS: CLOSED\nANSWER: It stays shut until 2024-01-14.\nSOURCE: none"
    assert agreement(other_words, CARDS[:1], replace_fields(context, ("status", "answer_date"))) == 1.0
    assert agreement(CARDS[0].replace("14 Jan", "15 Jan"), CARDS[:1], context) == 0.0


def test_json_targets_are_compared_key_by_key(ask: Callable[..., Question]) -> None:
    rows = [
        f'{{"customer": "the firm with the longest name of all in town", "plan": "plan {n}", "seats": {n}}}'
        for n in range(8)
    ]
    primary = take_primary(questions_with(ask, rows), ScoringContext())
    assert [field.json for field in primary.context.settings.fields] == ["plan", "seats"]
    assert agreement('{"seats": 3, "plan": "Plan 3"}', rows[3:4], primary.context) == 1.0


def test_queries_without_fields_must_be_the_same(ask: Callable[..., Question]) -> None:
    primary = take_primary(questions_with(ask, QUERIES), ScoringContext())
    assert primary.context.primary == "exact"
    assert agreement(QUERIES[0].lower(), QUERIES[:1], primary.context) == 1.0
    assert agreement(QUERIES[0].replace(">", "<"), QUERIES[:1], primary.context) == 0.0


def test_answers_in_free_words_keep_the_usual_score(ask: Callable[..., Question]) -> None:
    texts = [LONG, "The lift stops on every floor but the third.", "Rooms to the north are quiet at night."]
    primary = take_primary(questions_with(ask, texts), ScoringContext())
    assert (primary.context.primary, primary.instead_of) == ("token_f1", "")


def test_what_the_settings_name_is_kept_and_its_chance_rate_measured(ask: Callable[..., Question]) -> None:
    context = ScoringContext(settings=Evaluation(primary="token_f1"))
    primary = take_primary(questions_with(ask, QUERIES), context)
    assert primary.context.primary == "token_f1"
    assert primary.chance_rate == 1.0


def replace_fields(context: ScoringContext, names: tuple[str, ...]) -> ScoringContext:
    kept = tuple(field for field in context.settings.fields if field.name in names)
    return replace(context, settings=replace(context.settings, fields=kept))


def test_a_label_must_be_the_answer_not_one_of_many_in_it(ask: Callable[..., Question]) -> None:
    labels = ("card_arrival", "refund", "top_up_failed")
    primary = take_primary(questions_with(ask, labels), ScoringContext(), labels=labels)
    assert primary.context.primary == "exact"
    assert (
        agreement("It is one of card_arrival, refund and top_up_failed.", ("refund",), primary.context) == 0.0
    )
    dates = take_primary(questions_with(ask, ("2025", "2026")), ScoringContext(), labels=labels)
    assert dates.context.primary == "contains"


@pytest.mark.parametrize(
    ("said", "is_right"),
    [
        ("Send the form back to the office in Leeds within 14 days of the event.", True),
        ("The form goes back to the office in Leeds within two weeks, that is 14 days.", True),
        ("Send the form back to the office in Leeds within 30 days of the event.", False),
    ],
)
def test_another_number_in_the_same_sentence_is_wrong(said: str, is_right: bool) -> None:
    """By its words alone it would be right, and nobody would be told of the deadline they missed."""
    target = "Send the form back to the office in Leeds within 14 days of the event."

    assert (agreement(said, [target], ScoringContext(primary="token_f1")) >= 0.35) is is_right
