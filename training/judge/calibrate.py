"""Fit the layers over the judge, and write the constants that knowledge/ holds.

    python -m training.judge.calibrate --data DATA            # print what is fitted
    python -m training.judge.calibrate --data DATA --write    # and write knowledge/*_weights.py

Fitted are only parts that training left out or that are made for training, and none that
benchmarks/judge.py measures. `--cache FILE` keeps what the judge read, so that fitting again takes seconds.
"""

import argparse
import json
from pathlib import Path

from training.judge import answerable_fit, support_fit
from training.judge.fitted_sets import questions_to_fit, support_sets_to_fit

from lorewright.models import ModelStore, open_embedder
from lorewright.models.engines.judge import OnnxJudge
from lorewright.models.judge import SHIPPED_JUDGE
from lorewright.settings import cache_folder

KNOWLEDGE = Path(__file__).parents[2] / "src/lorewright/knowledge"


def main() -> None:
    """Print both layers, and write them if asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--judge", type=Path, default=SHIPPED_JUDGE)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--cache", type=Path, help="file that keeps what was read")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    if given.cache and given.cache.exists():
        told = json.loads(given.cache.read_text())
    else:
        judge = OnnxJudge(given.judge, n_threads=1)
        embedder = open_embedder("auto", store=ModelStore(cache_folder()))
        told = {
            "support": support_fit.read(support_sets_to_fit(given.data, given.seed), judge),
            "answerable": answerable_fit.read(questions_to_fit(given.data, given.seed), judge, embedder),
        }
        if given.cache:
            given.cache.write_text(json.dumps(told))
    modules = {
        "support_weights.py": support_fit.fit(support_fit.rows_of(told["support"])),
        "answerable_weights.py": answerable_fit.fit(told["answerable"]),
    }
    for name, text in modules.items():
        print(text)
        if given.write:
            (KNOWLEDGE / name).write_text(text)


if __name__ == "__main__":
    main()
