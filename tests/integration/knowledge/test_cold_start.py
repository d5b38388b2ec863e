"""What a search that stands alone must not wait for."""

import subprocess
import sys
from pathlib import Path

import pytest

from lorewright.documents import Document
from lorewright.knowledge import Collection
from lorewright.models.fakes import HashingEmbedder
from lorewright.settings import Retrieval

pytestmark = pytest.mark.thorough

SEARCH = """
import sys
from pathlib import Path
from lorewright.knowledge import Collection
from lorewright.models.fakes import HashingEmbedder
from lorewright.settings import Retrieval

hits = Collection(Path(sys.argv[1]), HashingEmbedder(), Retrieval()).search("days of leave")
print(hits[0].chunk.document_id)
print(*(name for name in sys.modules if name.startswith("lance_namespace_urllib3_client")))
import lance_namespace_urllib3_client.models as client
print(client.ListTablesRequest(limit=7).limit)
"""
BY_WORDS = """
import sys
from pathlib import Path
from lorewright.cli.domain import local_caller
from lorewright.workspace import Workspace
from lorewright.workspace.retrieval.search import search

with Workspace(Path(sys.argv[1])) as workspace:
    print(search(workspace, local_caller(), "days of leave", mode="text")[0].chunk.document_id)
print(*{"sqlalchemy", "onnxruntime", "onnx", "openai", "httpx2", "mcp", "rich"} & set(sys.modules))
"""


def run(code: str, folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def filled(folder: Path) -> None:
    pages = [Document("leave.md", "Leave", "28 days of leave."), Document("travel.md", "Travel", "By train.")]
    Collection(folder, HashingEmbedder(), Retrieval()).add(pages)


def test_a_search_does_not_load_the_rest_client_of_lancedb(tmp_path: Path) -> None:
    """It takes more than half of the time of a cold search; whoever wants it still gets the real one."""
    filled(tmp_path)

    assert run(SEARCH, tmp_path) == ["leave.md", "", "7"]


def test_a_search_by_words_opens_no_database_and_no_model(tmp_path: Path) -> None:
    (tmp_path / "lorewright.toml").write_text("")
    filled(tmp_path / ".lorewright" / "index")

    assert run(BY_WORDS, tmp_path) == ["leave.md", ""]
