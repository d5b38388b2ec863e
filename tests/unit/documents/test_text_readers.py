"""Formats that are read in the process: what text a document gets, and its title."""

import json
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from lorewright.documents import Document, DocumentReader, ReadLimits
from lorewright.documents.readers.markdown import read_markdown
from lorewright.errors import UnreadableDocument


def read(path: Path, content: str | bytes) -> Document:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with DocumentReader() as reader:
        return reader.read(path, document_id=path.name)


def test_markdown_front_matter_becomes_metadata(tmp_path: Path) -> None:
    """Site generators keep titles, dates and tags above the text."""
    page = "---\ntitle: 'Leave policy'\nowner: HR\ntags:\n  - leave\n  - people\n---\n\nThirty days.\n"

    found = read(tmp_path / "leave.md", page)

    assert found.title == "Leave policy"
    assert found.text == "Thirty days."
    assert found.metadata == {"title": "Leave policy", "owner": "HR", "tags": "leave, people"}


@pytest.mark.parametrize(
    ("lines", "entries"),
    [
        (
            "version: 1.10\neol: 2025-04-01\npublished: yes",
            {"version": "1.10", "eol": "2025-04-01", "published": "yes"},
        ),
        ("title: Leave: a policy\nowner: HR", {"title": "Leave: a policy", "owner": "HR"}),
        (
            'title: "He said \\"no\\""\ntags: [leave, people]  # both',
            {"title": 'He said "no"', "tags": "leave, people"},
        ),
        ("owner:\nteam: &hr People\nalso: *hr", {"team": "People", "also": "People"}),
    ],
    ids=["as written", "no YAML", "quoted", "anchors"],
)
def test_entries_of_front_matter_are_as_somebody_wrote_them(
    lines: str, entries: dict[str, str], tmp_path: Path
) -> None:
    """Version 1.10 is not 1.1, and a title with a colon is a title all the same."""
    path = tmp_path / "page.md"
    path.write_text(f"---\n{lines}\n---\nText.\n")

    assert read_markdown(path).metadata == entries


def test_hostile_front_matter_costs_nothing(tmp_path: Path) -> None:
    """Aliases of aliases grow to gigabytes, and deep nesting overflows, where either is followed."""
    path = tmp_path / "page.md"
    laughs = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9) if n else 'ha'}]" for n in range(30))
    for body in (laughs, "deep: " + "[" * 5000):
        path.write_text(f"---\n{body}\n---\nText.\n")
        content = read_markdown(path)
        assert content.text.endswith("Text.\n")
        assert len(content.text) < 2 * len(body) + 100


def test_nested_front_matter_stays_in_the_text(tmp_path: Path) -> None:
    """Release tables are kept there, and somebody will ask for them."""
    page = "---\ntitle: Django\nreleases:\n  - cycle: '5.0'\n    eol: 2025-04-01\n---\nA web framework.\n"

    found = read(tmp_path / "django.md", page)

    assert found.text == snapshot(
        """\
```yaml
releases:
  - cycle: '5.0'
    eol: 2025-04-01
```

A web framework.\
"""
    )


def test_the_first_heading_is_the_title(tmp_path: Path) -> None:
    assert read(tmp_path / "a.md", "Intro.\n\n# The *real* title\n").title == "The real title"
    assert read(tmp_path / "travel-policy_2024.txt", "Book trains.").title == "travel policy 2024"


def test_line_ends_control_characters_and_ligatures_are_normalised(tmp_path: Path) -> None:
    """What nobody can type, nobody can find."""
    assert read(tmp_path / "a.txt", "ﬁrst\r\nsec\xadond  \rthird\x07").text == "first\nsecond\nthird"


def test_comments_in_code_are_no_headings(tmp_path: Path) -> None:
    assert read(tmp_path / "run.sh", "# run all\necho hi\n").text == "```\n# run all\necho hi\n```"


