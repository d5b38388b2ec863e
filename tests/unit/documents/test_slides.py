"""The slides of a presentation: shown in its own order, each with what its speaker notes say."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

from lorewright.documents.content import Content
from lorewright.documents.readers.office import in_order, page_texts
from lorewright.documents.readers.slides import Slides, slides_of

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relations(targets: Mapping[str, tuple[str, str]]) -> str:
    inner = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f"<Relationships>{inner}</Relationships>"


def shape(kind: str, text: str) -> str:
    return f'<sp><ph type="{kind}"/><p><r><t>{text}</t></r></p></sp>'


def presentation(folder: Path) -> Path:
    """Write three slides, the last one moved to the front; the second has notes, the first ones made."""
    path = folder / "deck.pptx"
    slides = {f"r{number}": ("slide", f"slides/slide{number}.xml") for number in (1, 2, 3)}
    with zipfile.ZipFile(path, "w") as package:
        order = "".join(f'<sldId id="25{n}" r:id="r{n}"/>' for n in (3, 1, 2))
        package.writestr("ppt/presentation.xml", f'<presentation xmlns:r="{OFFICE}">{order}</presentation>')
        package.writestr("ppt/_rels/presentation.xml.rels", relations(slides))
        for number in (1, 2, 3):
            package.writestr(f"ppt/slides/slide{number}.xml", f"<sld>{shape('title', f'No. {number}')}</sld>")
        notes = {"r1": ("notesSlide", "../notesSlides/notesSlide1.xml")}
        package.writestr("ppt/slides/_rels/slide2.xml.rels", relations(notes))
        page = shape("body", "Say that it rains.") + shape("sldNum", "2")
        package.writestr("ppt/notesSlides/notesSlide1.xml", f"<notes>{page}</notes>")
    return path


def test_notes_belong_to_the_slide_that_points_at_them(tmp_path: Path) -> None:
    """They are numbered by themselves: the first notes need not be those of the first slide."""
    assert slides_of(presentation(tmp_path)) == Slides(order=(3, 1, 2), notes={2: "Say that it rains."})


def test_slides_are_pages_in_the_order_in_which_they_are_shown() -> None:
    """A citation of slide 1 is looked up there."""
    content = Content("", pages=("made first", "made second", "made third"))

    assert in_order(content, (3, 1, 2)).pages == ("made third", "made first", "made second")


@pytest.mark.parametrize("order", [(), (1, 2), (1, 2, 4), (1, 1, 2)])
def test_no_slide_is_lost_where_the_order_names_not_all(order: tuple[int, ...]) -> None:
    content = Content("", pages=("a", "b", "c"))

    assert in_order(content, order) is content


@pytest.mark.parametrize("body", [b"", b"no archive", b"PK\x03\x04broken"])
def test_what_is_no_presentation_has_no_slides(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "deck.pptx"
    path.write_bytes(body)

    assert slides_of(path) is None


def test_points_of_the_second_rank_stand_below_their_point() -> None:
    """A measure says nothing without the risk that it is for; both are points of the same slide."""
    contents = [
        {"node_type": "slide", "number": 1, "title": "Risks"},
        {"node_type": "paragraph", "text": "Only Arun knows it"},
        {"node_type": "list", "ordered": False},
        {"node_type": "list_item", "text": "Beate learns it"},
        {"node_type": "list_item", "text": "Carl helps"},
        {"node_type": "paragraph", "text": "Open points:"},
        {"node_type": "list_item", "text": "the roof"},
    ]
    nodes = [SimpleNamespace(page=1, parent=None, content=json.dumps(content)) for content in contents]
    extraction = SimpleNamespace(
        document=SimpleNamespace(nodes=nodes), pages=(), mime_type="application/x.presentation"
    )

    assert page_texts(extraction) == [
        "## Risks\n\n- Only Arun knows it\n  - Beate learns it\n  - Carl helps\n\nOpen points:\n\n- the roof"
    ]
