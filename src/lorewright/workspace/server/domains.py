"""The domains of one server: each with its own state, users and rights, opened when first asked for."""

import re
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from lorewright.errors import LorewrightError, Transient, known_error
from lorewright.workspace.server.server import Server

RETRY_SECONDS = 10.0


class ServedDomain:
    """A domain that a server serves: the first at `/`, all at `/d/SLUG`."""

    def __init__(
        self,
        folder: Path,
        slug: str,
        *,
        is_first: bool,
        opens: Callable[[Path], Server],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder, self.slug, self.is_first = folder, slug, is_first
        self._opens, self._clock = opens, clock
        self._server: Server | None = None
        self._lock = threading.Lock()
        self._failed: tuple[float, LorewrightError] | None = None

    @property
    def name(self) -> str:
        """The name of the domain: that of its folder."""
        return self.folder.name

    @property
    def address(self) -> str:
        """What stands before the paths of the domain."""
        return "" if self.is_first else f"/d/{self.slug}"

    def open(self) -> Server:
        """Return the server of the domain; raise an error of ours where it cannot be opened.

        It is tried again after some seconds: what was wrong with it may have been mended.
        """
        with self._lock:
            if self._server is not None:
                return self._server
            if self._failed and self._clock() - self._failed[0] < RETRY_SECONDS:
                raise self._failed[1]
            try:
                self._server = self._opens(self.folder)
            except Exception as error:  # a damaged domain must not take the others along
                known = known_error(error) or Transient(
                    f"It could not be opened: {getattr(error, 'orig', error)}."
                )
                self._failed = (self._clock(), known)
                if known is error:
                    raise
                raise known from error
            return self._server

    def find(self) -> Server | None:
        """Return the server of the domain, `None` where it cannot be opened."""
        try:
            return self.open()
        except LorewrightError:
            return None

    def close(self) -> None:
        """Close the server where it was opened."""
        with self._lock:
            if self._server is not None:
                self._server.close()
                self._server = None


class ServedDomains:
    """The domains of a server, the first one first; `new_in` is where new ones are created."""

    def __init__(
        self, folders: Sequence[Path], *, new_in: Path | None = None, opens: Callable[[Path], Server] = Server
    ) -> None:
        self.new_in = new_in
        self._opens = opens
        self._begin: Callable[[Server], object] = _nothing
        self._domains: list[ServedDomain] = []
        self._lock = threading.Lock()
        for folder in dict.fromkeys(folders):
            self.add(folder)

    @classmethod
    def only(cls, server: Server) -> "ServedDomains":
        """Return the domains of a server that was opened for one."""
        return cls([server.workspace.folder], opens=lambda _: server)

    @property
    def first(self) -> ServedDomain:
        """The domain at `/`."""
        return self._domains[0]

    def __iter__(self) -> Iterator[ServedDomain]:
        """Yield every domain."""
        return iter(tuple(self._domains))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._domains)

    def find(self, slug: str) -> ServedDomain | None:
        """Return a domain by the name that it has in addresses."""
        return next((domain for domain in self if domain.slug == slug), None)

    def add(self, folder: Path) -> ServedDomain:
        """Serve one more domain."""
        with self._lock:
            slug = _slug(folder.name, {domain.slug for domain in self._domains})
            domain = ServedDomain(folder, slug, is_first=not self._domains, opens=self._open)
            self._domains.append(domain)
            return domain

    def begin(self, begin: Callable[[Server], object]) -> None:
        """Begin the work of every domain: of those that are open now, and of others once they are opened."""
        servers = [domain.find() for domain in self]
        self._begin = begin
        for server in filter(None, servers):
            begin(server)

    def _open(self, folder: Path) -> Server:
        server = self._opens(folder)
        server.n_domains = len(self._domains)
        try:
            _ = server.workspace.database  # made, migrated or found damaged now, not in the first request
        except Exception:
            server.close()
            raise
        self._begin(server)
        return server


def _nothing(_server: Server) -> None:
    """Begin nothing: requests are all there is."""


def _slug(name: str, taken: set[str]) -> str:
    """Return a name as it stands in addresses and cookies, another one than those that are taken."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    bare = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "domain"
    numbered = (f"{bare}-{number}" for number in range(2, len(taken) + 3))
    return bare if bare not in taken else next(slug for slug in numbered if slug not in taken)
