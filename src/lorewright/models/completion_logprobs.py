"""Log-probabilities as a completion tells them, lists side by side, and as a chat does, a list of tokens."""

from collections.abc import Mapping, Sequence
from typing import Any


def tokens_of(logprobs: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return a completion's log-probabilities as a chat's."""
    if not logprobs or "content" in logprobs:
        return dict(logprobs) if logprobs else None
    tokens = logprobs.get("tokens") or []
    tops = logprobs.get("top_logprobs") or [None] * len(tokens)
    return {
        "content": [
            {
                "token": token,
                "logprob": logprob,
                "top_logprobs": [{"token": name, "logprob": one} for name, one in (top or {}).items()],
            }
            for token, logprob, top in zip(tokens, logprobs.get("token_logprobs") or [], tops, strict=False)
        ]
    }


def side_by_side(tokens: Sequence[Mapping[str, Any]], *, n_top: int, offset: int = 0) -> dict[str, Any]:
    """Return a chat's tokens as a completion's log-probabilities; `offset` is where their text begins."""
    offsets, place = [], offset
    for token in tokens:
        offsets.append(place)
        place += len(token["token"])
    return {
        "tokens": [token["token"] for token in tokens],
        "token_logprobs": [token["logprob"] for token in tokens],
        "top_logprobs": [_top(token, n_top) for token in tokens],
        "text_offset": offsets,
    }


def _top(token: Mapping[str, Any], n_top: int) -> dict[str, float] | None:
    """Return the likeliest tokens in a place, and the one that stands there; `None` at the beginning."""
    if token["logprob"] is None:
        return None
    likeliest = {one["token"]: one["logprob"] for one in (token.get("top_logprobs") or ())[:n_top]}
    return {**likeliest, token["token"]: token["logprob"]}
