"""Examples come in many forms; what was understood is shown, what was not is named."""

import json
from pathlib import Path
from typing import Any

import pytest

from lorewright.datasets import read_examples
from lorewright.errors import InvalidExamples
from lorewright.messages import Message


def write(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


CHAT = {
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi?"},
        {"role": "assistant", "content": "Hello."},
    ]
}


@pytest.mark.parametrize(
    "row",
    [
        CHAT,
        {"system": "Be brief.", "prompt": "Hi?", "completion": "Hello."},
        {"system": "Be brief.", "instruction": "Hi?", "input": "", "output": "Hello."},
        {"prompt": CHAT["messages"][:2], "completion": CHAT["messages"][2:]},
        {
            "system": "Be brief.",
            "conversations": [{"from": "human", "value": "Hi?"}, {"from": "gpt", "value": "Hello."}],
        },
        {"System": "Be brief.", "Question": "Hi?", "Answer": "Hello."},
    ],
    ids=["openai", "prompt-completion", "alpaca", "trl", "sharegpt", "own-names"],
)
def test_every_known_form_gives_the_same_example(tmp_path: Path, row: dict[str, Any]) -> None:
    (example,) = read_examples(write(tmp_path / "a.jsonl", row)).examples
    assert example.prompt == (Message("system", "Be brief."), Message("user", "Hi?"))
    assert example.completion == "Hello."
    assert example.answerable


def test_an_alpaca_input_follows_its_instruction(tmp_path: Path) -> None:
    row = {"instruction": "Translate.", "input": "Haus", "output": "house"}
    (example,) = read_examples(write(tmp_path / "a.jsonl", row)).examples
    assert example.question == "Translate.\n\nHaus"


def test_a_table_with_semicolons_is_read_and_its_mapping_shown(tmp_path: Path) -> None:
    """Spreadsheets of half the world save CSV with semicolons."""
    (tmp_path / "faq.csv").write_text(
        '\ufeffFrage;Antwort\n"Wann; genau?";Um 9.\nWo?;Hier.\n', encoding="utf-8"
    )
    read = read_examples(tmp_path)
    assert [(e.question, e.completion) for e in read.examples] == [
        ("Wann; genau?", "Um 9."),
        ("Wo?", "Hier."),
    ]
    assert [str(mapping) for mapping in read.mappings] == [
        "faq.csv: Frage -> prompt, Antwort -> completion (2 examples)"
    ]


def test_documents_answerable_and_metadata_are_kept(tmp_path: Path) -> None:
    rows = [
        {**CHAT, "id": "a1", "meta": {"doc_ids": ["d1", "d2"], "answerable": False, "topic": "leave"}},
        {"question": "Who?", "answer": "Me.", "document_ids": "d3; d4", "answerable": "yes", "by": "Ann"},
    ]
    first, second = read_examples(write(tmp_path / "a.jsonl", *rows)).examples
    assert (first.id, first.document_ids, first.answerable) == ("a1", ("d1", "d2"), False)
    assert first.metadata["topic"] == "leave"
    assert (second.document_ids, second.answerable) == (("d3", "d4"), True)
    assert second.metadata == {"by": "Ann"}


