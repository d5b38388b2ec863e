"""The processes that learn together: each takes its share of a batch, and the gradients are added up."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor

STORE_VARIABLE = "LOREWRIGHT_GROUP_FOLDER"
"""Names a folder through which the processes of one host find each other: no port is opened to others."""
_TIMEOUT = timedelta(minutes=30)  # the leader also validates, speaks and saves while the others wait
_BUCKET_NUMBERS = 4_000_000


class Group:
    """One process alone: whatever is shared is its own."""

    n = 1
    is_leader = True
    is_sharded = False
    """Whether a process holds only a part of the base, so that all must compute whenever one does."""

    def __init__(self) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    def mine(self, rows: Sequence[Any]) -> Sequence[Any]:
        """Return the rows of a batch that this process learns from; there may be none."""
        return rows

    def sum(self, *values: float) -> list[float]:
        """Return the sums over all processes."""
        return list(values)

    def each(self, value: float) -> list[float]:
        """Return the value of every process."""
        return [value]

    def add_gradients(self, weights: Iterable[torch.nn.Parameter]) -> None:
        """Put the sum over all processes in the place of every gradient."""

    def bring(self, value: Tensor) -> Tensor:
        """Return the leader's tensor on this process's device; those of the others need no content."""
        return value.to(self.device)

    def share(self, value: Any) -> Any:
        """Return the leader's value, made of JSON's types."""
        return value

    def share_weights(
        self, weights: Iterable[torch.nn.Parameter], optimizer: torch.optim.Optimizer | None = None
    ) -> None:
        """Put the leader's weights, and with an `optimizer` its moments, in the place of everybody's."""


class ProcessGroup(Group):
    """This process among those that torchrun started."""

    def __init__(self, *, is_leader: bool) -> None:
        """Join; of those that could lead, the first does."""
        self.device = _device()
        self._rank, self.n = dist.get_rank(), dist.get_world_size()
        leader = torch.tensor([self._rank if is_leader else self.n], device=self.device)
        dist.all_reduce(leader, dist.ReduceOp.MIN)
        self._leader = int(leader)
        self.is_leader = self._rank == self._leader

    def mine(self, rows: Sequence[Any]) -> Sequence[Any]:
        """Return every n-th row: batches are sorted by length, so all get rows of like length."""
        return rows[self._rank :: self.n]

    def sum(self, *values: float) -> list[float]:
        """Return the sums over all processes."""
        total = torch.tensor(values, dtype=torch.float64, device=self.device)
        dist.all_reduce(total)
        return [float(value) for value in total]

    def each(self, value: float) -> list[float]:
        """Return the value of every process, by rank."""
        return self.sum(*(value if rank == self._rank else 0.0 for rank in range(self.n)))

    def bring(self, value: Tensor) -> Tensor:
        """Return the leader's tensor on this process's device; those of the others need no content."""
        here = torch.empty(value.shape, dtype=value.dtype, device=self.device)
        if self.is_leader:
            here.copy_(value)
        dist.broadcast(here, self._leader)
        return here

    def add_gradients(self, weights: Iterable[torch.nn.Parameter]) -> None:
        """Add gradients up, some megabytes at a time; a process without rows adds nothing."""
        for bucket in _buckets(weights):
            grads = [torch.zeros_like(part) if part.grad is None else part.grad for part in bucket]
            flat = torch.cat([grad.flatten() for grad in grads])
            dist.all_reduce(flat)
            for part, grad in zip(bucket, torch.split(flat, [part.numel() for part in bucket]), strict=True):
                part.grad = grad.view_as(part)

    def share(self, value: Any) -> Any:
        """Return the leader's value; it travels as JSON, which cannot carry code."""
        body = json.dumps(value).encode() if self.is_leader else b""
        size = torch.tensor([len(body)], device=self.device)
        dist.broadcast(size, self._leader)
        content = torch.zeros(int(size), dtype=torch.uint8, device=self.device)
        if self.is_leader:
            content.copy_(torch.frombuffer(bytearray(body), dtype=torch.uint8))
        dist.broadcast(content, self._leader)
        return json.loads(bytes(content.cpu().numpy()))

    @torch.no_grad()
    def share_weights(
        self, weights: Iterable[torch.nn.Parameter], optimizer: torch.optim.Optimizer | None = None
    ) -> None:
        """Put the leader's weights, and with an `optimizer` its moments, in the place of everybody's."""
        for weight in weights:
            dist.broadcast(weight, self._leader)
            if optimizer is not None:
                self._share_moments(optimizer.state[weight], weight)

    def _share_moments(self, state: dict[str, Tensor], weight: Tensor) -> None:
        (step,) = self.sum(float(state["step"]) if self.is_leader and state else 0.0)
        if not step:  # it never had a gradient
            return
        state["step"] = torch.tensor(step)
        for name in ("exp_avg", "exp_avg_sq"):
            dist.broadcast(state.setdefault(name, torch.zeros_like(weight)), self._leader)


@contextmanager
def joined(*, is_leader: bool) -> Iterator[ProcessGroup]:
    """Yield the group that torchrun's variables describe, and leave it."""
    device = _device()
    if device.type == "cuda":
        torch.cuda.set_device(device)
    folder = os.environ.get(STORE_VARIABLE)
    n, rank = int(os.environ["WORLD_SIZE"]), int(os.environ["RANK"])
    attempt = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")
    shared = Path(folder or "") / f"store-{attempt}"
    store = dist.FileStore(str(shared), n) if folder else None  # type: ignore[attr-defined]
    dist.init_process_group(
        "nccl" if device.type == "cuda" else "gloo", store=store, rank=rank if store else -1,
        world_size=n if store else -1, timeout=_TIMEOUT,
    )  # fmt: skip
    try:
        yield ProcessGroup(is_leader=is_leader)
    finally:
        dist.destroy_process_group()


def _device() -> torch.device:
    if torch.cuda.is_available():
        return torch.device("cuda", int(os.environ["LOCAL_RANK"]))
    return torch.device("cpu")


def _buckets(weights: Iterable[torch.nn.Parameter]) -> Iterator[list[torch.nn.Parameter]]:
    bucket: list[torch.nn.Parameter] = []
    for weight in weights:
        bucket.append(weight)
        if sum(part.numel() for part in bucket) >= _BUCKET_NUMBERS:
            yield bucket
            bucket = []
    if bucket:
        yield bucket
