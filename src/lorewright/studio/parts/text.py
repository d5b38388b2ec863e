"""A text in the element it means: a heading, a paragraph, a cell."""

from nicegui.elements.mixins.text_element import TextElement


class Text(TextElement):
    """An element of any tag whose whole content is a text, shown as it is: never as markup."""

    def __init__(self, tag: str, text: str, *, classes: str = "") -> None:
        super().__init__(tag=tag, text=text)
        if classes:
            self.classes(classes)


def h2(text: str) -> Text:
    """Show the heading of a part of a screen."""
    return Text("h2", text, classes="lw-h2")


def h3(text: str) -> Text:
    """Show the heading of a part of a part."""
    return Text("h3", text, classes="lw-h3")


def muted(text: str) -> Text:
    """Show a text that explains: one that may be passed over."""
    return Text("p", text, classes="lw-muted")
