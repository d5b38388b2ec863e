"""Write the mean of two trained judges: it forgets less of the first course than the second alone.

python -m training.judge.average --models FIRST SECOND --out FOLDER
"""

import argparse
from pathlib import Path

from safetensors.numpy import load_file, save_file


def main() -> None:
    """Write a folder that `training.judge.export` reads."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--models", type=Path, nargs=2, required=True, help="folders of two courses")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    first, second = (load_file(folder / "model.safetensors") for folder in given.models)
    given.out.mkdir(parents=True, exist_ok=True)
    mean = {name: ((weight + second[name]) / 2).astype(weight.dtype) for name, weight in first.items()}
    save_file(mean, given.out / "model.safetensors")
    for name in ("config.json", "tokenizer.json"):
        (given.out / name).write_bytes((given.models[0] / name).read_bytes())


if __name__ == "__main__":
    main()
