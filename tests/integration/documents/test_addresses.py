"""Documents from addresses: web pages, sitemaps, repositories and stores."""

import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import fsspec
import pytest
from tests.fixtures.served import lay_out

from lorewright.errors import BadParameter, UnreadableDocument
from lorewright.jobs import Steps
from lorewright.workspace import Workspace
from lorewright.workspace.documents.add import add
from lorewright.workspace.documents.web import page_name


@dataclass
class Site:
    """A site of a few pages; `asked` holds the path and the status of every answer."""

    pages: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, int]] = field(default_factory=list)
    url: str = ""

    def sitemap(self, *paths: str) -> None:
        places = "".join(f"<url><loc>{self.url}{path}</loc></url>" for path in paths)
        self.pages["/sitemap.xml"] = f"<urlset>{places}<url><loc>http://elsewhere/x</loc></url></urlset>"


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = site.pages.get(self.path)
            stamp = f'"{hash(body)}"'
            status = 404 if body is None else 304 if self.headers["If-None-Match"] == stamp else 200
            site.asked.append((self.path, status))
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("ETag", stamp)
            content = (body or "").encode() if status == 200 else b""
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    yield site
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(lay_out(tmp_path / "desk")) as workspace:
        yield workspace


def added(workspace: Workspace, *paths: str, is_sync: bool = False) -> dict[str, Any]:
    order = {"paths": list(paths), "is_sync": is_sync}
    job = workspace.queue.submit("add", order)
    result = add(workspace, order, Steps(workspace.queue, job.id, 1))
    workspace.queue.finish(job.id, {})
    return result


def page(text: str) -> str:
    return f"<html><head><title>Desk</title></head><body><h1>Desk</h1><p>{text}</p></body></html>"


def test_a_page_is_a_document_and_is_fetched_again_only_when_it_changed(
    workspace: Workspace, site: Site
) -> None:
    site.pages["/help/fees"] = page("A copy costs 20 crowns.")

    assert added(workspace, f"{site.url}/help/fees")["n_new"] == 1
    assert added(workspace, f"{site.url}/help/fees")["n_unchanged"] == 1
    site.pages["/help/fees"] = page("A copy costs 35 crowns.")
    assert added(workspace, f"{site.url}/help/fees")["n_changed"] == 1

    assert "35 crowns" in workspace.documents.get("127.0.0.1/help/fees.html").text
    assert [status for _, status in site.asked] == [200, 304, 200]


def test_one_address_that_fails_does_not_end_the_others(workspace: Workspace, site: Site) -> None:
    """Whoever lists twenty pages with one typing error gets nineteen."""
    site.pages["/help/fees"] = page("A copy costs 20 crowns.")

    result = added(workspace, f"{site.url}/missing", f"{site.url}/help/fees")

    assert (result["n_new"], list(result["unreadable"])) == (1, [f"{site.url}/missing"])


def test_a_sitemap_is_followed(workspace: Workspace, site: Site) -> None:
    """Pages that it names no more go with --sync; what robots.txt forbids is named and not fetched."""
    site.pages |= {
        "/a": page("Felt."), "/b/": page("Birch."), "/c": page("Oak."), "/no/x": page("Private."),
        "/robots.txt": "User-agent: *\nDisallow: /no/",
    }  # fmt: skip
    site.sitemap("/a", "/b/", "/gone", "/no/x")
    first = added(workspace, f"{site.url}/sitemap.xml")
    site.sitemap("/a", "/c")

    named = added(workspace, f"{site.url}/sitemap.xml")
    second = added(workspace, f"{site.url}/sitemap.xml", is_sync=True)

    assert first["n_new"] == 2
    assert first["unreadable"] == {
        f"{site.url}/gone": f"{site.url}/gone cannot be fetched: HTTP 404.",
        f"{site.url}/no/x": f"{site.url}/no/x cannot be fetched: the site's robots.txt forbids it.",
    }
    assert named["notices"] == {
        f"{site.url}/sitemap.xml": [
            "1 document no longer in this list: 127.0.0.1/b/index.html. "
            f"Remove with: lorewright add --sync {site.url}/sitemap.xml"
        ]
    }
    assert second["n_removed"] == 1
    assert {name for name in workspace.documents.states() if name.startswith("127")} == {
        "127.0.0.1/a.html",
        "127.0.0.1/c.html",
    }


def test_a_sitemap_that_cannot_be_read_removes_nothing(workspace: Workspace, site: Site) -> None:
    site.pages["/a"] = page("Felt.")
    site.sitemap("/a")
    added(workspace, f"{site.url}/sitemap.xml")
    del site.pages["/sitemap.xml"]

    with pytest.raises(UnreadableDocument, match="HTTP 404"):
        added(workspace, f"{site.url}/sitemap.xml", is_sync=True)

    assert "127.0.0.1/a.html" in workspace.documents.states()


@pytest.mark.parametrize(
    ("path", "reason"), [("/none", "HTTP 404"), ("http://127.0.0.1:9/x", "cannot be fetched")]
)
def test_an_address_that_does_not_answer_is_named(
    workspace: Workspace, site: Site, path: str, reason: str
) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        added(workspace, path if path.startswith("http") else site.url + path)


def test_a_password_in_an_address_is_refused(workspace: Workspace) -> None:
    """It would be kept, and shown beside every citation."""
    with pytest.raises(BadParameter, match="holds a password"):
        added(workspace, "https://eve:secret@example.org/")


def test_a_repository_is_followed(workspace: Workspace, tmp_path: Path) -> None:
    repository = tmp_path / "wiki"
    git(tmp_path, "init", "-q", str(repository))
    (repository / "fees.md").write_text("# Fees\n\nA copy costs 20 crowns.\n")
    commit(repository)
    address = f"git+file://{repository}"
    added(workspace, address)
    (repository / "fees.md").rename(repository / "prices.md")
    commit(repository)

    result = added(workspace, address, is_sync=True)

    assert result["n_removed"] == 1
    assert [name for name in workspace.documents.states() if name.startswith("wiki/")] == ["wiki/prices.md"]


def test_a_store_is_followed(workspace: Workspace) -> None:
    store = fsspec.filesystem("memory")
    store.pipe({"/manuals/a.md": b"# Felt\n\nFelt.", "/manuals/b/b.md": b"# Birch\n\nBirch."})
    added(workspace, "memory://manuals")
    store.rm("/manuals/a.md")

    result = added(workspace, "memory://manuals", is_sync=True)

    assert result["n_removed"] == 1
    names = [name for name in workspace.documents.states() if name.startswith("manuals")]
    assert names == ["manuals/b/b.md"]


@pytest.mark.parametrize(
    ("address", "media_type", "name"),
    [
        ("https://example.org", "text/html", "example.org/index.html"),
        ("https://example.org/a/b.php?id=3", "text/html", "example.org/a/b.php-3a61b75b.html"),
        ("https://example.org/manual.pdf", "application/pdf", "example.org/manual.pdf"),
        ("https://example.org/.git/../../etc/passwd", "text/plain", "example.org/git/etc/passwd"),
        ("https://example.org/caf%C3%A9/%2e%2e/x%2Fy", "text/html", "example.org/café/x/y.html"),
    ],
)
def test_a_page_is_called_by_its_address(address: str, media_type: str, name: str) -> None:
    assert page_name(address, media_type).as_posix() == name


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


def commit(repository: Path) -> None:
    git(repository, "add", "-A")
    git(repository, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "x")
