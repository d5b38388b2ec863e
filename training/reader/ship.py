"""Write what a run learned as the file that ships: 16 bits, with the name that answers say.

    python -m training.reader.ship FOLDER/run reader.gguf

FOLDER is the work folder of training.reader.train; a run that is not finished gives what it has learned
so far. The sha256 that is printed belongs into src/lorewright/models/reader.py.
"""

import argparse
from pathlib import Path

import numpy as np
from safetensors import safe_open

from lorewright.models import ModelStore
from lorewright.models.reader import ALPHA
from lorewright.settings import DEFAULT_CHAT_MODEL, cache_folder
from lorewright.tuning.base import read_base
from lorewright.tuning.gguf_adapter import write_adapter

NAME = "the reader"
_FILES = {"adapter/adapter_model.safetensors": "base_model.model.", "checkpoint.safetensors": "weight."}


def main() -> None:
    """Write the file and print its sha256."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    base = ModelStore(cache_folder()).pull(DEFAULT_CHAT_MODEL).path
    print(
        write_adapter(
            given.out, learned(given.run), alpha=ALPHA, facts=read_base(base), name=NAME, dtype=np.float16
        )
    )


def learned(run: Path) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return A and B of every layer that a run has learned."""
    file, prefix = next((run / name, prefix) for name, prefix in _FILES.items() if (run / name).is_file())
    with safe_open(file, framework="numpy") as saved:
        tensors = {
            name.removeprefix(prefix).removesuffix(".weight"): saved.get_tensor(name)
            for name in saved.keys()  # noqa: SIM118 - not a mapping
            if name.startswith(prefix)
        }
    modules = [name.removesuffix(".lora_A") for name in tensors if name.endswith(".lora_A")]
    return {module: (tensors[f"{module}.lora_A"], tensors[f"{module}.lora_B"]) for module in modules}


if __name__ == "__main__":
    main()
