"""What a run of an agent was made of, told by what its tools said."""

from typing import Any

import pytest

from lorewright.workspace.agents.reading import documents_read


def call(tool: str, *passages: str, **more: Any) -> dict[str, Any]:
    """Return the entry of a call that showed passages of these documents."""
    chunks = [{"document_id": document} for document in passages]
    return {"kind": "call", "tool": tool, "arguments": {}, "chunks": chunks, **more}


@pytest.mark.parametrize(
    ("entries", "documents"),
    [
        ([], []),
        ([{"kind": "answer"}, call("calculate", "tool:calculate")], []),
        ([call("search", "b.md", "a.md"), call("search", "b.md")], ["a.md", "b.md"]),
        ([call("read_document", arguments={"document": "a.md", "start": 5})], ["a.md"]),
        ([call("compare_documents", "tool:compare_documents", arguments={"first": "a.md", "second": "b.md"})],
         ["a.md", "b.md"]),
        ([call("ask", "a.md", documents=["a.md", "hidden.md"])], ["a.md", "hidden.md"]),
        ([call("model_desk")], []),
        ([call("ask", "a.md", documents=None)], None),
        ([call("list_documents")], None),
        ([call("search", "a.md"), call("desk__find")], None),
        ([call("desk__find", error="It is down.")], []),
    ],
)  # fmt: skip
def test_a_run_is_made_of_what_its_tools_showed(
    entries: list[dict[str, Any]], documents: list[str] | None
) -> None:
    """A tool that is not known to tell may have shown anything."""
    assert documents_read(entries) == documents
