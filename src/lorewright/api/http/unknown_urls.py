"""What to use instead of a URL that is not served."""

from collections.abc import Mapping

NOT_FOUND = "Not Found"
"""What the router says of a path that it does not know."""

_INSTEAD: Mapping[str, str] = {
    "assistants": "Use /v1/responses with file_search and your functions.",
    "threads": "Use /v1/conversations, and /v1/responses with conversation.",
    "chatkit": "Use /v1/conversations, and /v1/responses with conversation.",
    "engines": "Use /v1/completions with the model in the body.",
    "edits": "Use /v1/chat/completions.",
    "complete": "Use /v1/messages.",
    "fine-tunes": "Use /v1/fine_tuning/jobs.",
    "api": "Use /v1/chat/completions: Ollama's native API is not supported.",
    "organization": "Use /lorewright/v1 for users, keys and usage.",
    **dict.fromkeys(("images", "videos"), "Image and video generation is not supported."),
    **dict.fromkeys(("audio", "realtime"), "Audio is not supported."),
    "moderations": "Moderation is not supported.",
    "containers": "Containers are not supported: use function calling.",
    "skills": "Skills are not supported: use function calling.",
}
_WITHOUT_V1 = frozenset({
    "chat", "completions", "embeddings", "models", "responses", "messages", "files", "vector_stores",
    "batches", "evals", "conversations", "uploads", "fine_tuning", "rerank",
})  # fmt: skip


def unknown_url(method: str, path: str) -> str:
    """Return what is told of a URL that is not served."""
    parts = [part for part in path.split("/") if part]
    rest = [part for part in parts if part != "v1"]
    instead = "GET /openapi.json lists all endpoints."
    if rest and rest[0] in _WITHOUT_V1 and (parts[0] != "v1" or parts[1] == "v1"):
        instead = f"Did you mean /v1/{'/'.join(rest)}? The base URL must end in /v1, once."
    elif rest and rest[0] in _INSTEAD:
        instead = _INSTEAD[rest[0]]
    return f"Unknown URL: {method} {path}. {instead}"
