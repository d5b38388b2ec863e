"""Web pages by their addresses: fetched within limits, again only where they changed; sitemaps."""

import gzip
import mimetypes
import re
import urllib.robotparser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from html import unescape
from io import BytesIO
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

import httpx2

from lorewright import __version__
from lorewright.documents import is_readable
from lorewright.errors import UnreadableDocument

AGENT = f"lorewright/{__version__}"
TIMEOUT_SECONDS = 30.0
MAX_SITEMAPS = 200
SITEMAP_BYTES = 50 * 1024 * 1024
"""What the protocol allows for one sitemap."""
_LOCATION = re.compile(r"<loc>\s*(.*?)\s*</loc>", re.DOTALL)
_STAMPS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
}
_UNFIT = re.compile(r"[^\w.,=@+()~-]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said of a page: its kind, and the headers that tell which state of it this is."""

    media_type: str
    stamp: Mapping[str, str]


class Web:
    """Pages of the web, each at most `max_bytes` long."""

    def __init__(self, *, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._client = httpx2.Client(
            follow_redirects=True, timeout=TIMEOUT_SECONDS, headers={"User-Agent": AGENT}, max_redirects=5
        )
        self._robots: dict[str, urllib.robotparser.RobotFileParser] = {}

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def fetch(self, address: str, target: Path, *, stamp: Mapping[str, str]) -> Answer | None:
        """Write a page into a file, or return `None` where it is as it was when `stamp` was given.

        Raises `UnreadableDocument` for a page that is not there, too long, or does not answer.
        """
        headers = {_STAMPS[name]: value for name, value in stamp.items() if name in _STAMPS}
        with self._answer(address, headers) as answer:
            if answer.status_code == 304 and stamp:
                return None
            with target.open("wb") as file:
                file.writelines(_pieces(address, answer, self._max_bytes))
            kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
            return Answer(kind, {name: answer.headers[name] for name in _STAMPS if name in answer.headers})

    def text(self, address: str) -> str:
        """Return what an address holds as a text, unpacked; raise `UnreadableDocument` without it."""
        with self._answer(address, {}) as answer:
            content = b"".join(_pieces(address, answer, SITEMAP_BYTES))
        if content.startswith(b"\x1f\x8b"):
            with gzip.GzipFile(fileobj=BytesIO(content)) as packed:
                content = packed.read(SITEMAP_BYTES)
        return content.decode("utf-8", "replace")

    @contextmanager
    def _answer(self, address: str, headers: Mapping[str, str]) -> Iterator[httpx2.Response]:
        """Give what a server answers, while it comes in; raise `UnreadableDocument` where it does not."""
        try:
            with self._client.stream("GET", address, headers=dict(headers)) as answer:
                yield answer
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            reason = str(error) or type(error).__name__
            raise UnreadableDocument(f"{address} cannot be fetched: {reason}.") from error

    def may_fetch(self, address: str) -> bool:
        """Return whether the site's robots.txt lets us fetch a page; a site without one lets us."""
        parts = urlsplit(address)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._robots:
            robots = urllib.robotparser.RobotFileParser()
            try:
                robots.parse(self.text(f"{site}/robots.txt").splitlines())
            except UnreadableDocument:
                robots.parse([])
            self._robots[site] = robots
        return self._robots[site].can_fetch(AGENT, address)


def _pieces(address: str, answer: httpx2.Response, limit: int) -> Iterator[bytes]:
    """Yield the bytes of a page; raise `UnreadableDocument` for none, or more than the limit."""
    if answer.status_code != 200:
        raise UnreadableDocument(f"{address} cannot be fetched: HTTP {answer.status_code}.")
    n_bytes = 0
    for piece in answer.iter_bytes():
        n_bytes += len(piece)
        if n_bytes > limit:
            raise UnreadableDocument(f"{address} cannot be fetched: it is longer than {limit:,} bytes.")
        yield piece


def is_sitemap(address: str) -> bool:
    """Return whether an address is that of a sitemap, by its name."""
    name = PurePosixPath(urlsplit(address).path).name.lower()
    return "sitemap" in name and name.endswith((".xml", ".xml.gz"))


def pages_in(web: Web, address: str, limit: int) -> list[str]:
    """Return the pages of the same site that a sitemap names, and the sitemaps that it names.

    Raises `UnreadableDocument` for one that cannot be fetched or names no page.
    """
    host = urlsplit(address).netloc
    waiting, seen = [address], {address}
    pages: dict[str, None] = {}
    while waiting and len(seen) <= MAX_SITEMAPS and len(pages) < limit:
        sitemap = waiting.pop(0)
        text = web.text(sitemap)
        for location in _LOCATION.findall(text):
            place = urljoin(sitemap, unescape(location.removeprefix("<![CDATA[").removesuffix("]]>").strip()))
            if urlsplit(place).netloc != host:
                continue
            if "<sitemapindex" in text:
                waiting += [place] if place not in seen else []
                seen.add(place)
            else:
                pages[place] = None
    if not pages:
        raise UnreadableDocument(f"{address} names no page of {host}.", hint="Check the address.")
    return list(pages)[:limit]


def page_name(address: str, media_type: str) -> PurePosixPath:
    """Return what the document of a page is called: its site, its path, and a suffix that fits its kind."""
    parts = urlsplit(address)
    path = unquote(parts.path)
    names = [_UNFIT.sub("-", name).lstrip(".~").strip("-")[:80] for name in path.split("/")]
    names = [name for name in names if name]
    if not names or path.endswith("/"):
        names.append("index")
    if parts.query:
        names[-1] += "-" + sha256(parts.query.encode()).hexdigest()[:8]
    suffix = _SUFFIXES.get(media_type) or mimetypes.guess_extension(media_type) or ""
    last = PurePosixPath(names[-1])
    is_page = suffix == ".html"
    has_fit = last.suffix.lower() in (".html", ".htm", ".xhtml") if is_page else is_readable(Path(last))
    if not has_fit:
        names[-1] += suffix
    return PurePosixPath(_UNFIT.sub("-", parts.hostname or "site"), *names)
