"""A run in several processes, before any of them is started."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from lorewright.errors import InvalidSetting
from lorewright.messages import Message
from lorewright.settings import Tuning
from lorewright.tuning import Preference, PreferenceRecipe, RatedRow, Recipe, Row, load_trainer
from lorewright.tuning.trainers.order import News, Order, read_order, save_order, tell

ROW = Row((Message("user", "Wie heißt das?"),), "Öl.")


def _order(folder: Path, rows: list[Row], recipe: Recipe) -> Order:
    return Order(
        rows=rows, validation=rows[:1], recipe=recipe, base=Path("base.gguf"), folder=folder, init_from=None
    )


def test_an_order_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Other hosts learn from the rows that were meant, preferences included."""
    pair = Preference(ROW.messages, "Öl.", "Wasser.")
    rated = RatedRow(ROW.messages, "Öl.", is_good=False)
    for order in (
        _order(tmp_path, [ROW], Recipe()),
        replace(_order(tmp_path, [ROW], Recipe()), is_sharded=True),
        _order(tmp_path, [pair], PreferenceRecipe(beta=0.2)),
        _order(tmp_path, [rated], PreferenceRecipe(method="kto")),
    ):
        path = save_order(order)
        assert read_order(path) == order
        assert Order.from_json(json.loads(json.dumps(order.to_json()))) == order


def test_news_come_once_and_as_whole_lines(tmp_path: Path) -> None:
    """A line that is half written when it is looked at is not lost."""
    news = News(tmp_path)
    assert list(news) == []
    tell(tmp_path, say="first")
    with (tmp_path / "torchrun-news.jsonl").open("a") as file:
        file.write('{"say": "sec')
    assert list(news) == [{"say": "first"}]
    with (tmp_path / "torchrun-news.jsonl").open("a") as file:
        file.write('ond"}\n')
    assert list(news) == [{"say": "second"}]


def test_a_new_order_begins_without_the_news_of_the_last(tmp_path: Path) -> None:
    """An error of yesterday does not end the run of today."""
    tell(tmp_path, error={"type": "UserError", "message": "old", "hint": ""})
    save_order(_order(tmp_path, [ROW], Recipe()))
    assert list(News(tmp_path)) == []


def test_only_our_trainer_runs_in_several_processes() -> None:
    """A setting that would be ignored is refused."""
    with pytest.raises(InvalidSetting, match="unsloth cannot run in several processes"):
        load_trainer("unsloth", Tuning(processes=2))


@pytest.mark.parametrize(
    "wrong",
    [
        {"processes": 0},
        {"hosts": 0},
        {"hosts": 2},
        {"hosts": 2, "rendezvous": "10.0.0.1"},
        {"shard": "on"},
        {"shard": "on", "processes": 2, "recipe": "full"},
        {"shard": "on", "processes": 2, "recipe": "qlora"},
    ],
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    """Told when the settings are read, not after an hour of preparing."""
    with pytest.raises(InvalidSetting, match=r"tuning\."):
        Tuning(**wrong)  # type: ignore[arg-type]
