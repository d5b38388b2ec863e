"""Servers that run models: asked what they have, found on this machine, and connected with their key."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx2

from lorewright.access import Caller
from lorewright.errors import BadParameter
from lorewright.models import parse_source
from lorewright.workspace.domain.model_key import keep_model_key, model_key
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.server.models import use_as_chat_model
from lorewright.workspace.server.server import Server

SECONDS, SECONDS_NEAR = 8.0, 1.0
NEAR = {11434: "Ollama", 8000: "vLLM", 8080: "llama-server", 1234: "LM Studio"}
"""The ports that servers of models have on a machine, unless somebody changed them."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A server of models: its address, the models that it has, or why it does not tell them."""

    base_url: str
    models: tuple[str, ...] = ()
    error: str = ""
    name: str = ""


def ask_provider(server: Server, caller: Caller, base_url: str, key: str = "") -> Provider:
    """Return what a server has, or why it does not answer; without a key the kept one is used."""
    caller.need("admin")
    address = _address(base_url)
    known = key or model_key(server.workspace.settings, server.workspace.state_folder, f"openai:x@{address}")
    return _asked(address, known, SECONDS)


def find_providers(caller: Caller, *, but: Sequence[int] = ()) -> list[Provider]:
    """Return the servers of models that run on this machine, on the ports that they usually have."""
    caller.need("admin")
    ports = [port for port in NEAR if port not in but]
    with ThreadPoolExecutor(len(ports)) as pool:
        asked = pool.map(lambda port: _asked(f"http://127.0.0.1:{port}/v1", "", SECONDS_NEAR, port), ports)
        return [provider for provider in asked if provider.models]


def connect_provider(server: Server, caller: Caller, base_url: str, model: str, key: str = "") -> None:
    """Let this domain answer with a model of a server; its key is kept where only this user can read it."""
    caller.need("admin")
    address = _address(base_url)
    if not model.strip():
        raise BadParameter("model", "Choose a model of the server.")
    parse_source(f"openai:{model}@{address}")
    if key:
        keep_model_key(server.workspace.state_folder, address, key)
        server.pool.forget(f"openai:{model}@{address}")
    use_as_chat_model(server, caller, f"openai:{model}@{address}")


def why_unreachable(workspace: Workspace, caller: Caller, uri: str) -> str:
    """Return why a model on another server cannot answer now, '' where it can."""
    caller.need("read")
    source = parse_source(uri)
    if not source.base_url:
        return ""
    key = model_key(workspace.settings, workspace.state_folder, uri)
    reasons = [_why_without(source.name, _asked(url, key, SECONDS)) for url in source.base_urls]
    return "" if "" in reasons else reasons[0]


def _why_without(model: str, provider: Provider) -> str:
    """Return why a server cannot answer with a model, '' where it can."""
    if provider.error or not provider.models or model in provider.models:
        return provider.error
    return f"The server has no model {model!r}."


def _address(base_url: str) -> str:
    """Return an address as it is kept; raise `BadParameter` for what is none, or holds a password."""
    address = base_url.strip().rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadParameter("base_url", "Write the address of the server, such as http://127.0.0.1:11434/v1.")
    if "@" in parts.netloc:
        raise BadParameter("base_url", "The address holds a user name or password. Put the key in its field.")
    return address


def _asked(base_url: str, key: str, seconds: float, port: int = 0) -> Provider:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    try:
        reply = httpx2.get(f"{base_url}/models", headers=headers, timeout=seconds)
        if reply.status_code in (401, 403):
            return Provider(base_url, error="The server wants a key, or does not take this one.")
        if reply.status_code != 200:
            return Provider(base_url, error=f"The server answers with status {reply.status_code}.")
        names = tuple(str(model["id"]) for model in reply.json()["data"])
    except httpx2.TimeoutException:
        return Provider(base_url, error=f"The server does not answer within {seconds:g} seconds.")
    except httpx2.HTTPError:
        return Provider(base_url, error="Nothing answers at this address.")
    except (ValueError, KeyError, TypeError, AttributeError):
        return Provider(base_url, error="What answers there is no server of models: add /v1 to the address?")
    return Provider(base_url, names, name=NEAR.get(port, ""))
