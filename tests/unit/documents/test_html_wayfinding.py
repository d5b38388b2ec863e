"""What leads around a page is no answer."""

import pytest

from lorewright.documents.readers.html import html_content

BODY = "<h1>Kettles</h1>{}<h2 id=v>Vinegar</h2><p>Let it stand for an hour.</p>"
TEXT = "# Kettles\n\n## Vinegar\n\nLet it stand for an hour."


def text_of(part: str) -> str:
    return html_content(f"<body><div class=post>{BODY.format(part)}</div></body>".encode()).text


@pytest.mark.parametrize(
    "part",
    [
        "<p>On this page</p><ul><li><a href=#v>Vinegar</a></li><li><a href=#c>Citric acid</a></li></ul>",
        "<div class=toc><h2>Contents</h2><ul><li><a href=#v>1 Vinegar</a><li><a href=#c>2 C</a></ul></div>",
        "<ol class=breadcrumbs><li><a href=/>Home</a></li><li>Kettles</li></ol>",
        "<div class=breadcrumb><a href=/>Home</a> / <a href=/k>Kitchen</a> / Kettles</div>",
        "<div class=related-posts><h3>Related articles</h3><a href=/x>How long does an oven take?</a></div>",
        "<div class='md-sidebar'><label>Kitchen</label><ul><li><a href=/k>Kettles at home</a></ul></div>",
        "<a href=/edit>Edit this page</a>",
        "<div><a href=#top>Back to top</a></div>",
    ],
)
def test_contents_and_trails_are_left_out(part: str) -> None:
    """A list of headings held more of a question's words than the sentence that answers it."""
    assert text_of(part) == TEXT


def test_signs_beside_headings_are_left_out() -> None:
    """A title ended in ¶, and "[edit]" stood in every heading of a wiki."""
    page = "<h1>Fares<a href=#f>¶</a></h1>"
    page += "<h2>Dogs<i class=mw-editsection>[edit]</i></h2><p>Free."
    assert html_content(page.encode()).text.split("\n\n") == ["# Fares", "## Dogs", "Free."]


@pytest.mark.parametrize(
    "part",
    [
        "<div class=menu><ul><li>Soup 4 euros</li><li>Bread 2 euros</li></ul></div>",
        "<div class=sidebar><p>Kettles with a thermostat are descaled twice as often as others.</p></div>",
        "<ul><li><a href=/a>Form A for tenants</a></li><li><a href=/b>Form B for owners</a></li></ul>",
        "<ul><li><a href=#v>Vinegar</a>: the cheapest way</li><li><a href=#c>Acid</a>: the fastest</li></ul>",
    ],
)
def test_lists_and_side_bars_that_say_something_stay(part: str) -> None:
    assert text_of(part) != TEXT


def test_what_was_left_out_is_counted() -> None:
    page = BODY.format("<ul class=breadcrumbs><li><a href=/>Home page</a></li></ul>")
    report = html_content(page.encode()).report
    assert report.left_out == ("menus, banners and footers (8 characters)",)
    assert report.share_kept == 1
