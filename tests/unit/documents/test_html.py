"""Web pages as Markdown."""

from pathlib import Path

from inline_snapshot import snapshot

from lorewright.documents.readers.html import html_content, read_html


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


def test_panels_that_a_button_opens_stand_under_its_words(tmp_path: Path) -> None:
    """On many help pages everything that people ask for is folded away at first."""
    page = """<h1>Gym</h1><h2><button aria-expanded=false aria-controls=p1>Guests?</button></h2>
    <div id=p1 hidden><p>One a month.</div><button aria-controls=p2>Towels?</button>
    <div id=p2 hidden>Tuesdays.</div>
    <ul><li><button aria-expanded=false>Shoes?</button><div hidden>Clean ones.</div></ul>"""

    assert read(tmp_path, page) == snapshot(
        """\
# Gym

## Guests?

One a month.

### Towels?

Tuesdays.

### Shoes?

Clean ones.\
"""
    )


def test_tabs_and_details_are_kept_under_their_titles(tmp_path: Path) -> None:
    page = """<h1>Pool</h1><div role=tablist><button role=tab aria-controls=a>Hours</button>
    <button role=tab aria-controls=b>Fees</button></div><div id=a role=tabpanel>From six.</div>
    <div id=b role=tabpanel hidden>Three crowns.</div><details><summary>Caps?</summary>Yes.</details>
    <button class=accordion>Sauna</button><div class=panel>Upstairs.</div>"""

    assert read(tmp_path, page) == snapshot(
        """\
# Pool

## Hours

From six.

## Fees

Three crowns.

## Caps?

Yes.

## Sauna

Upstairs.\
"""
    )


def test_menus_banners_and_footers_are_left_out_by_role_and_by_tag(tmp_path: Path) -> None:
    page = """<header>Waterworks</header><div role=navigation><a href=/>Home</a></div>
    <div role=dialog>Cookies!</div>
    <button aria-controls=m>Menu</button><div id=m hidden><a href=/b>Shop</a></div>
    <div class="cookie-bar">Accept?</div>
    <main><h1>Frost</h1><article><header>By Ann</header>Felt.<footer>Updated in May.</footer></article></main>
    <aside>Adverts</aside><div role=contentinfo>Imprint</div><footer>Dam Road 1</footer>"""

    assert read(tmp_path, page) == "# Frost\n\nBy Ann\n\nFelt.\n\nUpdated in May."


def test_a_header_with_the_only_title_is_kept(tmp_path: Path) -> None:
    assert read(tmp_path, "<header><h1>Frost</h1><p>Lead.</header><p>Felt.") == "# Frost\n\nLead.\n\nFelt."


def test_a_page_that_is_hidden_as_a_whole_is_read(tmp_path: Path) -> None:
    """A script would show it."""
    assert (
        read(tmp_path, f"<p>Loading</p><div hidden>{'<p>Felt keeps frost out.' * 9}</div>").count("Felt") == 9
    )


def test_a_page_tells_how_much_of_its_text_was_kept() -> None:
    """A page of buttons gives a document of almost nothing, and somebody should know."""
    buttons = "".join(f"<button>Choose the tariff number {number}</button>" for number in range(20))

    report = html_content(f"<h1>Tariffs</h1>{buttons}".encode()).report

    assert report.notices == ("only 2% of the visible text was kept",)
    assert html_content(b"<nav>Menu</nav><p>All is here.").report.notices == ()


def test_formulas_are_read_as_their_source_or_their_signs() -> None:
    """A handbook of physics without its formulas answers nothing."""
    tex = '<math><mi>E</mi><annotation encoding="application/x-tex">E = mc^2</annotation></math>'
    plain = "<math><mi>v</mi> <mo>=</mo> <mfrac><mi>s</mi><mi>t</mi></mfrac></math>"

    assert html_content(f"<p>So {tex} and {plain}.</p>".encode()).text == "So E = mc^2 and v=st."


def test_choices_of_forms_are_said_to_be_left_out() -> None:
    choices = b"<select><option>Malta</option><option>Cyprus</option></select>"
    page = b"<p>Where do you live, and since when?</p>" + choices

    assert html_content(page).report.left_out == ("choices of forms (11 characters)",)
