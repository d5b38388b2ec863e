"""Which models suit this machine: what fits, and how fast it will write, from a short trial."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lorewright.access import Caller
from lorewright.messages import Message
from lorewright.models import ModelStore, Sampling, open_engine, read_gguf_facts
from lorewright.models.catalogue import known
from lorewright.models.gpu import Gpu, find_gpu
from lorewright.models.suggestions import Suggestion, Trial, suggest, usual_trial
from lorewright.models.threads import n_processors
from lorewright.settings import cache_folder
from lorewright.workspace.domain.memory import available_bytes
from lorewright.workspace.server.server import Server

_TRIAL_SECONDS = 10.0
_TRIAL_TOKENS = 1000
_PROMPT = "Describe a small town by the sea, its streets, its people and its weather, in many sentences."


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestions:
    """What this machine has, what was tried on it, and the models that suit it."""

    n_processors: int
    free_memory_bytes: int
    free_disk_bytes: int
    gpu: Gpu
    trial: Trial | None
    """What speeds are scaled from: measured, or usual for so many processors; `None` with a GPU."""
    models: tuple[Suggestion, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        trial = self.trial
        return {
            "processors": self.n_processors,
            "free_memory_bytes": self.free_memory_bytes,
            "free_disk_bytes": self.free_disk_bytes,
            "gpu": self.gpu.finding,
            "trial": trial
            and {
                "is_measured": trial.is_measured,
                "model": known()[0].uri,
                "parameters": trial.n_parameters,
                "tokens_per_second": round(trial.tokens_per_second, 1),
                "seconds": round(trial.seconds, 1),
            },
            "models": [
                {
                    "source": one.model.uri,
                    "licence": one.model.licence,
                    "parameters": one.model.n_parameters,
                    "download_bytes": one.model.download_bytes,
                    "memory_bytes": one.model.memory_bytes,
                    "tokens_per_second": one.tokens_per_second and round(one.tokens_per_second, 1),
                    "is_speed_scaled": one.tokens_per_second is not None,
                    "good_for": one.model.good_for,
                }
                for one in self.models
            ],
        }


def suggest_models(store: ModelStore, cache: Path, *, is_tried: bool) -> Suggestions:
    """Return the models that suit this machine; `is_tried` runs the default one for ten seconds.

    Without a trial the speed is what is usual for so many processors, so that no model is named that
    nobody would wait for; on a GPU it is not known.
    """
    gpu = find_gpu()
    trial = _try_default(store) if is_tried else None
    if trial is None and not gpu.devices:
        trial = usual_trial(n_processors())
    cache.mkdir(parents=True, exist_ok=True)
    memory, disk = available_bytes(), shutil.disk_usage(cache).free
    return Suggestions(
        n_processors=n_processors(),
        free_memory_bytes=memory,
        free_disk_bytes=disk,
        gpu=gpu,
        trial=trial,
        models=tuple(suggest(free_memory_bytes=memory, free_disk_bytes=disk, trial=trial)),
    )


def suggest_here(server: Server, caller: Caller, *, is_tried: bool) -> Suggestions:
    """Return the same to who may download models; a trial takes ten seconds of the server's processors."""
    caller.need("admin")
    return suggest_models(server.workspace.store, cache_folder(), is_tried=is_tried)


def _try_default(store: ModelStore) -> Trial | None:
    """Return how fast the default model writes here, `None` where it is not downloaded."""
    model = store.find(known()[0].uri)
    if model is None:
        return None
    engine = open_engine(model.uri, store=store, context_tokens=2048)
    try:
        n_tokens, begun, first = 0, time.monotonic(), 0.0
        sampling = Sampling(max_tokens=_TRIAL_TOKENS, temperature=1.0)
        for piece in engine.stream(
            [Message("user", _PROMPT)],
            sampling=sampling,
            stopped=lambda: time.monotonic() - begun > _TRIAL_SECONDS,
        ):
            n_tokens += bool(piece.text)
            first = first or time.monotonic()
        seconds = time.monotonic() - (first or begun)
    finally:
        engine.close()
    if n_tokens < 2 or seconds <= 0:
        return None
    facts = read_gguf_facts(model.path)
    return Trial(float(facts.n_parameters), (n_tokens - 1) / seconds, seconds)
