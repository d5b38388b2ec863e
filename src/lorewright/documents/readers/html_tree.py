"""A web page as a tree, whatever its author forgot to close."""

from collections.abc import Iterator, Sequence
from html.parser import HTMLParser

_VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
}  # fmt: skip
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "head", "header", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre",
    "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
_MAX_DEPTH = 150

# What a start tag closes, and where the search for it ends.
_CLOSES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol", "menu"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "tr": (frozenset({"tr"}), frozenset({"table"})),
    "td": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "th": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    **{
        tag: (frozenset({"thead", "tbody", "tfoot"}), frozenset({"table"}))
        for tag in ("thead", "tbody", "tfoot")
    },
    "body": (frozenset({"head"}), frozenset()),
}
_ENDS_PARAGRAPH = (
    frozenset({"p"}),
    frozenset({"td", "th", "li", "div", "blockquote", "section", "article", "body"}),
)
_CELLS = frozenset({"td", "th", "caption"})
_TABLE_PARTS = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"})


class Element:
    """An element of a page: its children are elements and texts, in order."""

    __slots__ = ("attributes", "children", "holds_blocks", "is_block", "tag")

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element | str] = []
        self.is_block = tag in _BLOCKS
        self.holds_blocks = False

    def descendants(self) -> Iterator["Element"]:
        """Yield every element inside, in the order of the page."""
        waiting: list[Element | str] = [*reversed(self.children)]
        while waiting:
            child = waiting.pop()
            if isinstance(child, Element):
                yield child
                waiting += reversed(child.children)


def parse(page: str) -> Element:
    """Return the tree of a page; every page has one, however broken."""
    builder = _Builder()
    builder.feed(page)
    builder.close()
    return builder.root


def find(root: Element, tag: str) -> Element | None:
    """Return the first element with this tag, or `None`."""
    return next((element for element in root.descendants() if element.tag == tag), None)


class _Builder(HTMLParser):
    """Keeps the elements that are open in a stack and closes what the page left open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        if element.is_block:
            self._close(*_ENDS_PARAGRAPH)
        if tag in _CLOSES:
            self._close(*_CLOSES[tag])
        if element.is_block:
            self._tell_ancestors()
        self._open[-1].children.append(element)
        if tag not in _VOID and len(self._open) < _MAX_DEPTH:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        self._close(frozenset({tag}), frozenset() if tag in _TABLE_PARTS else _CELLS)

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def _close(self, tags: frozenset[str], limits: frozenset[str]) -> None:
        """Close the innermost open element with one of `tags`, if no limit stands before it."""
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place].tag in tags:
                del self._open[place:]
                return
            if self._open[place].tag in limits:
                return

    def _tell_ancestors(self) -> None:
        for element in reversed(self._open):
            if element.holds_blocks:
                return
            element.holds_blocks = True
