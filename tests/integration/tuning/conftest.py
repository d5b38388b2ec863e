"""A tiny base and an adapter trained on it once."""

import os
from pathlib import Path

import pytest
from tests.fixtures.tiny_base import write_tiny_gguf
from tests.fixtures.tuning_rows import ROWS

from lorewright.tuning import ENVIRONMENT, Adapter, Recipe, load_trainer

os.environ.update(ENVIRONMENT)  # before torch loads


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_gguf(tmp_path_factory.mktemp("base") / "tiny.gguf")


@pytest.fixture(scope="session")
def recipe() -> Recipe:
    return Recipe(epochs=24.0, batch_tokens=512, learning_rate=1e-2)


@pytest.fixture(scope="session")
def trained(base: Path, recipe: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Adapter:
    folder = tmp_path_factory.mktemp("trained")
    trainer = load_trainer("transformers")
    return trainer.train(ROWS, validation=ROWS[:3], recipe=recipe, base=base, folder=folder)
