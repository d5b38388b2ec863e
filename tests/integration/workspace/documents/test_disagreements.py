"""Documents that contradict each other are shown as such, the newest first."""

from pathlib import Path

from tests.fixtures.served import lay_out

from lorewright.access import LOCAL
from lorewright.jobs import Steps
from lorewright.messages import Message
from lorewright.workspace import Workspace
from lorewright.workspace.answering.disagreements import disagreements_json
from lorewright.workspace.documents.add import add
from lorewright.workspace.flows.ask import ask

FEES = {
    "old/fees.md": "---\ndate: 2025-03-01\n---\n# Fees\n\nThe annual fee is 20 crowns.",
    "new/fees.md": "---\ndate: 2026-03-01\n---\n# Fees\n\nThe annual fee is 35 crowns.",
}


def test_an_answer_says_which_documents_disagree(tmp_path: Path) -> None:
    """Whichever page came first was the answer, and nobody heard of the other."""
    with Workspace(lay_out(tmp_path / "handbook")) as workspace:
        for name, text in FEES.items():
            path = workspace.documents_folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        order = {"paths": [], "is_sync": True}
        job = workspace.queue.submit("add", order)
        add(workspace, order, Steps(workspace.queue, job.id, 1))
        question = "What is the annual fee?"

        answer = ask(workspace, LOCAL, (Message("user", question),), arm="quote")
        ((newer, older),) = disagreements_json(workspace, question, answer.hits)

    assert (newer["document_id"], newer["day"], newer["value"]) == ("new/fees.md", "2026-03-01", "35 crowns")
    assert (older["document_id"], older["day"], older["value"]) == ("old/fees.md", "2025-03-01", "20 crowns")
    assert older["quote"] == "The annual fee is 20 crowns."
