"""Low-rank adaptation of linear layers (Hu et al., 2021), with less copying than a general library."""

import math
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn


class LoraLinear(nn.Module):
    """A frozen linear layer plus a learned product of two thin matrices: `W x + scale * B A x`."""

    def __init__(self, base: nn.Linear, *, rank: int, alpha: float, generator: torch.Generator) -> None:
        super().__init__()
        self.base = base
        self.scale = alpha / rank
        start = torch.empty(rank, base.in_features)
        nn.init.kaiming_uniform_(start, a=math.sqrt(5), generator=generator)
        device = base.weight.device
        self.lora_A = nn.Parameter(start.to(device))  # (rank, inputs)
        self.lora_B = nn.Parameter(torch.zeros(base.out_features, rank, device=device))  # (outputs, rank)

    def forward(self, x: Tensor) -> Tensor:
        """Return the layer's output: (…, outputs)."""
        a, b = self.lora_A.to(x.dtype), (self.scale * self.lora_B).to(x.dtype)
        if type(self.base) is nn.Linear:
            product: Tensor = _LoraProduct.apply(x, self.base.weight, self.base.bias, a, b)  # type: ignore[no-untyped-call]
            return product
        return self.base(x) + x @ a.T @ b.T  # type: ignore[no-any-return]  # a quantised layer knows its own product


class _LoraProduct(torch.autograd.Function):
    """Both products with their sums in place: no temporary of the output's size, forward or backward."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None, a: Tensor, b: Tensor) -> Tensor:
        flat = x.reshape(-1, x.shape[-1])  # (tokens, inputs)
        low = flat @ a.T  # (tokens, rank)
        out = nn.functional.linear(flat, weight, bias).addmm_(low, b.T)  # (tokens, outputs)
        ctx.save_for_backward(flat, low, weight, a, b)
        return out.view(*x.shape[:-1], -1)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        flat, low, weight, a, b = ctx.saved_tensors
        (gradient,) = gradients
        outer = gradient.reshape(-1, gradient.shape[-1])  # (tokens, outputs)
        low_gradient = outer @ b  # (tokens, rank)
        to_x = None
        if ctx.needs_input_grad[0]:
            to_x = (outer @ weight).addmm_(low_gradient, a).view(*gradient.shape[:-1], -1)
        return to_x, None, None, low_gradient.T @ flat, outer.T @ low


def add_lora(model: nn.Module, *, rank: int, alpha: float, layers_share: float, seed: int) -> None:
    """Freeze the model and put a `LoraLinear` in place of every linear layer of its last layers.

    The output head stays as it is. Layers below the first one that learns run without gradient.
    """
    model.requires_grad_(requires_grad=False)
    generator = torch.Generator().manual_seed(seed)
    layers: nn.ModuleList = model.model.layers  # type: ignore[assignment,union-attr]
    n_still = len(layers) - max(1, round(layers_share * len(layers)))
    for layer in layers[n_still:]:
        linear = [(name, part) for name, part in layer.named_modules() if isinstance(part, nn.Linear)]
        for name, part in linear:
            parent, _, last = name.rpartition(".")
            tuned = LoraLinear(part, rank=rank, alpha=alpha, generator=generator)
            setattr(layer.get_submodule(parent), last, tuned)


def lora_modules(model: nn.Module) -> Iterator[tuple[str, LoraLinear]]:
    """Yield every adapted layer with the name of the layer it stands for."""
    for name, part in model.named_modules():
        if isinstance(part, LoraLinear):
            yield name, part
