"""What happens to every answer: its pages are named, and a shadow answers too."""

from dataclasses import replace

from lorewright.deployments import version_name
from lorewright.documents import page_at
from lorewright.errors import NotFound
from lorewright.flows import Answer
from lorewright.messages import Conversation
from lorewright.workspace.answering.kept_answers import keep_shadow
from lorewright.workspace.answering.served_models import ServedModel, parts_of, served_version
from lorewright.workspace.answering.tracing import run
from lorewright.workspace.deployments.records import find_deployment
from lorewright.workspace.server.server import Server


def on_their_pages(server: Server, answer: Answer) -> Answer:
    """Return an answer whose citations name the page of their passage.

    A chunk knows the page it begins on, and may go over several.
    """
    paged = {citation.document_id for citation in answer.citations if citation.page is not None}
    if not paged:
        return answer
    documents = [server.workspace.documents.find(document_id) for document_id in sorted(paged)]
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


def answer_in_shadow(
    server: Server, answer_id: str, shown: ServedModel, conversation: Conversation, seed: int
) -> None:
    """Let the shadow of the deployment that gave an answer answer the same, later, and keep what it says.

    Nothing happens where there is no shadow, or where the caller asked for one version by number.
    """
    if not shown.deployment or shown.role == "named":
        return
    try:
        shadow = find_deployment(server.workspace, shown.deployment).shadow
    except NotFound:
        return  # removed while it answered
    if shadow:
        server.side.do(lambda: _answer(server, answer_id, shown.deployment, shadow, conversation, seed))


def _answer(
    server: Server, answer_id: str, deployment: str, number: int, conversation: Conversation, seed: int
) -> None:
    served = served_version(server, deployment, number)
    assert served.flow is not None
    parts = parts_of(server, served, who=f"shadow {version_name(deployment, number)}")
    answer = run(served.flow, conversation, parts, seed=seed)
    keep_shadow(server, answer_id, served, [turn.to_json() for turn in conversation], answer)
