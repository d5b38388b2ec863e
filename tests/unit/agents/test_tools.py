"""The tools of agents that need no domain."""

import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from lorewright.agents.tool import signature, tool_from, wrong_arguments
from lorewright.agents.tools.calculator import calculate
from lorewright.agents.tools.dates import add_to_date, date_tools, days_between
from lorewright.agents.tools.files import WorkingFiles
from lorewright.agents.tools.sandboxed_python import run_python
from lorewright.agents.tools.tables import query_database, query_tables, table_tools, tables_in
from lorewright.agents.tools.web import AllowedWeb
from lorewright.errors import BadParameter, LorewrightError, MissingExtra, NotAllowed, NotFound, Permanent

REPORT = """# Report

| | 2019 | 2018 |
| --- | --- | --- |
| Revenue ($) | 1,250 | 980 |
| Loss | (30) | 12 |
"""


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("(1,250 - 980) / 980 * 100", "27.5510204082"),
        ("change(980, 1250)", "27.5510204082"),
        ("0.1 + 0.2", "0.3"),
        ("15% * 200", "30"),
        ("mean(1, 2, 6)", "3"),
        ("2 ** 10", "1024"),
        ("-(3 - 5)", "2"),
    ],
)
def test_arithmetic_is_exact(expression: str, result: str) -> None:
    """Small models calculate badly; people compare the last digit."""
    assert calculate(expression).endswith(f" = {result}")


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os').system('ls')",
        "9**9**9",
        "1/0",
        "a + 1",
        "(1).real",
        "[x for x in (1,)]",
        "(" * 300,
        "1" * 2000,
    ],
)
def test_what_is_no_arithmetic_is_refused_in_words(expression: str) -> None:
    """An expression comes from a model: it must not run, hang or crash anything."""
    with pytest.raises(BadParameter, match=r"Give numbers and signs"):
        calculate(expression)


def test_dates_know_months_and_working_days() -> None:
    """Deadlines are counted in both."""
    assert "2024-02-29" in add_to_date("2024-01-31", 1, "months")
    assert "2024-03-04" in add_to_date("2024-03-01", 1, "workdays")
    assert "3 days, 1 working days" in days_between("2024-03-01", "2024-03-04")
    assert "2026-01-02 (Friday)" in str(date_tools(lambda: date(2026, 1, 2))[0].run())
    with pytest.raises(BadParameter, match="YYYY-MM-DD"):
        days_between("yesterday", "2024-03-04")


def test_tables_of_a_document_are_asked_in_sql() -> None:
    """Numbers with thousands signs, money signs and accountants' brackets are numbers."""
    tables = tables_in(REPORT)

    assert '"2019"' not in query_tables(tables, "SELECT * FROM t1")
    assert "| 1250 | 980 |" in query_tables(tables, 'SELECT column1, "2019", "2018" FROM t1')
    assert "| 1220 |" in query_tables(tables, 'SELECT sum("2019") FROM t1')


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE t1",
        "INSERT INTO t1 VALUES (1, 2, 3)",
        "PRAGMA database_list",
        "ATTACH DATABASE '/etc/passwd' AS x",
        "SELECT load_extension('x')",
        "SELECT 1; DROP TABLE t1",
        "VACUUM INTO '/tmp/out'",
    ],
)
def test_a_query_only_reads(sql: str) -> None:
    """The statement comes from a model, which may have read it in a document."""
    with pytest.raises(BadParameter):
        query_tables(tables_in(REPORT), sql)


def test_a_query_is_bounded_in_rows() -> None:
    """A result is for a prompt."""
    numbers = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 1000) SELECT x FROM n"

    assert "only the first 100 rows" in query_tables(tables_in(REPORT), numbers)


def test_a_database_is_opened_for_reading_only(tmp_path: Path) -> None:
    """Whatever an agent does, the file stays as it is."""
    path = tmp_path / "sales.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE sale (amount INTEGER)")
        connection.execute("INSERT INTO sale VALUES (5)")
    before = path.read_bytes()
    tool = table_tools(lambda _: "", {"sales": path})[1]

    assert "CREATE TABLE sale" in str(tool.run(database="sales"))
    assert "| 5 |" in str(tool.run(database="sales", sql="SELECT amount FROM sale"))
    with pytest.raises(BadParameter):
        query_database(path, "DELETE FROM sale")
    with pytest.raises(NotFound, match="no database"):
        tool.run(database="/etc/passwd", sql="SELECT 1")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "path",
    [
        "../out.md",
        "/etc/passwd",
        "a/../../out.md",
        "..\\out.md",
        ".hidden",
        "a/.former/b",
        "",
        "nul\0l",
        "~/x/../../y",
    ],
)
def test_no_path_leads_out_of_the_working_files(tmp_path: Path, path: str) -> None:
    """The folder is the only place where an agent writes."""
    files = WorkingFiles(tmp_path / "run")

    for do in (lambda: files.write(path, "x"), lambda: files.read(path)):
        with pytest.raises(LorewrightError):
            do()
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


