"""Open chat models worth trying, by size, and which of them suit a machine."""

from collections.abc import Sequence
from dataclasses import dataclass

Q8_BYTES_A_PARAMETER = 1.0625
"""What a parameter takes in 8 bits: 32 numbers share a scale of 16 bits."""
LEAST_TOKENS_PER_SECOND = 3.0
"""Slower than this, nobody waits for an answer."""
N_SUGGESTED = 3
_FIXED_BYTES = 700_000_000  # this program, and a context of some thousand tokens
_MEMORY_SHARE = 0.8  # of what is free: something else runs too


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenModel:
    """A chat model of a hub, as its card describes it; `download_bytes` are its weights in 16 bits."""

    uri: str
    n_parameters: float
    download_bytes: int
    licence: str
    good_for: str

    @property
    def memory_bytes(self) -> int:
        """The memory it takes to answer, converted to 8 bits, about."""
        return int(self.n_parameters * Q8_BYTES_A_PARAMETER) + _FIXED_BYTES

    @property
    def disk_bytes(self) -> int:
        """The room on disk it takes: what is downloaded, and what is converted."""
        return self.download_bytes + int(self.n_parameters * Q8_BYTES_A_PARAMETER)


# Sizes and licences as they were published with the models in 2024 and 2025. Left out: licences that
# restrict use (Qwen2.5-3B: research only) or must be accepted first (Llama, Gemma), and models that
# think aloud.
OPEN_MODELS = (
    OpenModel(
        uri="hf:HuggingFaceTB/SmolLM2-360M-Instruct",
        n_parameters=0.362e9,
        download_bytes=724_000_000,
        licence="Apache-2.0",
        good_for="English; labels, short forms, rewording after tuning; knows little",
    ),
    OpenModel(
        uri="hf:Qwen/Qwen2.5-0.5B-Instruct",
        n_parameters=0.494e9,
        download_bytes=988_000_000,
        licence="Apache-2.0",
        good_for="29 languages; labels, extraction and JSON after tuning",
    ),
    OpenModel(
        uri="hf:Qwen/Qwen2.5-1.5B-Instruct",
        n_parameters=1.54e9,
        download_bytes=3_090_000_000,
        licence="Apache-2.0",
        good_for="29 languages; answers from documents, JSON, short summaries",
    ),
    OpenModel(
        uri="hf:ibm-granite/granite-3.3-2b-instruct",
        n_parameters=2.53e9,
        download_bytes=5_070_000_000,
        licence="Apache-2.0",
        good_for="12 languages; answers from long documents, function calls",
    ),
    OpenModel(
        uri="hf:Qwen/Qwen3-4B-Instruct-2507",
        n_parameters=4.02e9,
        download_bytes=8_050_000_000,
        licence="Apache-2.0",
        good_for="over 100 languages; answers from documents, tools, longer texts",
    ),
    OpenModel(
        uri="hf:ibm-granite/granite-3.3-8b-instruct",
        n_parameters=8.17e9,
        download_bytes=16_340_000_000,
        licence="Apache-2.0",
        good_for="12 languages; answers from long documents, function calls, reasoning in steps",
    ),
    OpenModel(
        uri="hf:microsoft/phi-4",
        n_parameters=14.7e9,
        download_bytes=29_320_000_000,
        licence="MIT",
        good_for="mostly English; reasoning and longer texts, on a machine with a GPU or many cores",
    ),
)


@dataclass(frozen=True, slots=True)
class Trial:
    """How fast a model of so many parameters was seen to write on this machine, in how many seconds."""

    n_parameters: float
    tokens_per_second: float
    seconds: float

    @property
    def is_measured(self) -> bool:
        """Whether it was measured, here and now."""
        return self.seconds > 0

    def expected(self, model: OpenModel) -> float:
        """Return the tokens per second to expect of another model.

        Writing is bound by how fast weights are read, so speed falls as parameters rise: half as
        fast for twice as many. Small models pay for more than their weights, so this is cautious.
        """
        return self.tokens_per_second * self.n_parameters / model.n_parameters


_USUAL_PER_CORE = 40.0
_MOST_CORES = 8
"""Writing waits for memory: more cores than these make it no faster."""
_DEFAULT_PARAMETERS = 135e6


def usual_trial(n_processors: int) -> Trial:
    """Return how fast the default model writes on a usual machine with so many processors: no measurement.

    78 tokens a second on two processors of 2026, busy with other work; its `seconds` are 0.
    """
    return Trial(_DEFAULT_PARAMETERS, _USUAL_PER_CORE * min(n_processors, _MOST_CORES), 0.0)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A model that fits, and how fast it will write, `None` where that is not known: on a GPU."""

    model: OpenModel
    tokens_per_second: float | None


def suggest(
    *,
    free_memory_bytes: int,
    free_disk_bytes: int,
    trial: Trial | None = None,
    models: Sequence[OpenModel] = OPEN_MODELS,
) -> list[Suggestion]:
    """Return up to three models that fit into memory and on disk and write fast enough, largest first.

    Where all that fit are too slow, the smallest one is returned alone.
    """
    fitting = [
        Suggestion(model, trial.expected(model) if trial else None)
        for model in sorted(models, key=lambda model: model.n_parameters)
        if model.memory_bytes <= _MEMORY_SHARE * free_memory_bytes and model.disk_bytes <= free_disk_bytes
    ]
    quick = [
        one
        for one in fitting
        if one.tokens_per_second is None or one.tokens_per_second >= LEAST_TOKENS_PER_SECOND
    ]
    return quick[::-1][:N_SUGGESTED] or fitting[:1]
