"""How many rows teach to refuse."""

from importlib.resources import as_file, files
from pathlib import Path

import pytest

from lorewright.datasets import Example, read_examples
from lorewright.flows import style_from
from lorewright.flows.arms.refusal_share import are_free, refusal_share
from lorewright.messages import Message
from lorewright.settings import Settings

WORDS = [f"word{letter}" for letter in "abcdefghijklmno"]


def told(n: int) -> str:
    """Return an answer of some twenty words that no other number has."""
    return " ".join(f"{word}{(n * 7 + place) % 97}x{n}" for place, word in enumerate(WORDS + WORDS[:5]))


def examples(n: int, *, answer: str = "") -> list[Example]:
    return [Example(str(i), (Message("user", f"question {i}"),), answer or told(i)) for i in range(n)]


STYLE = style_from([], Settings())


@pytest.mark.parametrize("n", [60, 120, 1000])
def test_free_answers_bear_no_refusals(n: int) -> None:
    """Each is said once: 22 refusals among 150 rows were what a model said to 35 of 40 questions."""
    found = refusal_share(examples(n), STYLE)
    assert (found.share, found.warning) == (0.0, "")


def test_what_is_asked_for_holds() -> None:
    assert refusal_share(examples(120), STYLE, configured=0.3).share == 0.3


def test_few_free_answers_are_warned_of() -> None:
    found = refusal_share(examples(120), STYLE, configured=0.15)
    assert (found.n_refusals, found.n_common) == (18, 1)
    assert "18 of 120 rows" in found.warning


def test_labels_are_no_free_answers() -> None:
    found = refusal_share(examples(60, answer="card arrival"), STYLE)
    assert (found.share, found.warning) == (0.15, "")


@pytest.fixture(scope="module")
def desk() -> tuple[Example, ...]:
    with as_file(files("lorewright.version_desk") / "domain") as folder:
        return read_examples(Path(folder) / "examples").examples


def test_the_version_desk_keeps_its_share(desk: tuple[Example, ...]) -> None:
    found = refusal_share(desk, STYLE)
    assert (found.share, found.is_free_form, found.warning) == (0.15, False, "")


def test_the_cards_of_the_version_desk_alone_are_a_form(desk: tuple[Example, ...]) -> None:
    assert not are_free([example.completion for example in desk if example.answerable])


def test_own_refusals_need_none_besides(desk: tuple[Example, ...]) -> None:
    assert refusal_share(desk, style_from(desk, Settings())).share == 0.0
