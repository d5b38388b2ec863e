"""What settings are called where people read them."""

from lorewright.studio.i18n import t

_NAMES = {
    "chat": "chat model",
    "reader": "reader adapter",
    "embedding": "embedding model",
    "driver": "driver model",
    "python": "run Python",
    "primary": "measure of correctness",
    "preset": "kind of use",
    "unsupported": "weight of unsupported claims",
    "second_points": "points for a second of waiting",
    "cost_points": "points a cheaper arm may lose",
    "stale_percent": "outdated answers that rule an arm out (%)",
    "cpu_hour_usd": "hour of this machine (USD)",
    "gpu_hour_usd": "hour of a GPU (USD)",
    "training_million_tokens_usd": "million tokens of training (USD)",
    "storage_gb_month_usd": "gigabyte stored for a month (USD)",
    "person_hour_usd": "hour of labor (USD)",
    "minutes_per_example": "minutes to write an example",
    "memory_gb": "memory for models (GB)",
    "prompt_cache_mb": "memory for prompts (MB)",
    "max_file_mb": "maximum file size (MB)",
    "max_body_mb": "maximum request (MB)",
    "max_upload_mb": "maximum upload (MB)",
    "max_usd": "maximum cost (USD)",
    "max_waiting": "maximum requests waiting",
    "max_seconds": "maximum time (seconds)",
    "patience_seconds": "time a request may take to arrive (seconds)",
    "session_hours": "hours a login lasts",
    "approval_hours": "hours a call waits for approval",
    "stay_minutes": "minutes a process stays ready",
    "remeasure_hours": "hours between measurements",
    "adapters_at": "vLLM server for adapters",
    "cors_origins": "sites that may call (CORS)",
    "public_reference": "API reference without a key",
    "approve": "tools that wait for approval",
    "without_approval": "tools that need not wait",
    "holdout_share": "share held out",
    "drill_limit": "maximum questions about changed facts",
    "limit": "maximum questions",
    "n_threads": "threads that write",
    "n_prompt_threads": "threads that read prompts",
    "gpu_layers": "layers on a GPU",
    "n_few_shot": "few-shot examples",
    "n_kept": "chunks kept",
    "n_slots": "answers at the same time",
    "no_gold_share": "share without the right chunk",
    "shown": "shown of documents",
    "n_answers_kept": "stored answers",
}
_SHORT = {
    "n": "number of",
    "max": "maximum",
    "min": "minimum",
    "env": "variable",
    "uri": "URI",
    "api": "API",
    "usd": "USD",
    "gb": "GB",
    "mb": "MB",
    "id": "ID",
    "cpu": "CPU",
    "gpu": "GPU",
    "sql": "SQL",
    "json": "JSON",
}


def setting_name(name: str) -> str:
    """Return a setting's name as people read it, close to the one that stands in the file."""
    words = [_SHORT.get(word, word) for word in name.split("_")]
    text = _NAMES.get(name) or t(" ".join(words))
    return text[:1].upper() + text[1:]
