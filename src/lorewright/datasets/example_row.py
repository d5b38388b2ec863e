"""An example as a row of a file: OpenAI's chat format, with what else is known of it beside."""

from lorewright.datasets.example import Example, example_id
from lorewright.datasets.rows import Row


def row_from(example: Example) -> Row:
    """Return the row that `example_from` reads back; an id that follows from the words is left out."""
    turns = [turn.to_json() for turn in example.prompt]
    row: Row = {"messages": [*turns, {"role": "assistant", "content": example.completion}]}
    if example.id != example_id(example.prompt, example.completion):
        row = {"id": example.id, **row}
    if example.document_ids:
        row["document_ids"] = list(example.document_ids)
    if not example.answerable:
        row["answerable"] = False
    if example.metadata:
        row["meta"] = dict(example.metadata)
    return row


def question_row_from(example: Example) -> Row:
    """Return a row of a file of held-out questions: what is asked, and the completion as its target."""
    row = row_from(example)
    return {
        **{name: value for name, value in row.items() if name != "messages"},
        "messages": [turn.to_json() for turn in example.prompt],
        "targets": [example.completion],
    }
