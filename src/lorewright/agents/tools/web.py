"""Pages of hosts that an administrator allows, and of nobody else."""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from urllib.parse import urljoin, urlsplit

import httpx2

from lorewright.agents.tool import AgentTool, tool_from
from lorewright.errors import NotAllowed, Permanent, Transient

MOST_BYTES, SECONDS, MOST_REDIRECTS = 1_000_000, 20.0, 3

Resolve = Callable[[str], Sequence[str]]


def resolve(host: str) -> list[str]:
    """Return the addresses of a host."""
    return sorted({str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)})


class AllowedWeb:
    """Gets pages over HTTPS from the hosts in a list; their addresses must be public.

    An entry with a port, such as `127.0.0.1:8080`, is this machine's or this network's own on purpose:
    it may be private and plain HTTP. Every redirect is checked as its first address was. The connection
    goes to the address that was checked, whatever a name stands for a moment later.
    """

    def __init__(self, hosts: Sequence[str], *, find: Resolve = resolve) -> None:
        self._hosts = {host.lower() for host in hosts}
        self._find = find

    def get(self, url: str) -> str:
        """Return the text of a page; raise `NotAllowed` for a host that is not in the list."""
        for _ in range(MOST_REDIRECTS + 1):
            answer, location = self._once(url)
            if not location:
                return answer
            url = urljoin(url, location)
        raise Permanent(f"{url} leads on and on.")

    def _once(self, url: str) -> tuple[str, str]:
        address = self._checked(url)
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        literal = f"[{address}]" if ":" in address else address
        target = parts._replace(netloc=f"{literal}:{port}").geturl()
        extensions = {"sni_hostname": parts.hostname or ""}
        try:
            with (
                httpx2.Client(timeout=SECONDS, follow_redirects=False, trust_env=False) as client,
                client.stream("GET", target, headers={"Host": parts.netloc}, extensions=extensions) as answer,
            ):
                if answer.is_redirect:
                    return "", answer.headers.get("location", "")
                if answer.status_code >= 400:
                    raise Permanent(f"{url} answered with status {answer.status_code}.")
                return _text(answer), ""
        except httpx2.HTTPError as error:
            raise Transient(f"{url} cannot be fetched: {type(error).__name__}.") from error

    def _checked(self, url: str) -> str:
        """Return the address to connect to."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError as error:
            raise NotAllowed(f"{url[:200]!r} is not a valid URL.") from error
        is_own = f"{host}:{port}" in self._hosts
        if not host or parts.username or parts.password or not (host in self._hosts or is_own):
            raise NotAllowed(
                f"Pages of {host or url[:80]!r} may not be fetched.",
                hint=f"Allowed hosts: {', '.join(sorted(self._hosts)) or 'none'}.",
            )
        if parts.scheme != "https" and not (is_own and parts.scheme == "http"):
            raise NotAllowed(f"{url[:200]!r} must begin with https://.")
        try:
            addresses = list(self._find(host))
        except OSError as error:
            raise Transient(f"The host {host!r} cannot be found.") from error
        if not addresses or not (is_own or all(ipaddress.ip_address(one).is_global for one in addresses)):
            raise NotAllowed(f"The host {host!r} is not a public one.")
        return addresses[0]


def web_tool(hosts: Sequence[str]) -> AgentTool:
    """Return the tool that gets pages; every call waits for a person, for its URL can carry what was read."""
    web = AllowedWeb(hosts)

    def http_get(url: str) -> str:
        """Get the text of a web page of an allowed host.

        Args:
            url: The page's address.
        """
        return web.get(url)

    return tool_from(
        http_get,
        description=f"Get the text of a web page. Allowed hosts: {', '.join(hosts)}.",
        needs_approval=True,
        is_source=True,
        timeout_seconds=SECONDS * (MOST_REDIRECTS + 1),
    )


def _text(answer: httpx2.Response) -> str:
    data = b""
    for piece in answer.iter_bytes():
        data += piece
        if len(data) > MOST_BYTES:
            return data[:MOST_BYTES].decode("utf-8", "replace") + f"\n[cut at {MOST_BYTES:,} bytes]"
    return data.decode("utf-8", "replace")
