"""Every text of the studio can be translated: what a visitor reads passes through `t` or `tn`."""

import ast
from pathlib import Path

import lorewright

STUDIO = Path(lorewright.__file__).parent / "studio"
SHOWN_FIRST = {
    "Text", "badge", "button", "card", "checkbox", "confirm", "empty", "h2", "h3", "heading", "input",
    "label", "link", "menu_item", "muted", "notify", "number", "select", "switch", "tell", "tell_error",
    "textarea", "tooltip",
}  # fmt: skip
"""Functions of the studio and of NiceGUI whose first text is read by a visitor (of `Text`, the second)."""


def untranslated(path: Path) -> list[str]:
    """Return where a file shows a text of more than one letter that no catalogue could replace."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        place = 1 if name == "Text" else 0
        if name in SHOWN_FIRST and len(node.args) > place:
            shown = node.args[place]
            text = shown.value if isinstance(shown, ast.Constant) else None
            # The first of `empty` is the name of a sign.
            if isinstance(text, str) and sum(map(str.isalpha, text)) > 1 and name != "empty":
                found.append(f"{path.name}:{node.lineno}: {text!r}")
    return found


def test_every_text_a_visitor_reads_can_be_translated() -> None:
    """A studio that is half in another language is in none."""
    found = [place for path in STUDIO.rglob("*.py") for place in untranslated(path)]

    assert [place for place in found if "Lorewright" not in place] == []


def test_a_text_that_cannot_be_translated_is_found(tmp_path: Path) -> None:
    """The check above must be able to fail."""
    page = tmp_path / "page.py"
    page.write_text('ui.label("Hello there")\nText("p", "Good bye")\nui.label(t("fine"))\n')

    assert len(untranslated(page)) == 2
