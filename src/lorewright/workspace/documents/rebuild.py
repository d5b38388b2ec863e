"""The index built again from the documents, aside, and put in the place of the old one."""

from collections.abc import Iterator
from pathlib import Path

from lorewright.access import Caller
from lorewright.documents import Document
from lorewright.errors import IndexMismatch
from lorewright.knowledge import Collection
from lorewright.knowledge.index_location import current_place, make_current, other_place
from lorewright.progress import Progress
from lorewright.workspace.documents.indexing import indexed
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.cluster import Cluster


def rebuild(workspace: Workspace, progress: Progress, cluster: Cluster | None = None) -> int:
    """Build the index again as the settings say, on a cluster if there is one; return how many chunks it has.

    The old one is searched until the new one is whole. Stopped anywhere, it goes on where it was.
    """
    index = workspace.state_folder / "index"
    aside = other_place(index)
    collection, inside = _unfinished_index(workspace, aside)
    states = workspace.documents.states()
    collection.remove(name for name in inside if name not in states)
    waiting = [name for name, state in states.items() if inside.get(name) != state.text_hash]
    done = len(states) - len(waiting)
    progress(done, len(states))
    for batch, _ in indexed(workspace, collection, _documents(workspace, waiting), cluster):
        done += len(batch)
        progress(done, len(states))
    progress(len(states), len(states))
    known = workspace.documents.states()
    collection.remove(name for name in states if name not in known)  # deleted while we were at it
    collection.compact()
    n_chunks = collection.n_chunks
    former = workspace.open_collection(current_place(index))
    make_current(index, aside)
    if workspace.settings.retrieval.index:  # a folder is cleared at that stroke
        former.clear()
    workspace.reload()
    workspace.documents.mark_indexed({name: state.text_hash for name, state in states.items()})
    return n_chunks


def needs_rebuild(workspace: Workspace, caller: Caller) -> str:
    """Return why nothing is added to the index with the settings as they are; '' where it is."""
    caller.need("read")
    try:
        workspace.collection.check()
    except IndexMismatch as error:
        return str(error)
    return ""


def _unfinished_index(workspace: Workspace, aside: Path) -> tuple[Collection, dict[str, str]]:
    """Return the new index as far as it was built, and what it holds; one of other settings starts over."""
    collection = workspace.open_collection(aside)
    try:
        return collection, collection.text_hashes()
    except IndexMismatch:
        collection.clear()
        return workspace.open_collection(aside), {}


def _documents(workspace: Workspace, names: list[str]) -> Iterator[Document]:
    for name in names:
        document = workspace.documents.find(name)
        if document is not None:
            yield document
