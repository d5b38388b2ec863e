"""Web pages as Markdown."""

from pathlib import Path

from inline_snapshot import snapshot

from lorewright.documents.readers.html import read_html


def read(folder: Path, page: str) -> str:
    (folder / "page.html").write_text(page, encoding="utf-8")
    return read_html(folder / "page.html").text


def test_a_page_keeps_its_structure_and_loses_its_menus(tmp_path: Path) -> None:
    page = """<!doctype html><html><head><title>Leave</title><style>p{}</style></head><body>
    <nav><a href=/>Home</a></nav><h1>Leave &amp; rest</h1><p>Thirty <b>days</b>.<p>Ask your lead.
    <ul><li>Full time<li>Part time<ul><li>in shares</ul></ul>
    <pre>ask --days 30
    ask --help</pre><script>track()</script></body></html>"""

    assert read(tmp_path, page) == snapshot(
        """\
# Leave & rest

Thirty days.

Ask your lead.

- Full time
- Part time
  - in shares

```
ask --days 30
    ask --help
```\
"""
    )


def test_cells_over_several_rows_stand_in_each(tmp_path: Path) -> None:
    """Every row must be readable on its own."""
    page = """<table><tr><th>Series<th>Release<th>End<tr><td rowspan=2>5<td>5.0<td>2025
    <tr><td>5.1<td>2026</table>"""

    assert read(tmp_path, page) == snapshot(
        """\
| Series | Release | End |
| --- | --- | --- |
| 5 | 5.0 | 2025 |
| 5 | 5.1 | 2026 |\
"""
    )


def test_tables_that_arrange_the_page_give_way_to_what_is_in_them(tmp_path: Path) -> None:
    page = (
        "<table><tr><td><h2>News</h2><p>Nothing.</td><td><table><tr><td>a<td>b<tr><td>1<td>2</table></table>"
    )

    assert read(tmp_path, page) == "## News\n\nNothing.\n\n| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_terms_stand_with_their_definitions(tmp_path: Path) -> None:
    assert read(tmp_path, "<dl><dt>RAG<dd>Retrieve, then answer.<dt>LoRA<dd>Small weights.</dl>") == (
        "RAG\nRetrieve, then answer.\n\nLoRA\nSmall weights."
    )


def test_the_declared_encoding_is_used(tmp_path: Path) -> None:
    path = tmp_path / "old.html"
    path.write_bytes("<meta charset=iso-8859-2><title>Żółw</title><p>Zażółć gęślą jaźń".encode("iso-8859-2"))

    found = read_html(path)

    assert (found.title, found.text) == ("Żółw", "Zażółć gęślą jaźń")


def test_deeply_nested_and_unclosed_pages_are_read(tmp_path: Path) -> None:
    assert read(tmp_path, "<div>" * 5000 + "deep" + "</p></b>" * 50) == "deep"
    assert read(tmp_path, "<p>one<div>two</div></p><td>three") == "one\n\ntwo\n\nthree"
