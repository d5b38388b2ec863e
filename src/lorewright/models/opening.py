"""From a model source to a running engine."""

from collections.abc import Callable
from pathlib import Path

from lorewright.errors import MissingExtra, UnknownModel
from lorewright.models.embedders import open_embedder
from lorewright.models.engine import Engine
from lorewright.models.local_model import LocalModel
from lorewright.models.sources import parse_source
from lorewright.models.store import ModelStore
from lorewright.models.threads import n_processors, threads_for
from lorewright.models.tool_relevance import ToolRelevance
from lorewright.registry import Registry

ENGINES: Registry[Callable[..., Engine]] = Registry(
    "engine",
    {
        "llama.cpp": "lorewright.models.engines.llama_cpp:LlamaCpp",
        "transformers": "lorewright.models.engines.transformers:TransformersEngine",
        "openai": "lorewright.models.engines.openai:OpenAICompatible",
        "replicas": "lorewright.models.engines.replicas:Replicas",
        "vllm": "lorewright.models.engines.vllm:VllmAdapter",
    },
    extras={"transformers": "tune"},
    group="engine",
    form="a class or function that returns an Engine",
)
"""Engines by name; that of a plug-in is the scheme of its models' URIs: `name:model`."""


def open_engine(
    uri: str,
    *,
    store: ModelStore,
    adapter: Path | None = None,
    context_tokens: int = 4096,
    n_threads: int = 0,
    n_prompt_threads: int = 0,
    gpu_layers: int = -1,
    n_slots: int = 1,
    prompt_cache_mb: int = 0,
    api_key: str = "",
    adapters_at: str = "",
) -> Engine:
    """Return a running engine of the model called `uri`, fetched if it is not here yet.

    `n_threads` write the completion, `n_prompt_threads` read the prompt, `n_slots` prompts are
    answered at once, and with a `prompt_cache_mb` conversations are kept, so that only what a turn
    adds is computed; so many `gpu_layers` (-1: all) are computed on a GPU where llama.cpp was built
    for one (llama.cpp only). Threads that are 0 follow from the processors.
    An adapter runs on the vLLM server at `adapters_at`, where that is not empty. Whoever opens an
    engine closes it.
    """
    if adapter is not None and adapters_at:
        return ENGINES.load("vllm")(adapter, base_url=adapters_at, api_key=api_key)
    threads = threads_for(n_processors(), writing=n_threads, reading=n_prompt_threads)
    source = parse_source(uri)
    if source.is_plugin:
        options = {"context_tokens": context_tokens, "n_threads": threads.writing, "n_slots": n_slots}
        engine = ENGINES.load(source.scheme)
        return engine(uri.partition(":")[2], adapter=adapter, api_key=api_key, **options)
    if source.is_remote:
        if adapter is not None:
            raise UnknownModel(
                f"{source.name} runs on another server, which cannot load the adapter {adapter}.",
                hint="Set tuning.base to a model on this machine.",
            )
        if len(source.base_urls) > 1:
            return ENGINES.load("replicas")(source.name, base_urls=source.base_urls, api_key=api_key)
        return ENGINES.load("openai")(source.name, base_url=source.base_url, api_key=api_key)
    model = store.pull(uri)
    path = store.runnable(model)
    if path.is_dir():
        return _open_transformers(model, adapter, context_tokens=context_tokens, n_threads=threads.reading)
    return ENGINES.load("llama.cpp")(
        path,
        name=model.path.stem,
        sha256=model.sha256 if path == model.path else f"{model.sha256}.q8_0",
        adapter=adapter,
        context_tokens=context_tokens,
        n_threads=threads.writing,
        n_prompt_threads=threads.reading,
        gpu_layers=gpu_layers,
        n_slots=n_slots,
        prompt_cache_mb=prompt_cache_mb,
        relevance=ToolRelevance(lambda: open_embedder("auto", store=store)),
    )


def _open_transformers(
    model: LocalModel, adapter: Path | None, *, context_tokens: int, n_threads: int
) -> Engine:
    """Return an engine for a model that cannot be converted to GGUF; raise `UnknownModel` without torch."""
    try:
        engine = ENGINES.load("transformers")
    except MissingExtra as error:
        from lorewright.models.conversion import reason_not_convertible  # loads numpy

        why = reason_not_convertible(model.path) or "its tokenizer has no counterpart in llama.cpp"
        raise UnknownModel(
            f"{model.uri} cannot be converted to GGUF: {why}.",
            hint="Run it with transformers, which is slower: pip install 'lorewright[tune]', or "
            "choose a GGUF repository.",
        ) from error
    name = parse_source(model.uri).name.rstrip("/").rpartition("/")[2]
    return engine(
        model.path,
        name=name,
        sha256=model.sha256,
        adapter=adapter,
        context_tokens=context_tokens,
        n_threads=n_threads,
    )