def test_no_two_examples_share_an_id(tmp_path: Path) -> None:
    """Files count from 0 again: an id that is taken must not hide an example."""
    rows = [{"id": 0, "prompt": "a", "completion": "b"}, {"id": 0, "prompt": "c", "completion": "d"}]
    examples = read_examples(write(tmp_path / "a.jsonl", *rows, rows[0], rows[0])).examples
    assert examples[0].id == "0"
    assert len({example.id for example in examples}) == 4


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"prompt": "a", "completion": ', "not valid JSON"),
        ('{"prompt": "a", "completion": ""}', "the completion of 'a' is empty"),
        ('{"prompt": "", "completion": "b"}', "no user message before the answer 'b'"),
        ('{"messages": [{"role": "user", "content": "Anyone?"}]}', "no answer: the last of"),
        ('{"messages": []}', "no answer: the last of"),
        ('{"messages": [{"role": "robot", "content": "x"}]}', "role 'robot'"),
        ('{"messages": [{"role": "tool", "content": "x"}]}', "no answer: the last of"),
        ('{"messages": ["hello"]}', "the message 'hello' has no role"),
        ('{"prompt": {"a": 1}, "completion": "b"}', "is not a string"),
        ('{"alpha": "a", "beta": "b", "gamma": "c"}', "'alpha', 'beta', 'gamma'"),
        ('["a", "b"]', "is not a JSON object"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_is_usable(tmp_path: Path, line: str, said: str) -> None:
    good = '{"prompt": "a", "completion": "b"}\n'
    path = tmp_path / "bad.jsonl"
    path.write_text(good * 733 + line + "\n" + good)
    with pytest.raises(InvalidExamples) as refused:
        read_examples(path)
    assert "bad.jsonl, line 734: " in str(refused.value)
    assert said in str(refused.value)
    assert refused.value.hint

    told: list[InvalidExamples] = []
    assert len(read_examples(path, on_bad_line=told.append).examples) == 734
    assert [str(error) for error in told] == [str(refused.value)]


def test_invalid_utf8_spoils_one_line_only(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"prompt": "\xff\xfe", "completion": "b"}\n{"prompt": "a", "completion": "b"}\n')
    told: list[InvalidExamples] = []
    assert len(read_examples(path, on_bad_line=told.append).examples) == 1
    assert "a.jsonl, line 1" in str(told[0])
    assert "not UTF-8" in str(told[0])


def test_a_row_with_too_many_cells_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("prompt,completion\nHello, you,Hi\na,b\n")
    told: list[InvalidExamples] = []
    assert len(read_examples(path, on_bad_line=told.append).examples) == 1
    assert "a.csv, line 2: 3 cells, but 2 column names" in str(told[0])


def test_an_empty_or_missing_folder_holds_no_examples(tmp_path: Path) -> None:
    assert read_examples(tmp_path).examples == ()
    assert read_examples(tmp_path / "missing").examples == ()


def test_a_file_too_large_to_be_examples_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.jsonl"
    with path.open("wb") as file:
        file.truncate(2 * 1024**3)
    with pytest.raises(InvalidExamples, match=r"huge\.jsonl has 2,147,483,648 bytes"):
        read_examples(path)


def test_a_folder_that_loops_is_read_once(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", CHAT)
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    assert len(read_examples(tmp_path).examples) == 1


def turn(role: str, content: str, **more: Any) -> dict[str, Any]:
    return {"role": role, "content": content, **more}


def test_answers_with_weight_0_are_left_out_and_counted(tmp_path: Path) -> None:
    """OpenAI's format marks bad answers so: tuning on them would teach what was thrown away."""
    question, bad = turn("user", "When?"), turn("assistant", "Never.", weight=0)
    path = write(
        tmp_path / "a.jsonl",
        {"messages": [question, bad]},
        {"prompt": [question], "completion": [bad]},
        {"conversations": [{"from": "human", "value": "Who?"}, {"from": "gpt", "value": "Me.", "weight": 0}]},
        {"messages": [question, turn("assistant", "At 9.", weight=1), turn("user", "Sure?"), bad]},
    )

    read = read_examples(path)

    (example,) = read.examples
    assert (example.question, example.completion) == ("When?", "At 9.")
    assert [(mapping.n_examples, mapping.n_not_learned) for mapping in read.mappings] == [
        (1, 1),
        (0, 1),
        (0, 1),
    ]
    assert str(read.mappings[0]).endswith("(1 examples, 1 left out: weight 0)")


@pytest.mark.parametrize(
    ("columns", "asked", "answered"),
    [
        (("customer_message", "agent_reply", "channel"), "customer_message", "agent_reply"),
        (("Nr.", "Kundenfrage", "Antwort des Teams", "Datum"), "Kundenfrage", "Antwort des Teams"),
        (("Question Text", "Gold Answer", "created"), "Question Text", "Gold Answer"),
        (("userPrompt", "expected_output", "actual_output"), "userPrompt", "expected_output"),
        (("Review", "Stars", "Date"), "Review", "Stars"),
        (("ticket_id", "ticket_text", "category"), "ticket_text", "category"),
        (("client question", "our answer", "answer_date", "topic"), "client question", "our answer"),
        (("sentiment", "tweet"), "tweet", "sentiment"),
        (("term", "meaning"), "term", "meaning"),
    ],
)
def test_columns_are_understood_by_the_words_in_their_names(
    tmp_path: Path, columns: tuple[str, ...], asked: str, answered: str
) -> None:
    """Exports of help desks and spreadsheets name columns after the people who fill them in."""
    row = dict.fromkeys(columns, "7") | {asked: "Open on Monday?", answered: "From 9."}
    (example,) = read_examples(write(tmp_path / "a.jsonl", row)).examples
    assert (example.question, example.completion) == ("Open on Monday?", "From 9.")


@pytest.mark.parametrize("columns", [("prompt", "response_a", "response_b", "winner"), ("a", "b", "c")])
def test_columns_that_no_word_tells_apart_are_not_guessed(tmp_path: Path, columns: tuple[str, ...]) -> None:
    """A wrong guess would be trained on without anybody noticing."""
    with pytest.raises(InvalidExamples, match="It is unclear which of the columns"):
        read_examples(write(tmp_path / "a.jsonl", dict.fromkeys(columns, "x")))


def test_what_an_instruction_is_about_belongs_to_the_prompt(tmp_path: Path) -> None:
    row = {"instruction": "Sum it up.", "context": "A long text.", "response": "Short.", "category": "sum"}
    (example,) = read_examples(write(tmp_path / "a.jsonl", row)).examples
    assert (example.question, example.completion) == ("Sum it up.\n\nA long text.", "Short.")


PAIRS = [("Open on Monday?", "From 9."), ("And on Sunday?", "No.")]
ROWS = [{"question": asked, "answer": answered} for asked, answered in PAIRS]
TURNS = [
    {"messages": [{"role": "user", "content": asked}, {"role": "assistant", "content": answered}]}
    for asked, answered in PAIRS
]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.jsonl", json.dumps(ROWS, indent=2)),
        ("one-line.jsonl", json.dumps(ROWS)),
        ("pretty.jsonl", "\n".join(json.dumps(row, indent=2) for row in ROWS)),
        ("lines.json", "\n".join(map(json.dumps, ROWS))),
        ("wrapped.json", json.dumps({"version": 1, "data": ROWS})),
        ("chats.json", json.dumps({"source": "desk", "conversations": TURNS})),
        ("splits.json", json.dumps({"train": ROWS[:1], "test": ROWS[1:]})),
        ("by-question.json", json.dumps(dict(PAIRS))),
    ],
)
def test_json_is_read_however_its_rows_are_wrapped(tmp_path: Path, name: str, content: str) -> None:
    """Programs write lists, lines, lists under a name, and answers by question, with any file extension."""
    (tmp_path / name).write_text(content, encoding="utf-8")
    examples = read_examples(tmp_path).examples
    assert [(example.question, example.completion) for example in examples] == PAIRS


