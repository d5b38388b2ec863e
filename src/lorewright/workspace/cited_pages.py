"""The page that a citation stands on."""

from dataclasses import replace

from lorewright.documents import page_at
from lorewright.flows import Answer
from lorewright.workspace.home import Home


def on_their_pages(home: Home, answer: Answer) -> Answer:
    """Return an answer whose citations name the page of their passage.

    A chunk knows the page it begins on, and may go over several.
    """
    paged = {citation.document_id for citation in answer.citations if citation.page is not None}
    if not paged:
        return answer
    documents = [home.workspace.documents.find(document_id) for document_id in sorted(paged)]
    starts = {document.id: document.page_starts for document in documents if document is not None}
    return replace(
        answer,
        citations=tuple(
            replace(
                citation,
                page=page_at(starts.get(citation.document_id, ()), citation.start) or citation.page,
            )
            for citation in answer.citations
        ),
    )