def test_a_link_does_not_lead_out_either(tmp_path: Path) -> None:
    """Somebody may have put one there."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_text("canary")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "link").symlink_to(tmp_path / "secret")

    with pytest.raises(BadParameter, match="out of the folder"):
        WorkingFiles(tmp_path / "run").read("link/key")


def test_two_agents_that_write_one_file_lose_nothing(tmp_path: Path) -> None:
    """Both texts are there: the last one in the file, the others beside it."""
    files = WorkingFiles(tmp_path / "run")
    texts = [f"text of agent {number}" for number in range(8)]
    threads = [threading.Thread(target=files.write, args=("notes.md", text)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    kept = [path.read_text() for path in (tmp_path / "run").rglob("*") if path.is_file()]
    assert sorted(kept) == texts
    assert files.names() == ["notes.md"]


class _Page(BaseHTTPRequestHandler):
    """A page, and one that leads elsewhere."""

    def do_GET(self) -> None:
        is_leading = self.path == "/away"
        self.send_response(302 if is_leading else 200)
        if is_leading:
            self.send_header("Location", "http://169.254.169.254/latest/meta-data")
        self.end_headers()
        self.wfile.write(b"" if is_leading else b"Hello.")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Page)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_allowed_host_is_read(site: str) -> None:
    """An administrator named it, with its port: their own network is theirs to open."""
    assert AllowedWeb([site]).get(f"http://{site}/page") == "Hello."


def test_a_redirect_leads_nowhere_that_is_not_allowed(site: str) -> None:
    """Or an allowed page would open the whole network."""
    with pytest.raises(NotAllowed, match=r"169\.254"):
        AllowedWeb([site]).get(f"http://{site}/away")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/?data=secret",
        "http://good.example/",
        "https://good.example@evil.example/",
        "https://user:pass@good.example/",
        "https://good.example.evil.example/",
        "file:///etc/passwd",
        "https://[::1]/",
        "https://good.example:bad/",
    ],
)
def test_other_hosts_are_refused(url: str) -> None:
    """What is not in the list does not exist."""
    with pytest.raises(NotAllowed):
        AllowedWeb(["good.example"], find=lambda _: ["93.184.216.34"]).get(url)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.5", "169.254.169.254", "::1", "fd00::1", "0.0.0.0"])
def test_a_name_that_stands_for_a_private_address_is_refused(address: str) -> None:
    """A public name can point into this network."""
    with pytest.raises(NotAllowed, match="not a public one"):
        AllowedWeb(["good.example"], find=lambda _: ["93.184.216.34", address]).get("https://good.example/")


def _run(source: str) -> str:
    """Return what a program prints; skip where the system has no namespaces."""
    try:
        return run_python(source, seconds=3)
    except MissingExtra:
        pytest.skip("this system gives no namespaces")


@pytest.mark.thorough
def test_a_program_can_calculate() -> None:
    """It is for what the calculator cannot do."""
    assert _run("print(statistics.median([3, 1, 2]))") == "2\n"


@pytest.mark.thorough
@pytest.mark.parametrize(
    "source",
    [
        "print(open('/etc/passwd').read())",
        "import os; print(os.listdir('/'))",
        "import socket; socket.create_connection(('127.0.0.1', PORT), 1)",
        "import os; os.system('id')",
        "import os; os.fork()",
        "import ctypes; ctypes.CDLL(None)",
        "x = 'a' * 10**10",
        "while True: pass",
    ],
)
def test_a_program_reaches_nothing(source: str) -> None:
    """It was written by a model that may have read it in a document."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening, pytest.raises(Permanent):
        _run(source.replace("PORT", str(listening.getsockname()[1])))


@pytest.mark.thorough
def test_a_program_sees_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys stand in it."""
    monkeypatch.setenv("DESK_KEY", "canary")

    assert "canary" not in _run("import os; print(dict(os.environ))")


def test_a_schema_comes_from_the_signature_and_the_docstring() -> None:
    """Who writes a tool writes a function."""

    def book(room: str, hours: int = 1) -> str:
        """Book a room.

        Args:
            room: Its name.
        """
        return f"{room} {hours}"

    tool = tool_from(book)

    assert (tool.name, tool.description, signature(tool)) == ("book", "Book a room.", "book(room, hours?)")
    assert tool.schema["properties"]["room"] == {"type": "string", "description": "Its name."}
    assert "room" in wrong_arguments(tool, {"hours": 2})
    assert wrong_arguments(tool, {"room": "a"}) == ""
