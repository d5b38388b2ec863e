"""A held-out question never occurs in training."""

from collections.abc import Callable

from lorewright.datasets import Example, near_duplicates
from lorewright.evaluation import Question, held_out_clean, held_out_texts
from lorewright.messages import Message


def test_examples_that_ask_what_is_held_out_are_left_out(ask: Callable[..., Question]) -> None:
    question = ask("Until when is Plesk supported?", targets=("2025",))
    examples = [
        Example("same", (Message("user", "until when is plesk supported"),), "2025"),
        Example("other", (Message("user", "Until when is Deno supported?"),), "2026"),
    ]
    duplicates = near_duplicates(examples, held_out_texts([question]))

    clean = held_out_clean([question], examples, duplicates)

    assert [example.id for example in clean.kept] == ["other"]
    assert [(leak.example_id, leak.question) for leak in clean.leaks] == [("same", question.text)]
