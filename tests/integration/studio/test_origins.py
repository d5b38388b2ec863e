"""Who may open the studio's socket: a browser adds the user's cookie to whatever page asks."""

from collections.abc import Iterator

import httpx2
import pytest
from tests.fixtures.studio import SETTINGS, Studio, lay_out, start

pytestmark = pytest.mark.thorough

SOCKET = "/_nicegui_ws/socket.io/?EIO=4&transport=polling"
LISTED = "https://app.example"


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    settings = f'{SETTINGS}[serve]\ncors_origins = ["{LISTED}"]\n'
    running = start(lay_out(tmp_path_factory.mktemp("domain") / "handbook", settings=settings))
    yield running
    running.process.terminate()
    running.process.communicate()


def test_a_page_of_another_origin_opens_no_socket(studio: Studio) -> None:
    """Any page that a user visits could act in the studio otherwise, also where no login is asked for."""
    refused = httpx2.get(studio.at(SOCKET), headers={"Origin": "http://evil.example"})

    assert refused.status_code == 400
    assert "access-control-allow-origin" not in refused.headers


@pytest.mark.parametrize("origin", ["", LISTED], ids=["its own", "a listed one"])
def test_pages_of_ours_and_listed_ones_do(studio: Studio, origin: str) -> None:
    """The studio itself, and an application that an administrator named, go on working."""
    opened = httpx2.get(studio.at(SOCKET), headers={"Origin": origin or studio.url})

    assert opened.status_code == 200
    assert '"sid"' in opened.text
