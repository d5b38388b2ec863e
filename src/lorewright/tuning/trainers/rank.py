"""One process of a run in several: torchrun starts it on every host.

Example:
  torchrun --nnodes 2 --nproc-per-node 2 --rdzv-backend c10d --rdzv-endpoint first:29400 \
    --rdzv-id RUN -m lorewright.tuning.trainers.rank --base model.gguf
"""

import argparse
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

from lorewright.errors import Cancelled, LorewrightError, UnfitBase, known_error
from lorewright.tuning.record import find_finished, run_key
from lorewright.tuning.trainers.group import ProcessGroup, joined
from lorewright.tuning.trainers.order import STOP, Order, read_order, tell
from lorewright.tuning.trainers.transformers import TransformersTrainer

LAUNCHER_VARIABLE = "LOREWRIGHT_LAUNCHER_PID"
CHECKPOINT_VARIABLE = "LOREWRIGHT_CHECKPOINT_SECONDS"
_LOOK_EVERY_SECONDS = 1.0


def main() -> int:
    """Join the others, and do this process's share."""
    parser = argparse.ArgumentParser(prog="lorewright.tuning.trainers.rank")
    parser.add_argument("--order", type=Path, help="the run's order; the process that has it leads")
    parser.add_argument("--base", type=Path, help="where this host has the model (default: as the leader)")
    arguments = parser.parse_args()
    _end_with_parents()
    order = read_order(arguments.order) if arguments.order else None
    try:
        with joined(is_leader=order is not None) as group:
            _take_part(group, order, arguments.base)
    except Exception as error:
        known = known_error(error)
        if known is None:
            raise
        if order and os.environ["LOCAL_RANK"] == "0":
            tell(order.folder, error=_error_json(known))
        print(f"{known} {known.hint}".strip(), file=sys.stderr)
        return 0 if isinstance(known, Cancelled) else 1
    return 0


def _take_part(group: ProcessGroup, order: Order | None, base: Path | None) -> None:
    """Learn, as the leader or with it."""
    known = order if group.is_leader else None
    shared = group.share(_shared(known) if known else None)
    if shared["is_finished"]:
        return
    order = known or Order.from_json(shared["order"])
    base = base or order.base
    _check_base(group, base, shared["base_bytes"])
    group.is_sharded = order.is_sharded
    trainer = TransformersTrainer(
        checkpoint_seconds=float(os.environ.get(CHECKPOINT_VARIABLE, "15")),
        n_threads=_n_threads(),
        group=group,
    )
    if not known:
        trainer.follow(order.rows, validation=order.validation, recipe=order.recipe, base=base)
        return
    tell(known.folder, begun=group.n)
    trainer.train(
        known.rows, validation=known.validation, recipe=known.recipe, base=known.base, folder=known.folder,
        init_from=known.init_from,
        progress=lambda done, total: _report(known.folder, done, total),
        say=lambda line: tell(known.folder, say=line),
        on_step=lambda step, n_steps, loss: tell(known.folder, step=[step, n_steps, loss]),
    )  # fmt: skip


def _shared(order: Order) -> dict[str, Any]:
    key = run_key(order.rows, order.validation, order.recipe, order.base, order.init_from)
    return {
        "is_finished": find_finished(order.folder, key) is not None,
        "order": order.to_json(),
        "base_bytes": _size(order.base),
    }


def _check_base(group: ProcessGroup, base: Path, n_bytes: int) -> None:
    """Raise `UnfitBase` everywhere where a host has not the same base."""
    is_other = not base.exists() or _size(base) != n_bytes
    (n_without,) = group.sum(float(is_other))
    if n_without:
        raise UnfitBase(
            f"{n_without:.0f} of {group.n} processes do not have the base {base.name}, or have another one.",
            hint="Copy it to every host, and name it there with --base if it lies elsewhere.",
        )


def _size(base: Path) -> int:
    files = base.glob("*.safetensors") if base.is_dir() else [base]
    return sum(file.stat().st_size for file in files)


def _report(folder: Path, done: int, total: int) -> None:
    tell(folder, progress=[done, total])
    if (folder / STOP).exists():
        raise Cancelled("The run was cancelled.")


def _error_json(error: LorewrightError) -> dict[str, str]:
    return {"type": type(error).__name__, "message": str(error), "hint": error.hint}


def _n_threads() -> int:
    return max(1, len(os.sched_getaffinity(0)) // int(os.environ.get("LOCAL_WORLD_SIZE", "1")))


def _end_with_parents() -> None:
    """End this process when torchrun, or what started that on this host, was killed."""
    torchrun, launcher = os.getppid(), int(os.environ.get(LAUNCHER_VARIABLE, "0"))

    def watch() -> None:
        while os.getppid() == torchrun and (not launcher or Path(f"/proc/{launcher}").exists()):
            time.sleep(_LOOK_EVERY_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
