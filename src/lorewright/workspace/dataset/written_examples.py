"""Examples written by hand, without a file."""

from collections.abc import Sequence

from lorewright.access import Caller
from lorewright.datasets import Example, near_duplicates
from lorewright.datasets.example import example_id
from lorewright.datasets.example_row import row_from
from lorewright.errors import BadParameter
from lorewright.evaluation import held_out_texts
from lorewright.messages import Message
from lorewright.whole_files import rewrite_rows
from lorewright.workspace.dataset.at_hand import material_at_hand_for
from lorewright.workspace.dataset.placing import PLACING_LOCK
from lorewright.workspace.dataset.versions import keep_version
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.server.server import Server

FILE = "written.jsonl"


def add_example(
    server: Server, caller: Caller, text: str, answer: str, document_ids: Sequence[str] = ()
) -> Example:
    """Return a new example to learn from, saved below `examples/`; the same one twice is one.

    Raises `BadParameter` where a part is missing, and where nearly the same is a held-out question:
    what is measured with must not be learned.
    """
    caller.need("tune")
    if not text.strip():
        raise BadParameter("question", "The question is empty.")
    if not answer.strip():
        raise BadParameter("answer", "Provide the answer: it is what is learned.")
    _check_documents(server.workspace, caller, document_ids)
    prompt = (Message("user", text.strip()),)
    example = Example(example_id(prompt, answer.strip()), prompt, answer.strip(), tuple(document_ids))
    _check_leak(server.workspace, caller, example)
    row = row_from(example)
    with PLACING_LOCK:
        keep_version(server, "Changed outside", by="")
        path = server.workspace.examples_folder / FILE
        rewrite_rows(path, lambda rows: [*(one for one in rows if one != row), row])
        keep_version(server, "Wrote an example", by=caller.name)
    audit(server.workspace, caller, Act.EXAMPLE_SAVED, example.question[:80])
    return example


def _check_documents(workspace: Workspace, caller: Caller, document_ids: Sequence[str]) -> None:
    known, allowed = workspace.documents.states(), readable(workspace, caller)
    for name in document_ids:
        if name not in known or not allowed.holds(name):
            raise BadParameter("document", f"No document found with id {name!r}.")


def _check_leak(workspace: Workspace, caller: Caller, example: Example) -> None:
    texts = held_out_texts(material_at_hand_for(workspace, caller).questions)
    near = near_duplicates([example], texts, embed=workspace.cached_embedder) if texts else ()
    if near:
        raise BadParameter(
            "question",
            f"Nearly the same is a held-out question: {texts[near[0].kept_id]!r}. Ask another one.",
        )
