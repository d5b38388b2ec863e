"""Citations in the words of OpenAI's API."""

from lorewright.flows import Answer
from lorewright.flows.answer import Provenance
from lorewright.knowledge import Citation
from lorewright.models import Usage
from lorewright.workspace.answering.answer_json import annotations


def url_of(document_id: str) -> str:
    cited = Citation(
        number=1, document_id=document_id, title="A", start=3, end=9, quote="a quote", position=7,
    )  # fmt: skip
    made_by = Provenance("m", "", "", "", "", "", 0)
    answer = Answer("rag", "a text.", (cited,), (), Usage(), 1.0, {}, made_by)
    return str(annotations(answer)[0]["url_citation"]["url"])


def test_a_cited_document_can_be_opened_at_its_passage() -> None:
    assert url_of("rules/leave.md") == "/lorewright/v1/documents/rules/leave.md#3-9"


def test_what_a_tool_said_names_the_tool() -> None:
    """It is no document, and calling it again could say something else."""
    assert url_of("tool:crm/find") == "tool:crm/find"
