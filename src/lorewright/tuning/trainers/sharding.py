"""A base that is shared out: a process keeps a part of every layer, and has one whole while it computes."""

import ctypes
from collections.abc import Set

from torch import nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard

from lorewright.tuning.trainers.group import Group

_M_MMAP_THRESHOLD, _RETURNED_BYTES = -3, 1 << 20


def shard(model: nn.Module, group: Group) -> None:
    """Share the layers' weights that do not learn out over the processes (FSDP2), layer by layer.

    The leader's model holds the weights, those of the others need none (`load_empty_model`). What learns is
    whole in every process, so that gradients, checkpoints and adapters are those of a base that is not
    sharded. So are the embeddings and the output head: they are needed from a batch's first layer to its
    last, and collecting them takes two to three copies where keeping them takes one. From now on all
    processes must compute whenever one does.
    """
    mesh = init_device_mesh(group.device.type, (group.n,))
    layers: nn.ModuleList = model.model.layers  # type: ignore[assignment,union-attr]
    finished: set[nn.Module] = set()
    for part in (*layers, model):
        _bring(part, group, without=finished)
        kept = {weight for weight in part.parameters() if weight.requires_grad or part is model}
        fully_shard(part, mesh=mesh, reshard_after_forward=True, ignored_params=kept)
        finished.update(part.modules())


def return_freed_memory() -> None:
    """Let what is freed go back to the system at once, where the C library is GNU's.

    It would keep blocks of up to 32 MB for reuse once some were freed. Layers that are collected and given
    up between activations that stay leave holes there: 0.5 GB with a base of 0.54.
    """
    try:
        set_option = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):  # another C library
        return
    set_option(_M_MMAP_THRESHOLD, _RETURNED_BYTES)


def share_held(model: nn.Module) -> float:
    """Return which share of the base's numbers this process holds."""
    frozen = [weight for weight in model.parameters() if not weight.requires_grad]
    here = sum(getattr(weight, "_local_tensor", weight).numel() for weight in frozen)
    return here / sum(weight.numel() for weight in frozen)


def _bring(part: nn.Module, group: Group, *, without: Set[nn.Module]) -> None:
    """Put the leader's weights and buffers in their places, on every process's device."""
    brought: dict[nn.Parameter, nn.Parameter] = {}  # an embedding may also be the output head
    for module in part.modules():
        if module in without:
            continue
        for name, weight in module.named_parameters(recurse=False, remove_duplicate=False):
            if weight not in brought:
                here = group.bring(weight.detach())
                brought[weight] = nn.Parameter(here, requires_grad=weight.requires_grad)
            setattr(module, name, brought[weight])
        for name, buffer in module.named_buffers(recurse=False):
            setattr(module, name, group.bring(buffer))