def test_a_single_object_with_lists_stays_one_example(tmp_path: Path) -> None:
    tools = [{"type": "function", "function": {"name": "stock"}}]
    (tmp_path / "a.json").write_text(json.dumps({**TURNS[0], "tools": tools}), encoding="utf-8")
    row = {**ROWS[1], "passages": [{"text": "Closed on Sundays."}]}
    (tmp_path / "b.json").write_text(json.dumps(row), encoding="utf-8")
    examples = read_examples(tmp_path).examples
    assert [(example.question, example.completion) for example in examples] == PAIRS


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_a_table_is_read_in_the_encoding_that_its_program_wrote(tmp_path: Path, encoding: str) -> None:
    """Excel writes Windows-1252 or UTF-16."""
    content = "Frage;Antwort\r\nWas kostet das Frühstück für Gäste?;Zwölf €, täglich.\r\n"
    (tmp_path / "faq.csv").write_bytes(content.encode(encoding))
    (example,) = read_examples(tmp_path).examples
    assert example.question == "Was kostet das Frühstück für Gäste?"
    assert example.completion == "Zwölf €, täglich."


def test_a_title_above_the_column_names_is_passed_over(tmp_path: Path) -> None:
    """Else the title would name the column of what is asked, and a name of a person would be learned."""
    content = "FAQ of the shop;;\n;;\nQuestion;Answer;\nOpen on Monday?;From 9.;Ann\n;;\n"
    (tmp_path / "faq.csv").write_text(content, encoding="utf-8")
    (example,) = read_examples(tmp_path).examples
    assert (example.question, example.completion) == ("Open on Monday?", "From 9.")
    assert example.metadata == {"column 3": "Ann"}


def test_a_picture_in_a_message_is_named(tmp_path: Path) -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:,"}}
    turns = [{"role": "user", "content": [picture]}, {"role": "assistant", "content": "A loaf."}]
    with pytest.raises(InvalidExamples, match="part of type 'image_url': only texts are learned"):
        read_examples(write(tmp_path / "a.jsonl", {"messages": turns}))
