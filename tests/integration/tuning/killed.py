"""A run that kills its own process at half of its tokens: base, folder and epochs are its arguments."""

import os
import signal
import sys
from pathlib import Path

from tests.integration.tuning.rows import ROWS

from lorewright.tuning import Recipe
from lorewright.tuning.trainers.transformers import TransformersTrainer


def kill_at_half(done: int, total: int) -> None:
    if done > total / 2:
        os.kill(os.getpid(), signal.SIGKILL)


TransformersTrainer(checkpoint_seconds=0.0).train(
    ROWS,
    validation=ROWS[:3],
    recipe=Recipe(epochs=float(sys.argv[3]), batch_tokens=512, learning_rate=1e-2),
    base=Path(sys.argv[1]),
    folder=Path(sys.argv[2]),
    progress=kill_at_half,
)
