"""Causal attention as plain matrix products: on a CPU, half the time of the fused kernel."""

from typing import Any

import torch
from torch import Tensor, nn
from transformers import AttentionInterface

from lorewright.tuning.fit import PLAIN_ATTENTION_TOKENS

NAME = "lorewright"

# Every score is kept for the way back: at this length some 12 MB a row and layer, with 9 heads in
# 32 bits. Past it the fused kernel, which keeps none, takes over.
LONGEST_TOKENS = PLAIN_ATTENTION_TOKENS


def attend(
    _module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    _mask: Tensor | None,
    scaling: float | None = None,
    sliding_window: int | None = None,
    **_: Any,
) -> tuple[Tensor, None]:
    """Return what every token takes from itself and those before it: (rows, tokens, heads, width).

    `query` is (rows, heads, tokens, width); `key` and `value` have fewer heads where several query
    heads share one. Rows are padded on the right, so no mask but the causal one is needed.
    A single token after cached ones sees them all. With a `sliding_window` a token sees itself and
    so many before it, less one.
    """
    n_rows, n_heads, n_tokens, width = query.shape
    scale = width**-0.5 if scaling is None else scaling
    n_sharing = n_heads // key.shape[1]
    is_next = n_tokens == 1
    if sliding_window and n_tokens > sliding_window:
        band = torch.ones(n_tokens, n_tokens, dtype=torch.bool, device=query.device).tril()
        seen = band.triu(1 - sliding_window)  # (tokens, tokens)
        attended = nn.functional.scaled_dot_product_attention(
            query, key, value, attn_mask=seen, scale=scale, enable_gqa=n_sharing > 1
        )
        return attended.transpose(1, 2).contiguous(), None
    if n_tokens > LONGEST_TOKENS or is_next:
        attended = nn.functional.scaled_dot_product_attention(
            query, key, value, is_causal=not is_next, scale=scale, enable_gqa=n_sharing > 1
        )
        return attended.transpose(1, 2).contiguous(), None
    # The query heads that share a key head stand below each other: one product for all of them.
    queries = query.reshape(-1, n_sharing * n_tokens, width)  # (rows * key heads, sharing * tokens, width)
    keys, values = key.reshape(-1, n_tokens, width), value.reshape(-1, n_tokens, width)
    later = torch.full((n_tokens, n_tokens), float("-inf"), dtype=query.dtype).triu(1)
    hidden = later.repeat(n_sharing, 1).expand(len(queries), -1, -1)
    scores = torch.baddbmm(hidden, queries, keys.transpose(1, 2), alpha=scale)
    attended = torch.bmm(torch.softmax(scores, dim=-1), values)
    return attended.view(n_rows, n_heads, n_tokens, width).transpose(1, 2).contiguous(), None


AttentionInterface.register(NAME, attend)
