"""What each client could do when it was tried last, kept in the cache beside its environment."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from tests.clients.drive import Outcome, Tried
from tests.clients.environments import Client, cache_folder


def remember(tried: Tried) -> None:
    """Keep a try until the next one with the same pins."""
    outcomes = {name: asdict(outcome) for name, outcome in tried.outcomes.items()}
    kept = {"pinned": tried.client.pinned, "skipped": tried.skipped, "outcomes": outcomes}
    path = _path(tried.client)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(kept), encoding="utf-8")


def remembered(clients: Iterable[Client]) -> list[Tried]:
    """Return the last try of each client that was tried with the pins it has now."""
    found = []
    for client in clients:
        path = _path(client)
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        if kept.get("pinned") == list(client.pinned):
            outcomes = {name: Outcome(**outcome) for name, outcome in kept["outcomes"].items()}
            found.append(Tried(client, outcomes, kept["skipped"]))
    return found


def _path(client: Client) -> Path:
    return cache_folder() / "results" / f"{client.name}.json"
