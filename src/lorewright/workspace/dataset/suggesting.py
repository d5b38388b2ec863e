"""Questions suggested from the documents, in the background: made, checked, kept for a person to judge."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, cast
from uuid import uuid4

from lorewright.access import Caller
from lorewright.datasets import Example, near_duplicates, spoken
from lorewright.documents import Document
from lorewright.errors import BadParameter, Cancelled, EngineError, NoDocuments, UserError
from lorewright.evaluation import held_out_texts
from lorewright.evaluation.suggested.by_model import model_drafts
from lorewright.evaluation.suggested.checks import Checks
from lorewright.evaluation.suggested.choice import Chosen, choose, rewordings
from lorewright.evaluation.suggested.draft import KINDS, Draft, Kind
from lorewright.evaluation.suggested.drafting import comparisons, drafts_of
from lorewright.evaluation.suggested.near_misses import unanswerable
from lorewright.evaluation.suggested.outline import hash_of
from lorewright.evaluation.suggested.tables import Cell
from lorewright.jobs import Steps
from lorewright.messages import Message
from lorewright.settings import DEFAULT_CHAT_MODEL
from lorewright.storage import Records
from lorewright.workspace.dataset.at_hand import material_at_hand
from lorewright.workspace.dataset.suggestions import KIND, body_of
from lorewright.workspace.domain.judge import find_judge
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.orders import caller_of

N_USUAL, N_MOST = 30, 300
MAX_DOCUMENTS = 400
"""Of more documents a part is read, chosen by a hash of their names: the same part every time."""
_COMPARED, _ASKED_CHUNKS = 300, 3
TEMPLATES, MODEL, AUTOMATIC = "templates", "model", "auto"
WAYS = (AUTOMATIC, TEMPLATES, MODEL)


def suggestion_order(n: int = N_USUAL, kinds: Sequence[str] = (), how: str = AUTOMATIC) -> dict[str, Any]:
    """Return the order for a job that suggests questions; raise `BadParameter` for what there is not."""
    if not 1 <= n <= N_MOST:
        raise BadParameter("n", f"Between 1 and {N_MOST} questions can be suggested at once, not {n}.")
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise BadParameter(
            "kinds", f"No kind of question named {unknown[0]!r}; there are {', '.join(KINDS)}."
        )
    if how not in WAYS:
        raise BadParameter("how", f"how is {how!r}; it must be one of {', '.join(WAYS)}.")
    return {"n": n, "kinds": list(kinds), "how": how}


def suggest(workspace: Workspace, order: Mapping[str, Any], steps: Steps) -> dict[str, Any]:
    """Suggest questions from the documents that whoever ordered it may read; what is found is kept at once.

    Stopped and started again, it goes on with as many as are missing.
    """
    caller = caller_of(workspace, order)
    records, run = Records(workspace.database, KIND), steps.once("run", lambda: uuid4().hex)
    n_done = len(records.all(parent=run))
    wanted = [cast("Kind", kind) for kind in order["kinds"]] or list(KINDS)
    steps.say("Reading the documents")
    documents = _documents(workspace, caller)
    by_kind = _drafts(workspace, documents, order, steps)
    by_kind = {kind: by_kind[kind] for kind in wanted if by_kind.get(kind)}
    chosen = _chosen(workspace, caller, documents, by_kind, order["n"] - n_done, run, steps)
    counts: dict[str, int] = {}
    for record in records.all(parent=run):
        counts[record.body["kind"]] = counts.get(record.body["kind"], 0) + 1
    return {
        "n_suggested": sum(counts.values()), "kinds": counts, "dropped": chosen.dropped,
        "n_documents": len(documents),
    }  # fmt: skip


def _documents(workspace: Workspace, caller: Caller) -> list[Document]:
    """Return the documents to read, in the order of their ids; of many a part."""
    allowed = readable(workspace, caller)
    names = [name for name in workspace.documents.states() if allowed.holds(name)]
    if not names:
        raise NoDocuments(
            f"{workspace.folder.name} has no documents to make questions from.",
            hint="Put documents into documents/ and run: lorewright add --sync",
        )
    some = sorted(sorted(names, key=hash_of)[:MAX_DOCUMENTS])
    found = (workspace.documents.find(name) for name in some)
    return [document for document in found if document is not None]


def _drafts(
    workspace: Workspace, documents: Sequence[Document], order: Mapping[str, Any], steps: Steps
) -> dict[Kind, list[Draft]]:
    by_kind: dict[Kind, list[Draft]] = {kind: [] for kind in KINDS}
    if _uses_model(workspace, order["how"]):
        for draft in _by_model(workspace, documents, order, steps):
            by_kind[draft.kind].append(draft)
        if any(by_kind.values()) or order["how"] == MODEL:
            return by_kind
    properties: list[Cell] = []
    tell = steps.progress("drafting questions")
    for place, document in enumerate(documents):
        tell(place, len(documents))
        drafts, cells = drafts_of(document)
        properties += cells
        for draft in drafts:
            by_kind[draft.kind].append(draft)
    everything = [draft for drafts in by_kind.values() for draft in drafts]
    by_kind["comparison"] = list(comparisons(properties, most=_COMPARED))
    by_kind["paraphrase"] = list(rewordings(everything))
    by_kind["unanswerable"] = list(unanswerable(properties, everything))
    return by_kind


def _uses_model(workspace: Workspace, way: str) -> bool:
    """Return whether the chat model writes the questions: not the small one that comes with lorewright."""
    return way == MODEL or (way == AUTOMATIC and workspace.settings.models.chat != DEFAULT_CHAT_MODEL)


def _by_model(
    workspace: Workspace, documents: Sequence[Document], order: Mapping[str, Any], steps: Steps
) -> list[Draft]:
    chunks = [chunk for document in documents for chunk in workspace.collection.chunks_of(document.id)]
    some = sorted(chunks, key=lambda chunk: hash_of(chunk.id))[: _ASKED_CHUNKS * order["n"]]
    drafts: list[Draft] = []
    try:
        for draft in model_drafts(some, workspace.engine(), progress=steps.progress("asking the model")):
            drafts.append(draft)
            if len(drafts) >= _ASKED_CHUNKS * order["n"]:
                break
    except (EngineError, UserError) as error:
        if order["how"] == MODEL or isinstance(error, Cancelled):
            raise
        steps.say(f"{error} Using templates.")
    return drafts


def _chosen(
    workspace: Workspace,
    caller: Caller,
    documents: Sequence[Document],
    by_kind: Mapping[Kind, Sequence[Draft]],
    n: int,
    run: str,
    steps: Steps,
) -> Chosen:
    records = Records(workspace.database, KIND)
    search = workspace.searchable_by(readable(workspace, caller)).search
    judge = find_judge(workspace.settings).judge
    checks = Checks(search, judge, [f"{document.title}\n{document.text}".lower() for document in documents])
    by = caller.name

    def keep(draft: Draft) -> None:
        records.put(suggestion_id(draft), lambda _: body_of(draft, by=by), parent=run)

    return choose(
        by_kind, checks, n=n, is_known=_known(workspace, records), on_chosen=keep,
        progress=steps.progress("checking questions"),
    )  # fmt: skip


def _known(workspace: Workspace, records: Records) -> Callable[[str], bool]:
    """Return what tells whether an example, a question or a suggestion asks nearly the same already."""
    material = material_at_hand(workspace)
    texts = dict(held_out_texts(material.questions))
    texts |= {example.id: spoken(example.prompt) for example in material.examples}
    texts |= {record.id: record.body["question"] for record in records.all()}

    def is_known(question: str) -> bool:
        asked = Example("asked", (Message("user", question),), "")
        if near_duplicates([asked], texts, embed=workspace.cached_embedder):
            return True
        texts[f"now {len(texts)}"] = question
        return False

    return is_known


def suggestion_id(draft: Draft) -> str:
    """Return the id of a suggestion: the same question from the same document is one."""
    text = f"{draft.question}\0{draft.document_ids}"
    return f"qsug_{blake2b(text.encode(), digest_size=8).hexdigest()}"