def test_csv_becomes_a_table(tmp_path: Path) -> None:
    """A chunk of rows can then repeat the header."""
    found = read(tmp_path / "prices.csv", 'item;price;note\n"Desk; oak";300;a|b\nChair;80\n')

    assert found.text == snapshot(
        """\
| item | price | note |
| --- | --- | --- |
| Desk; oak | 300 | a\\|b |
| Chair | 80 |  |\
"""
    )


def test_rows_of_long_texts_become_records(tmp_path: Path) -> None:
    """A table of whole articles could only be cut in the middle of one."""
    found = read(tmp_path / "faq.csv", f"question,answer\nHow long?,{'Very long. ' * 40}\n")

    assert found.text.startswith("question: How long?\nanswer: Very long.")


def test_json_lines_of_pages_become_pages(tmp_path: Path) -> None:
    pages = [("a", "Leave", "Thirty days."), ("b", "Travel", "By train.")]
    lines = "\n".join(json.dumps({"id": known, "title": title, "text": text}) for known, title, text in pages)

    assert read(tmp_path / "pages.jsonl", lines).text == snapshot(
        """\
# Leave

Thirty days.

id: a

# Travel

By train.

id: b\
"""
    )


def test_json_becomes_headings_lists_and_tables(tmp_path: Path) -> None:
    plans = [{"name": "S", "eur": 5}, {"name": "L", "eur": 9}]
    value = {"product": "Lore", "limits": {"users": 5}, "plans": plans}

    assert read(tmp_path / "plans.json", json.dumps(value)).text == snapshot(
        """\
product: Lore

# limits

users: 5

# plans

| name | eur |
| --- | --- |
| S | 5 |
| L | 9 |\
"""
    )


def test_records_with_parts_stand_below_their_own_names(tmp_path: Path) -> None:
    """The second boat once stood below the charges of the first one, and its hours below nothing."""
    boats = [
        {"name": "Otter", "seats": 2, "colours": ["red", "blue"], "hours": {"May": "9-18", "June": "9-20"}},
        {"berth": "B 4", "seats": 4, "hours": {"May": "10-16"}},
    ]

    assert read(tmp_path / "boats.json", json.dumps({"boats": boats})).text == snapshot(
        """\
# boats

## Otter

name: Otter
seats: 2
colours: red, blue

### hours

May: 9-18
June: 9-20

## berth: B 4

berth: B 4
seats: 4

### hours

May: 10-16\
"""
    )


def test_records_with_short_lists_are_rows(tmp_path: Path) -> None:
    """What a record lists belongs to it: a heading for each list would part them."""
    tariffs = [{"tariff": "S", "countries": ["AT", "DE"]}, {"tariff": "L", "countries": []}]

    assert read(tmp_path / "tariffs.json", json.dumps(tariffs)).text == snapshot(
        """\
| tariff | countries |
| --- | --- |
| S | AT, DE |
| L |  |\
"""
    )


def test_numbers_in_json_are_kept_as_they_are_written(tmp_path: Path) -> None:
    """Version 3.10 is not version 3.1, and a price of 0.50 is not 0.5."""
    config = (
        '{"api": 3.10, "limits": {"max": 1e3, "rate": 0.50, "id": 12345678901234567890}, "list": [1.0, -0]}'
    )
    deep = '{"a": {"b": {"c": {"d": {"e": {"f": {"g": {"v": 2.50, "w": [1.10, null]}}}}}}}}'

    assert read(tmp_path / "c.json", config).text == snapshot(
        """\
api: 3.10

# limits

max: 1e3
rate: 0.50
id: 12345678901234567890

# list

- 1.0
- -0\
"""
    )
    assert '{"v": 2.50, "w": [1.10, null]}' in read(tmp_path / "deep.json", deep).text
    assert "| 1.10 |" in read(tmp_path / "a.jsonl", '{"v": 1.10}\n{"v": 2.20}\n').text


