"""A query that the model rewrites, and one that it must leave alone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.fixtures.served import lay_out

from lorewright.access import LOCAL
from lorewright.models.fakes import ScriptedEngine
from lorewright.workspace.collections.search import rewrite
from lorewright.workspace.server.server import Server

Saying = Callable[[str], Server]
ASKED = "When does the Graz office open in 2026?"


@pytest.fixture
def saying(tmp_path: Path) -> Iterator[Saying]:
    servers: list[Server] = []

    def serve(text: str) -> Server:
        servers.append(Server(lay_out(tmp_path / "d"), open_one=lambda _: ScriptedEngine(lambda _: text)))
        return servers[0]

    yield serve
    for server in servers:
        server.close()


def test_a_query_in_other_words_is_searched(saying: Saying) -> None:
    """That is what the client asked for."""
    found = rewrite(saying("opening hours Graz office 2026"), LOCAL, ASKED)
    assert (found.query, found.kept_because) == ("opening hours Graz office 2026", "")


@pytest.mark.parametrize(
    "said",
    ["The Graz office opens at 9 in 2026.", "opening hours of the office", ""],
)
def test_a_query_that_became_another_is_searched_as_it_was(saying: Saying, said: str) -> None:
    """A small model answers, or loses a name or a number: hits for another question look right."""
    found = rewrite(saying(said), LOCAL, ASKED)
    assert found.query == ASKED
    assert "wrote is no such query" in found.kept_because


def test_a_small_model_is_not_asked(saying: Saying, tmp_path: Path) -> None:
    """The default model takes seconds and rewrites a query into something else."""
    server = saying("opening hours Graz office 2026")
    weights = tmp_path / "small.gguf"
    weights.write_bytes(b"GGUF" + bytes(100))
    models = server.workspace.settings.models
    object.__setattr__(models, "chat", f"file:{weights}")

    found = rewrite(server, LOCAL, ASKED)

    assert (found.query, found.kept_because) == (ASKED, "The model 'small' is too small to rewrite queries.")
