"""What a node asks a model on the side: a short text, or which of two words it leans to."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from lorewright.errors import Permanent
from lorewright.flows.kinds import Running
from lorewright.messages import Message
from lorewright.models import Engine, Sampling, Usage, usage_in

N_LIKELIEST = 20


def short_answer(running: Running, adapter: str, messages: Sequence[Message], *, max_tokens: int) -> str:
    """Return what the model says, always its likeliest words; it is heard by nobody else."""
    engine = _engine(running, adapter)
    sampling = Sampling(max_tokens=max_tokens, temperature=0.0, seed=running.seed)
    text = ""
    for piece in engine.stream(messages, sampling=sampling, stopped=running.stopped):
        text += piece.text
        if piece.usage:
            running.spent.append(piece.usage)
    return text.strip()


def preference(
    running: Running, adapter: str, messages: Sequence[Message], words: tuple[str, str]
) -> float | None:
    """Return how likely the model begins with the first of two words rather than the second.

    That is a share in [0, 1] of the probability of both, whatever else the model would say. Where
    its server tells no log-probabilities it is 1 or 0 by the word that is said, and `None` where
    that is neither.
    """
    request = {
        "messages": [message.to_json() for message in messages],
        "max_tokens": 1,
        "temperature": 0.0,
        "seed": running.seed,
    }
    text, likely = "", list[Mapping[str, Any]]()
    for chunk in _chunks(running, _engine(running, adapter), request):
        for choice in chunk.get("choices") or ():
            text += (choice.get("delta") or {}).get("content") or ""
            likely += (choice.get("logprobs") or {}).get("content") or ()
        if chunk.get("usage"):
            running.spent.append(_usage(chunk["usage"]))
    candidates = likely[0].get("top_logprobs") or likely[:1] if likely else [{"token": text, "logprob": 0.0}]
    first, second = (_probability(candidates, word) for word in words)
    return first / (first + second) if first + second else None


def _chunks(running: Running, engine: Engine, request: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the chunks of a chat completion, with log-probabilities where the server knows them."""
    try:
        chunks = engine.chat(
            {**request, "logprobs": True, "top_logprobs": N_LIKELIEST}, stopped=running.stopped
        )
        first = next(chunks, None)
    except Permanent:
        return engine.chat(request, stopped=running.stopped)
    return chain([first] if first is not None else [], chunks)


def _engine(running: Running, adapter: str) -> Engine:
    """Return the engine, noted as what made the answer unless a model is noted that wrote it."""
    engine = running.parts.engine(adapter)
    weights, _, worn = engine.fingerprint.partition("+")
    for name, value in {"model": engine.name, "weights": weights, "adapter": worn}.items():
        running.made_by.setdefault(name, value)
    return engine


def _probability(candidates: Sequence[Mapping[str, Any]], word: str) -> float:
    """Return how likely a text begins with a word, in whatever case and spacing its token has."""
    return sum(math.exp(one["logprob"]) for one in candidates if _plain(one["token"]) == word.lower())


def _plain(token: str) -> str:
    return token.strip(" \n\t.,:;()[]\"'*▁Ġ").lower()


def _usage(usage: Mapping[str, Any]) -> Usage:
    return usage_in(usage)
