"""Whoever calls a served domain in a test: with keys, with passwords, or as a stranger."""

from typing import Any

import httpx
import openai
from tests.integration.api.conftest import Served

PASSWORD = "correct horse battery"


class Visitors:
    """Clients of one server; all are closed at the end."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._opened: list[httpx.Client | openai.OpenAI] = []
        self.admin = self.with_key(served.key)

    def with_key(self, secret: str) -> httpx.Client:
        """Return a client of our own resources with a key ('' for none)."""
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        client = httpx.Client(base_url=f"{self._served.url}/lorewright/v1", headers=headers, timeout=60)
        self._opened.append(client)
        return client

    def logged_in(self, name: str, password: str = PASSWORD) -> httpx.Client:
        """Return a client that has logged in."""
        client = self.with_key("")
        client.post("/login", json={"name": name, "password": password}).raise_for_status()
        return client

    def sdk(self, secret: object) -> openai.OpenAI:
        """Return OpenAI's client with a key."""
        client = self._served.client(str(secret))
        self._opened.append(client)
        return client

    def user(self, name: str, role: str = "editor", **wanted: object) -> str:
        """Return the id of a new user, who has no password unless it is wanted."""
        made = self.admin.post("/users", json={"name": name, "role": role, **wanted})
        return str(made.raise_for_status().json()["id"])

    def key(self, **wanted: object) -> dict[str, Any]:
        """Return a new key with its secret."""
        made: dict[str, Any] = (
            self.admin.post("/keys", json={"name": "k", **wanted}).raise_for_status().json()
        )
        return made

    def close(self) -> None:
        """Close every client."""
        for client in self._opened:
            client.close()
