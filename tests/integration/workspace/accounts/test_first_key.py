"""The key that a first server makes, so that somebody comes in."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from tests.fixtures.postgres import PostgresServer

from lorewright.access import LOCAL
from lorewright.workspace.accounts.keys import make_first_key
from lorewright.workspace.server.server import Server

pytestmark = pytest.mark.thorough  # starts PostgreSQL


def test_of_servers_that_start_at_once_one_makes_the_key(postgres: PostgresServer, tmp_path: Path) -> None:
    """Two would be told in two logs, and nobody would miss the second one, which opens everything."""
    url = postgres.make("first_key")
    (tmp_path / "lorewright.toml").write_text(f'[storage]\nurl = "{url}"\n')
    servers = [Server(tmp_path) for _ in range(4)]
    together = Barrier(len(servers))

    def start(server: Server) -> str | None:
        server.workspace.database.check()
        together.wait()
        return make_first_key(server, LOCAL)

    with ThreadPoolExecutor(len(servers)) as threads:
        made = [key for key in threads.map(start, servers) if key]
    n_kept = len(servers[0].keys.records())
    for server in servers:
        server.close()

    assert len(made) == n_kept == 1
