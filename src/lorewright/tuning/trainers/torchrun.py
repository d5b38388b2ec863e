"""Our trainer in several processes, on one host or several: torchrun starts them and watches over them."""

import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import torch

from lorewright import errors
from lorewright.errors import Cancelled, LorewrightError, Permanent, UserError
from lorewright.progress import Progress, Say, quiet, silent
from lorewright.settings import Tuning
from lorewright.tuning.base import read_base
from lorewright.tuning.fit import is_sharded
from lorewright.tuning.recipe import Recipe
from lorewright.tuning.record import find_finished, run_key
from lorewright.tuning.row import Row
from lorewright.tuning.trainer import Adapter, FreeMemory, OnStep, unheard, unlimited
from lorewright.tuning.trainers.group import STORE_VARIABLE
from lorewright.tuning.trainers.order import STOP, News, Order, save_order
from lorewright.tuning.trainers.rank import CHECKPOINT_VARIABLE, LAUNCHER_VARIABLE
from lorewright.tuning.trainers.transformers import check_shares

RANK = "lorewright.tuning.trainers.rank"
LOG = "torchrun.log"
JOIN_SECONDS = 600
MAX_RESTARTS = 3
_LOOK_EVERY_SECONDS = 0.1
_STOP_SECONDS = 120.0
_END_SECONDS = 40.0  # torchrun itself waits 30 for its processes


