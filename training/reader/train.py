"""Make the reader again: rows out of open sets, one run of the product's own trainer, one GGUF file.

    python -m training.reader.train --data DATA --work FOLDER --rows 5000

An interrupted run goes on where it was when the same command is given again.
"""

import argparse
import json
import os
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from lorewright.messages import conversation_from_json
from lorewright.models import ModelStore, open_embedder
from lorewright.models.reader import find_reader
from lorewright.settings import DEFAULT_CHAT_MODEL, cache_folder
from lorewright.tuning import ENVIRONMENT, Recipe, Row
from lorewright.tuning.reader_start import unpack_reader

LABELS = Path(__file__).with_name("labels.jsonl")
SHARES: Mapping[str, float] = {
    "nomiracl": 0.40,
    "clapnq": 0.22,
    "tables": 0.22,
    "tatqa": 0.06,
    "mtrag-un": 0.05,
    "claude-docs": 0.05,
}
"""About which share of the rows comes from each set; questions of a small one are shown more often."""
MAX_VIEWS = 3  # of a question, each among other chunks
EXCERPTS_SHARE = 0.8  # of the rows show excerpts, as `rag` does; the others whole chunks, as hybrids do
N_TABLES = 260  # documents of facts, made up by `tables.py`
N_VALIDATION = 40  # groups of rows that are not learned from


def main() -> None:
    """Build the rows, train, and print where the file is."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, default=os.environ.get("LOREWRIGHT_DATA"), help="the data folder"
    )
    parser.add_argument("--work", type=Path, required=True, help="folder of indexes and the run")
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--labels", type=int, help="how many of our own questions, from the first")
    parser.add_argument("--epochs", type=float, default=1.0, help="below 1, so much of the rows")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--layers-share", type=float, default=1.0, help="of the layers, from the last")
    parser.add_argument(
        "--start", type=Path, help='folder of an adapter to start from; "shipped" is the one that ships'
    )
    given = parser.parse_args()
    if given.data is None:
        parser.error("name the data folder with --data or LOREWRIGHT_DATA")
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)  # read once, when torch loads
    groups = kept_groups(given)
    learned, kept = groups[N_VALIDATION:], groups[:N_VALIDATION]
    train(given, [row for group in learned for row in group], [row for group in kept for row in group])


def kept_groups(given: argparse.Namespace) -> list[list[Row]]:
    """Return the rows of the work folder, built there if it has none."""
    path = given.work / f"rows-{given.rows}-{given.seed}-{given.labels or 'all'}.jsonl"
    if not path.is_file():
        built = build_groups(
            given.data, given.work / "index", n_rows=given.rows, n_labels=given.labels, seed=given.seed
        )
        lines = [
            [[[turn.to_json() for turn in row.messages], row.completion] for row in group] for group in built
        ]
        unfinished = path.with_suffix(".partial")
        unfinished.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        unfinished.replace(path)
    read = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [[Row(conversation_from_json(turns), said) for turns, said in group] for group in read]


def build_groups(
    data: Path, index: Path, *, n_rows: int, n_labels: int | None, seed: int
) -> Iterator[list[Row]]:
    """Yield rows that show the same chunks, in an order that follows from the seed."""
    from training.reader.material import excerpt_rows, opened, opened_with, rows_from
    from training.reader.sets import SETS, labelled
    from training.reader.tables import tables

    embedder = open_embedder("auto", store=ModelStore(cache_folder()))
    groups: list[list[Row]] = []
    for name, share in SHARES.items():
        if name == "tables":
            made = list(tables(N_TABLES, seed=seed))
            collection = opened_with([document for document, _ in made], index / name, embedder)
            asked = [question for _, questions in made for question in questions]
        else:
            collection = opened(data / name, index / name, embedder)
            asked = [
                *labelled(data / name, LABELS, n_labels),
                *(SETS[name](data / name) if name in SETS else ()),
            ]
        random.Random(seed).shuffle(asked)
        n_excerpts = round(share * n_rows * EXCERPTS_SHARE)
        groups += _first(excerpt_rows(asked[: n_excerpts * 2], collection, seed=seed), n_excerpts)
        of_set: list[list[Row]] = []
        for view in range(MAX_VIEWS):
            if sum(map(len, of_set)) < share * n_rows - n_excerpts:
                of_set += rows_from(asked, collection, seed=seed + view)
        random.Random(seed).shuffle(of_set)
        of_set.sort(key=_cost)
        groups += _first(of_set, round(share * n_rows) - n_excerpts)
        print(f"{name}: {sum(map(len, groups))} rows so far", flush=True)
    random.Random(seed).shuffle(groups)
    yield from groups


def train(given: argparse.Namespace, rows: list[Row], validation: list[Row]) -> None:
    """Train on the rows and say what came of it."""
    from training.reader.shared_prompt import SharedLikelihood

    from lorewright.tuning.trainers.transformers import TransformersTrainer

    recipe = Recipe(
        name="lora" if given.layers_share == 1 else "lora-last-layers",
        epochs=given.epochs,
        max_rows=len(rows),
        max_row_tokens=1600,
        batch_tokens=1024,
        learning_rate=given.learning_rate,
        layers_share=given.layers_share,
        seed=given.seed,
    )
    base, start = ModelStore(cache_folder()).pull(DEFAULT_CHAT_MODEL).path, given.start
    if start == Path("shipped"):
        shipped = find_reader(DEFAULT_CHAT_MODEL).path
        assert shipped is not None, "the shipped reader is missing or damaged"
        start = unpack_reader(shipped, base=base, folder=given.work)
    trainer = TransformersTrainer(
        checkpoint_seconds=60.0, objective=SharedLikelihood(), n_threads=given.threads
    )
    print(f"{len(rows)} rows", flush=True)
    adapter = trainer.train(
        rows,
        validation=validation,
        recipe=recipe,
        base=base,
        folder=given.work / "run",
        init_from=start,
        say=lambda text: print(text, flush=True),
    )
    told = adapter.metrics.to_json()
    print(json.dumps({name: value for name, value in told.items() if not isinstance(value, list)}, indent=1))
    print(adapter.path)


def _cost(group: Sequence[Row]) -> float:
    """Return about how much is read for each row of a group: cheap ones are learned from first."""
    shown, *_ = sorted(sum(len(turn.content) for turn in row.messages) for row in group)
    return shown / len(group)


def _first(groups: list[list[Row]], n_rows: int) -> list[list[Row]]:
    """Return the first groups that have so many rows together."""
    taken: list[list[Row]] = []
    for group in groups:
        if sum(map(len, taken)) >= n_rows:
            break
        taken.append(group)
    return taken


if __name__ == "__main__":
    main()
