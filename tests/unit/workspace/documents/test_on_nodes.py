"""What is done with a file and a text on the nodes of a cluster, without a cluster."""

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from lorewright.documents import Document
from lorewright.errors import UnreadableDocument, UnusableCluster
from lorewright.knowledge import Collection
from lorewright.models.fakes import HashingEmbedder
from lorewright.settings import Documents, Retrieval
from lorewright.whole_files import sha256_of
from lorewright.workspace.documents.index_on_nodes import Making, prepared_on_nodes
from lorewright.workspace.documents.read_on_nodes import is_sent, read_on_nodes
from lorewright.workspace.documents.reader import document_reader
from lorewright.workspace.jobs.fakes import ThisProcess

MAKING = Making(
    embedder="hashing", name=HashingEmbedder().name, other=None, chunker="structure", chunk_tokens=24
)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    texts = {
        "leave.md": "# Leave\n\nEvery employee has 28 days.\n",
        "hours.csv": "day,hours\nMonday,8\n",
        "blank.md": "  \n",
        "what.bin": "\0\1",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    return {f"staff/{name}": tmp_path / name for name in texts}


def pages(n: int) -> list[Document]:
    return [
        Document(
            f"page-{number}.md", f"Page {number}",
            "\n\n".join(f"Line {line} of page {number} is about topic {line * number}." for line in range(9)),
        )
        for number in range(n)
    ]  # fmt: skip


def test_a_node_reads_what_the_job_itself_would(files: dict[str, Path]) -> None:
    """Where a file is read must change nothing: text, title, report, hash, and the reasons why not."""
    settings = Documents()

    found = dict(read_on_nodes(ThisProcess(), settings, files))

    assert found.keys() == files.keys()
    with document_reader(settings) as reader:
        for name in ("staff/leave.md", "staff/hours.csv"):
            here = reader.read(files[name], document_id=name)
            outcome = found[name]
            assert isinstance(outcome, tuple)
            assert outcome == (here, sha256_of(files[name]))
            assert outcome[0].report == here.report
        for name in ("staff/blank.md", "staff/what.bin"):
            with pytest.raises(UnreadableDocument) as reason:
                reader.read(files[name], document_id=name)
            outcome = found[name]
            assert isinstance(outcome, UnreadableDocument)
            assert (str(outcome), outcome.hint) == (str(reason.value), reason.value.hint)


def test_a_limit_of_the_settings_holds_on_a_node(files: dict[str, Path]) -> None:
    """A node must not read what this domain does not want."""
    settings = replace(Documents(), max_characters=10)

    found = dict(read_on_nodes(ThisProcess(), settings, {"leave.md": files["staff/leave.md"]}))

    assert "the limit is 10" in str(found["leave.md"])


def test_what_is_no_file_stays_with_the_job(tmp_path: Path) -> None:
    """It names the reason as ever."""
    (tmp_path / "empty.md").touch()
    assert not is_sent(tmp_path)
    assert not is_sent(tmp_path / "empty.md")
    assert not is_sent(tmp_path / "gone.md")


def test_nodes_make_the_chunks_and_vectors_that_the_job_would(tmp_path: Path) -> None:
    """An index that nodes helped with finds the same, to the last bit of a vector."""
    documents = pages(7)
    here = Collection(tmp_path / "here", HashingEmbedder(), Retrieval(chunk_tokens=24))
    spread = Collection(tmp_path / "spread", HashingEmbedder(), Retrieval(chunk_tokens=24))
    here.add(documents)

    for ready, parts in prepared_on_nodes(ThisProcess(), MAKING, documents):
        for part in parts:
            assert part.vectors is not None
            contexts = [chunk.context for chunk in part.chunks]
            assert np.array_equal(part.vectors, HashingEmbedder().embed(contexts))
        spread.put(ready, parts)

    assert spread.version == here.version
    assert spread.text_hashes() == here.text_hashes()
    assert all(spread.chunks_of(one.id) == here.chunks_of(one.id) for one in documents)


def test_a_node_with_another_embedding_model_is_refused() -> None:
    """Vectors of two models in one index find nothing, and nobody would notice."""
    making = replace(MAKING, name="hashing-of-another-release")
    with pytest.raises(UnusableCluster, match="has the embedding model") as refused:
        list(prepared_on_nodes(ThisProcess(), making, pages(1)))
    assert "same release" in refused.value.hint


def test_a_document_goes_out_once_and_comes_back_once() -> None:
    """Nothing is lost and nothing is twice, whatever the order in which units come back."""

    class Backwards:
        def each(self, work: str, spec: str, units: Iterator[bytes], **_: int) -> Iterator[bytes]:
            done = list(ThisProcess().each(work, spec, units))
            yield from reversed(done)

    documents = [replace(one, text=one.text * 60) for one in pages(12)]  # several units
    came = list(prepared_on_nodes(Backwards(), MAKING, documents))  # type: ignore[arg-type]

    assert len(came) > 2
    names = [document.id for ready, _ in came for document in ready]
    assert sorted(names) == sorted(document.id for document in documents)
    assert names != [document.id for document in documents]
    for ready, parts in came:
        assert {chunk.document_id for part in parts for chunk in part.chunks} == {one.id for one in ready}


def test_what_nodes_are_told_is_plain_json() -> None:
    """Two releases side by side can tell each other what is wrong."""
    assert Making(**json.loads(json.dumps(asdict(MAKING)))) == MAKING