def test_both_values_of_a_key_that_stands_twice_are_kept(tmp_path: Path) -> None:
    """Readers differ in which one they take, and somebody must see that there are two."""
    config = '{"port": 8080, "port": 9090, "tls": {"on": true}, "tls": {"on": false}}'

    found = read(tmp_path / "server.json", config)

    assert found.text == "port: 8080\nport: 9090\n\n# tls\n\non: true\n\n# tls\n\non: false"
    assert "| 1; 2 |" in read(tmp_path / "a.jsonl", '{"v": 1, "v": 2}\n{"v": 3}\n').text


def test_the_first_key_of_json_is_no_title(tmp_path: Path) -> None:
    """A citation names the file by its title."""
    assert read(tmp_path / "rate-limits.json", '{"hosts": ["a", "b"]}').title == "rate limits"
    assert read(tmp_path / "plan.json", '{"name": "Plan S", "hosts": ["a"]}').title == "Plan S"


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="line 3 is not valid JSON") as caught:
        read(tmp_path / "a.jsonl", '{"a": 1}\n{"a": 2}\n{"a": \n')

    assert caught.value.hint == "Fix the file."


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "a.txt cannot be read: it is empty."),
        ("a.txt", b"  \n\n ", "a.txt cannot be read: it contains no text."),
        ("a.txt", b"\x00\x01\x02\x03\x04" * 9, "a.txt cannot be read: it is a binary file."),
        ("a.exe", b"MZ", "a.exe cannot be read: no reader supports .exe files."),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read(tmp_path / name, content)

    assert str(caught.value) == reason


def test_a_file_over_the_limit_is_not_even_opened(tmp_path: Path) -> None:
    """Two gigabytes of log are no document."""
    path = tmp_path / "huge.log"
    with path.open("wb") as file:
        file.truncate(2 * 1024**3)

    with DocumentReader() as reader, pytest.raises(UnreadableDocument, match="it has 2,147 MB; the limit is"):
        reader.read(path, document_id="huge.log")


def test_a_text_over_the_limit_names_the_setting(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("word " * 400)

    with (
        DocumentReader(ReadLimits(text_chars=1_000)) as reader,
        pytest.raises(UnreadableDocument, match="it contains 1,999 characters; the limit is 1,000") as caught,
    ):
        reader.read(path, document_id="long.txt")

    assert caught.value.hint == "Split it, or raise documents.max_characters."


def test_a_missing_file_is_unreadable(tmp_path: Path) -> None:
    with DocumentReader() as reader, pytest.raises(UnreadableDocument, match="No such file"):
        reader.read(tmp_path / "gone.md", document_id="gone.md")


@pytest.mark.parametrize(
    "turns",
    [
        [{"from": "Ann", "text": "Which dock?"}, {"from": "Bo", "text": "The D600."}],
        [{"author": "Ann", "message": "Which dock?"}, {"author": "Bo", "message": "The D600."}],
        [{"role": "Ann", "content": "Which dock?", "name": None}, {"role": "Bo", "content": "The D600."}],
    ],
)
def test_a_talk_is_read_as_one(turns: list[dict[str, str]], tmp_path: Path) -> None:
    """In a table the answer stands in another row than its question."""
    assert read(tmp_path / "chat.json", json.dumps(turns)).text == "Ann: Which dock?\n\nBo: The D600."


def test_a_talk_keeps_when_something_was_said(tmp_path: Path) -> None:
    turns = [{"user": "Ann", "at": "9:01", "text": "Hi."}, {"user": "Bo", "at": "9:02", "text": "Hello."}]

    assert read(tmp_path / "chat.json", json.dumps(turns)).text == "Ann (9:01): Hi.\n\nBo (9:02): Hello."


def test_rows_with_a_text_and_nobody_who_says_it_are_a_table(tmp_path: Path) -> None:
    rows = [{"id": 1, "text": "Open."}, {"id": 2, "text": "Shut."}]

    assert read(tmp_path / "states.json", json.dumps(rows)).text.startswith("| id | text |")
