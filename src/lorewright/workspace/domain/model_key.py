"""The key of a model on another server: an environment variable, or a file that only this user can read."""

import json
import os
from contextlib import suppress
from pathlib import Path

from lorewright.models.sources import parse_source
from lorewright.settings import Settings, secret

NAME = "model_keys.json"


def model_key(settings: Settings, state_folder: Path, uri: str = "") -> str:
    """Return the key that the server of a model wants (of the chat model unless another is named).

    One that was kept for exactly this address goes first: it is never sent to another one.
    """
    source = uri or settings.models.chat
    kept = ""
    with suppress(LookupError, ValueError, OSError):
        kept = str(_read(state_folder)[_address(source)])
    return kept or secret(key_variable(settings, source))


def key_variable(settings: Settings, uri: str) -> str:
    """Return the environment variable with the key of a model's server.

    The server that tunes may have one of its own.
    """
    own, base = settings.tuning.api_key_env, settings.tuning.base
    is_tuning = bool(own and base) and parse_source(uri).base_url == parse_source(base).base_url
    return own if is_tuning else settings.models.api_key_env


def keep_model_key(state_folder: Path, base_url: str, key: str) -> None:
    """Keep the key of the server at an address, or with '' forget it."""
    kept = {address: one for address, one in _read(state_folder).items() if address != base_url.rstrip("/")}
    if key:
        kept[base_url.rstrip("/")] = key
    state_folder.mkdir(mode=0o700, exist_ok=True)
    path = state_folder / NAME
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(kept, file)
    draft.replace(path)


def _read(state_folder: Path) -> dict[str, str]:
    path = state_folder / NAME
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _address(uri: str) -> str:
    """Return where a model on another server is; raise `KeyError` for one that is not."""
    source = parse_source(uri)
    if not source.base_url:
        raise KeyError(uri)
    return source.base_url