class TorchrunTrainer:
    """Starts torchrun for a run, passes on what its processes tell, and stops them."""

    def __init__(
        self,
        tuning: Tuning,
        free_memory: FreeMemory = unlimited,
        *,
        checkpoint_seconds: float = 15.0,
        join_seconds: int = JOIN_SECONDS,
        max_restarts: int = MAX_RESTARTS,
    ) -> None:
        """Take how many processes and hosts; those of other hosts have `join_seconds` to come.

        On GPUs the processes share the base's weights out where it would not fit into each of them.

        After one process dies, all begin again at the last checkpoint, `max_restarts` times.
        """
        self._tuning = tuning
        self._free_memory = free_memory
        self._checkpoint_seconds = checkpoint_seconds
        self._join_seconds = join_seconds
        self._max_restarts = max_restarts

    def train(
        self,
        rows: Sequence[Row],
        *,
        validation: Sequence[Row],
        recipe: Recipe,
        base: Path,
        folder: Path,
        init_from: Path | None = None,
        progress: Progress = quiet,
        say: Say = silent,
        on_step: OnStep = unheard,
    ) -> Adapter:
        """Return the adapter learned from `rows`; see `Trainer`."""
        key = run_key(rows, validation, recipe, base, init_from)
        if (finished := find_finished(folder, key)) is not None:
            return finished
        tuning = self._tuning
        check_shares(min(len(rows), recipe.max_rows), tuning.processes * tuning.hosts)
        _check_devices(tuning.processes)
        order = Order(
            rows=rows, validation=validation, recipe=recipe, base=base, folder=folder, init_from=init_from,
            is_sharded=is_sharded(
                rows, recipe, read_base(base), tuning,
                host_bytes=self._free_memory(), device_bytes=_device_bytes(tuning.processes),
            ),
        )  # fmt: skip
        path = save_order(order)
        if tuning.hosts > 1:
            n_others = tuning.hosts - 1
            hosts = "1 other host" if n_others == 1 else f"{n_others} other hosts"
            say(f"Waiting for {hosts}. Run there: {self._elsewhere(key, base)}")
        else:
            parts = ", each with a part of the base" if order.is_sharded else ""
            say(f"Training in {tuning.processes} processes{parts}.")
        with (folder / LOG).open("ab") as log, self._started(path, key, log) as process:
            self._follow(process, folder, progress, say, on_step)
        if (made := find_finished(folder, key)) is None:
            raise self._why(folder, process.returncode)
        return made

    def command(self, key: str, *, endpoint: str) -> list[str]:
        """Return torchrun's command, without what a process is told."""
        tuning = self._tuning
        return [
            f"--nnodes={tuning.hosts}",
            f"--nproc-per-node={tuning.processes}",
            f"--max-restarts={self._max_restarts}",
            "--rdzv-backend=c10d",
            f"--rdzv-endpoint={endpoint}",
            f"--rdzv-id={key[:16]}",
        ]

    def _elsewhere(self, key: str, base: Path) -> str:
        """Return the command for the other hosts."""
        command = [*self.command(key, endpoint=self._tuning.rendezvous), "-m", RANK, f"--base={base}"]
        return shlex.join(["torchrun", *command])

    @contextmanager
    def _started(self, order: Path, key: str, log: IO[bytes]) -> Iterator["subprocess.Popen[bytes]"]:
        """Yield torchrun at work; whatever happens, it and its processes have ended afterwards."""
        environment = os.environ | {
            LAUNCHER_VARIABLE: str(os.getpid()),
            CHECKPOINT_VARIABLE: str(self._checkpoint_seconds),
            "OMP_NUM_THREADS": str(max(1, len(os.sched_getaffinity(0)) // self._tuning.processes)),
        }
        with tempfile.TemporaryDirectory(prefix="lorewright-torchrun-") as meeting:
            options = [f"--rdzv-conf=join_timeout={self._join_seconds}"]
            endpoint = self._tuning.rendezvous
            if self._tuning.hosts == 1:  # a folder of ours: no port is opened
                endpoint = f"{meeting}/rendezvous"
                options = ["--rdzv-conf=store_type=file", "--local-addr=127.0.0.1"]
                environment |= {STORE_VARIABLE: meeting, "GLOO_SOCKET_IFNAME": "lo"}
            command = [
                *(sys.executable, "-m", "torch.distributed.run"),
                *self.command(key, endpoint=endpoint),
                *options,
                *("-m", RANK, "--order", str(order)),
            ]
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
            try:
                yield process
            finally:
                _end(process)

    def _follow(
        self, process: "subprocess.Popen[bytes]", folder: Path, progress: Progress, say: Say, on_step: OnStep
    ) -> None:
        """Pass on what the leader tells until torchrun ends; where `progress` cancels, stop the run first."""
        news, done, total = News(folder), 0, 1  # until the first step
        is_over = False
        while not is_over:
            is_over = process.poll() is not None
            for told in news:
                done, total = told.get("progress", (done, total))
                _pass_on(told, say, on_step)
            try:
                progress(done, total)
            except Cancelled:
                if total > 1:  # what was learned is saved; before that there is nothing to wait for
                    (folder / STOP).touch()
                    _wait(process, _STOP_SECONDS)
                raise
            if not is_over:
                time.sleep(_LOOK_EVERY_SECONDS)

    def _why(self, folder: Path, status: int) -> LorewrightError:
        """Return what to tell of a run that ended without an adapter and without a reason of its own."""
        if self._tuning.hosts > 1 and not any("begun" in told for told in News(folder)):
            return UserError(
                f"Not all of {self._tuning.hosts} hosts came to {self._tuning.rendezvous} within "
                f"{self._join_seconds} seconds.",
                hint="Start the command on every host that the first line names; the address must be "
                f"reachable from there. {folder / LOG} holds what torchrun said.",
            )
        return Permanent(
            f"A process of the run was killed or failed {self._max_restarts + 1} times (torchrun ended with "
            f"{status}).",
            hint=f"Run the same command again: it continues at the last checkpoint. See {folder / LOG}.",
        )


def _check_devices(n_processes: int) -> None:
    n_gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if 0 < n_gpus < n_processes:
        raise UserError(
            f"{n_processes} processes need as many GPUs; this host has {n_gpus}.",
            hint=f"Set processes = {n_gpus} under [tuning].",
        )


def _device_bytes(n_processes: int) -> int | None:
    """Return the memory of the smallest GPU, `None` without one.

    Estimates are for numbers of 32 bits: twice as many of 16 fit, in which newer GPUs tune.
    """
    if not torch.cuda.is_available():
        return None
    n_fold = 2 if torch.cuda.is_bf16_supported() else 1
    sizes = (torch.cuda.get_device_properties(place).total_memory for place in range(n_processes))
    return n_fold * min(sizes)


def _pass_on(told: dict[str, Any], say: Say, on_step: OnStep) -> None:
    """Tell what a line of the news tells, or raise the error that it is."""
    if "say" in told:
        say(told["say"])
    if "step" in told:
        on_step(*told["step"])
    if "error" in told and told["error"]["type"] != Cancelled.__name__:
        error = told["error"]
        kind: Callable[..., LorewrightError] = getattr(errors, error["type"], Permanent)
        raise kind(error["message"], hint=error["hint"])


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End torchrun, which ends its processes."""
    if process.poll() is None:
        process.terminate()
        if not _wait(process, _END_SECONDS):
            process.kill()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", seconds: float) -> bool:
    """Return whether the process ended in time."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True
