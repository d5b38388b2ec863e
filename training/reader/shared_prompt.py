"""Several questions about the same texts, learned from in one pass.

In a prompt the texts come first and the question last, so rows that show the same texts differ in
their ends alone. The beginning is read once; every end sees it and itself, and no other end. The loss
is that of the rows one by one, at a fraction of the tokens.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AttentionInterface

from lorewright.tuning import Row
from lorewright.tuning.trainers.encoding import EncodedRow, encode_rows

NAME = "lorewright-shared-prompt"
SEPARATOR = "\n\nQuestion: "

_beginning: list[int] = []  # how many tokens all rows share, and how many each end has: of the pass under way


@dataclass(frozen=True, slots=True)
class SharedPrompt:
    """Token ids that rows have in common, and how each goes on."""

    beginning: tuple[int, ...]
    ends: tuple[EncodedRow, ...]

    @property
    def n_tokens(self) -> int:
        """How many tokens a step reads for it."""
        return len(self.beginning) + sum(len(end.ids) for end in self.ends)

    @property
    def n_longest(self) -> int:
        """How many tokens its longest row has."""
        return len(self.beginning) + max(len(end.ids) for end in self.ends)

    @property
    def n_completion(self) -> int:
        """How many tokens are learned."""
        return sum(end.n_completion for end in self.ends)


class SharedLikelihood:
    """The negative log-likelihood of completions, in nats; a mean is per token."""

    def encode(self, tokenizer: Any, rows: Sequence[Row]) -> Sequence[SharedPrompt]:
        """Return neighbouring rows that show the same texts as one."""
        return [_shared(encode_rows(tokenizer, list(same))) for _, same in groupby(rows, key=_shown)]

    def begin(self, model: nn.Module, _rows: Sequence[Any], *, batch_tokens: int) -> None:
        """Let the model attend as rows with a shared beginning need it."""
        del batch_tokens
        model.config._attn_implementation = NAME  # type: ignore[union-attr]

    def loss(self, model: nn.Module, rows: Sequence[SharedPrompt]) -> tuple[Tensor, int]:
        """Return the summed loss of the completions, and how many tokens they have."""
        losses = [self._loss(model, row) for row in rows]
        return torch.stack(losses).sum(), sum(row.n_completion for row in rows)

    def _loss(self, model: nn.Module, row: SharedPrompt) -> Tensor:
        n_shared = len(row.beginning)
        lengths = [len(end.ids) for end in row.ends]
        ids = torch.tensor([*row.beginning, *(token for end in row.ends for token in end.ids)])
        places = torch.tensor([*range(n_shared), *(n_shared + at for n in lengths for at in range(n))])
        asked, wanted = _learned(row)
        _beginning[:] = [n_shared, *lengths]
        logits = model(
            input_ids=ids[None], position_ids=places[None], use_cache=False, logits_to_keep=asked
        ).logits  # (1, learned, vocabulary)
        return nn.functional.cross_entropy(logits[0].float(), wanted, reduction="sum")


def attend(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    mask: Tensor | None,
    scaling: float | None = None,
    **options: Any,
) -> tuple[Tensor, None]:
    """Return what every token takes from the shared beginning and from its own end, up to itself.

    Shapes as in `lorewright.tuning.trainers.attention`, which is asked where the rows share nothing.
    """
    n_tokens, width = query.shape[2:]
    if sum(_beginning) != n_tokens:
        from lorewright.tuning.trainers.attention import attend as attend_alone

        return attend_alone(module, query, key, value, mask, scaling, **options)
    scale = width**-0.5 if scaling is None else scaling
    n_shared, *lengths = _beginning
    before = _taken(
        query[:, :, :n_shared], key[:, :, :n_shared], value[:, :, :n_shared], _later(n_shared), scale
    )
    hidden = torch.cat([torch.zeros(sum(lengths), n_shared), _other_ends(lengths)], dim=1)
    after = _taken(query[:, :, n_shared:], key, value, hidden, scale)
    return torch.cat([before, after], dim=2).transpose(1, 2).contiguous(), None


def _taken(query: Tensor, key: Tensor, value: Tensor, hidden: Tensor, scale: float) -> Tensor:
    """Return (rows, heads, tokens, width); `hidden` is minus infinity where a token may not look."""
    n_rows, n_heads, n_tokens, width = query.shape
    n_sharing, n_seen = n_heads // key.shape[1], key.shape[2]
    queries = query.reshape(-1, n_sharing * n_tokens, width)  # (rows * key heads, sharing * tokens, width)
    keys, values = key.reshape(-1, n_seen, width), value.reshape(-1, n_seen, width)
    hidden = hidden.to(query.dtype).repeat(n_sharing, 1).expand(len(queries), -1, -1)
    scores = torch.baddbmm(hidden, queries, keys.transpose(1, 2), alpha=scale)
    return torch.bmm(torch.softmax(scores, dim=-1), values).view(n_rows, n_heads, n_tokens, width)


def _later(n_tokens: int) -> Tensor:
    return torch.full((n_tokens, n_tokens), float("-inf")).triu(1)


def _other_ends(lengths: Sequence[int]) -> Tensor:
    """Return minus infinity but for what a token of an end may see of its own end."""
    hidden = torch.full((sum(lengths), sum(lengths)), float("-inf"))
    at = 0
    for n in lengths:
        hidden[at : at + n, at : at + n] = _later(n)
        at += n
    return hidden


def _learned(row: SharedPrompt) -> tuple[Tensor, Tensor]:
    """Return the places whose next token is learned, and those tokens."""
    asked: list[int] = []
    wanted: list[int] = []
    at = len(row.beginning)
    for end in row.ends:
        asked += range(at + end.n_prompt - 1, at + len(end.ids) - 1)
        wanted += end.ids[end.n_prompt :]
        at += len(end.ids)
    return torch.tensor(asked), torch.tensor(wanted)


def _shown(row: Row) -> tuple[Any, ...]:
    """Return what a prompt shows before its question."""
    *before, last = row.messages
    return (*before, last.content.rpartition(SEPARATOR)[0])


def _shared(rows: Sequence[EncodedRow]) -> SharedPrompt:
    """Return rows with what their prompts have in common taken out; each end keeps some of its prompt."""
    n_shared = sum(1 for _ in takewhile(_is_same, zip(*(row.ids for row in rows), strict=False)))
    n_shared = min(n_shared, min(row.n_prompt for row in rows) - 1)
    ends = tuple(EncodedRow(row.ids[n_shared:], row.n_prompt - n_shared) for row in rows)
    return SharedPrompt(rows[0].ids[:n_shared], ends)


def _is_same(tokens: Iterator[int] | tuple[int, ...]) -> bool:
    return len(set(tokens)) == 1


AttentionInterface.register(NAME, attend)
