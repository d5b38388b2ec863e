"""Documents that are not in English, before and after the model for them is fetched."""

from pathlib import Path

import pytest

from lorewright.jobs import Steps
from lorewright.models import ModelStore
from lorewright.models.embedders import E5_SOURCE, MINILM_SOURCE
from lorewright.settings import cache_folder
from lorewright.workspace import Workspace, init_domain
from lorewright.workspace.collections.pull import pull
from lorewright.workspace.documents.add import add
from lorewright.workspace.domain.doctor import examine

pytestmark = pytest.mark.thorough

PAGES = {
    "leave.md": "Everybody at the office has thirty days of holiday in the year.",
    "urlaub.md": "Die Mitarbeiter haben im Jahr dreißig Tage frei und sie nehmen sie, wann sie wollen.",
    "safar.md": "يسافر الموظفون إلى العملاء بالقطار، ولا تدفع الشركة ثمن تذاكر الطائرة داخل البلاد.",
    "essen.md": "Das Essen in der Kantine ist für alle Mitarbeiter und für ihre Gäste frei.",
}


def job(workspace: Workspace) -> Steps:
    return Steps(workspace.queue, workspace.queue.submit("add", {}).id, 1)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache with the model for English, beside the one that all tests share."""
    shared = ModelStore(cache_folder())
    if shared.find(E5_SOURCE) is None or shared.find(MINILM_SOURCE) is None:
        pytest.skip(f"needs both models in the tests' cache: lorewright models pull {E5_SOURCE}")
    own = tmp_path / "cache" / "models"
    own.mkdir(parents=True)
    english = shared.find(MINILM_SOURCE)
    assert english is not None
    (own / english.path.name).symlink_to(english.path)
    monkeypatch.setenv("LOREWRIGHT_CACHE", str(own.parent))
    return own


def test_other_languages_are_found_by_words_and_by_meaning_once_their_model_is_here(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said what is missing and how to get it; fetching it embeds what lacks it, and nothing else."""
    folder = init_domain(tmp_path / "desk")
    for name, text in PAGES.items():
        (folder / "documents" / name).write_text(text)
    question = "كيف يذهب العاملون في المكتب إلى الزبائن؟"
    with Workspace(folder) as workspace:
        added = add(workspace, {"paths": [], "is_sync": True}, job(workspace))
        assert added["n_by_words"] == 3
        check = next(check for check in examine(folder) if check.name == "languages")
        assert (check.state, "3 documents" in check.finding) == ("missing", True)
        assert f"lorewright models pull {E5_SOURCE}" in check.remedy
        assert all(hit.cosine is None for hit in workspace.collection.search(question))

    monkeypatch.undo()
    shared = ModelStore(cache_folder()).find(E5_SOURCE)
    assert shared is not None
    (cache / shared.path.name).symlink_to(shared.path)
    monkeypatch.setenv("LOREWRIGHT_CACHE", str(cache.parent))
    with Workspace(folder) as workspace:
        english = workspace.collection.chunks_of("leave.md")
        pull(workspace, {"uri": E5_SOURCE}, job(workspace))

        assert workspace.collection.found_by_words() == []
        assert workspace.collection.chunks_of("leave.md") == english
        hits = workspace.collection.search(question)
        assert hits[0].chunk.document_id == "safar.md"
        assert hits[0].cosine is not None
        free = workspace.collection.search("Wer darf wann in die Ferien gehen?")
        assert free[0].chunk.document_id == "urlaub.md"
        again = add(workspace, {"paths": [], "is_sync": True}, job(workspace))
        assert (again["n_chunks"], again["n_by_words"]) == (0, 0)
