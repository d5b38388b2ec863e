"""What of a web page is its content: panels that open count, menus, banners and footers do not."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from lorewright.documents.readers.html_tree import Element
from lorewright.documents.readers.html_wayfinding import contents_titles, leads_around

UNSEEN = {
    "audio", "canvas", "head", "iframe", "map", "noscript", "script", "select", "style", "svg", "title",
    "video", "datalist", "object",
}  # fmt: skip
_FURNITURE_ROLES = {"navigation", "search", "menu", "menubar", "dialog", "alertdialog", "toolbar"}
_FRAME_ROLES = {"banner", "contentinfo", "complementary"}
"""Around the content; inside it, people put them on all kinds of things."""
_OUTSIDE_CONTENT = {"header", "footer", "aside"}
_CONTENT = {"main", "article", "section"}
_CONSENT = re.compile(r"(?:^|[-_ ])(?:cookies?|consent|gdpr)(?:$|[-_ ])", re.IGNORECASE)
_CONSENT_CHARS = 2_500
_OPENS = ("aria-controls", "data-target", "data-bs-target", "popovertarget", "commandfor", "data-controls")
_OPENER_WORDS = re.compile(r"accordion|collaps|toggle|expand|question|faq|tab(?:$|[-_ s])", re.IGNORECASE)
_PANEL_WORDS = re.compile(r"panel|collaps|accordion|answer|content|body|tab-?pane|details", re.IGNORECASE)
_IN_A_LIST = {"tr", "td", "th", "tbody", "li", "dd", "dt"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_FEW = 0.03
_LINKS_SHARE = 0.8


@dataclass
class Page:
    """Which elements of a page are shown, and which one opens which.

    Elements are known by their `id()`. `titles` are openers by the panel that they open;
    `moved` are openers that stand above their panel instead of where they are, `inline` are buttons
    whose words stand where they are. `unfolds` says whether anything on the page opens.
    """

    furniture: set[int] = field(default_factory=set)
    panels: set[int] = field(default_factory=set)
    titles: dict[int, Element] = field(default_factory=dict)
    moved: set[int] = field(default_factory=set)
    inline: set[int] = field(default_factory=set)
    shows_hidden: bool = False
    unfolds: bool = False

    def leaves_out(self, element: Element) -> bool:
        """Return whether nothing of an element belongs into the text."""
        if element.tag == "template":
            return "shadowrootmode" not in element.attributes
        if element.tag in UNSEEN or id(element) in self.furniture or id(element) in self.moved:
            return True
        if element.tag == "button":
            return id(element) not in self.inline
        is_hidden = "hidden" in element.attributes and element.attributes["hidden"] != "until-found"
        return is_hidden and id(element) not in self.panels and not self.shows_hidden


def page_of(root: Element) -> Page:
    """Return what of a page belongs into its text."""
    page = Page(furniture=_furniture(root))
    _find_panels(root, page)
    return page


def letters(element: Element, *, without: AbstractSet[int] = frozenset()) -> int:
    """Return how many letters and digits people see in an element, opened or not."""
    n = 0
    waiting: list[Element | str] = [element]
    while waiting:
        child = waiting.pop()
        if isinstance(child, str):
            n += sum(map(str.isalnum, child))
        elif id(child) not in without and child.tag not in UNSEEN and child.tag != "template":
            waiting += child.children
    return n


def _furniture(root: Element) -> set[int]:
    """Return the elements around the content that every page of a site has, by role and by tag."""
    own_title = any(e.tag == "h1" for e in _outside(root, _OUTSIDE_CONTENT))
    furniture: set[int] = {id(title) for title in contents_titles(root)}
    waiting: list[tuple[Element, bool]] = [(root, False)]
    while waiting:
        element, is_content = waiting.pop()
        for child in element.children:
            if not isinstance(child, Element):
                continue
            is_around = _is_furniture(child, is_content=is_content, own_title=own_title)
            if is_around or leads_around(child, is_content=is_content):
                furniture.add(id(child))
            else:
                role = child.attributes.get("role", "").lower()
                waiting.append((child, is_content or child.tag in _CONTENT or role in ("main", "article")))
    if letters(root, without=furniture) <= _FEW * letters(root):
        return set()  # it is a page of nothing else
    return furniture


def _is_furniture(element: Element, *, is_content: bool, own_title: bool) -> bool:
    role = element.attributes.get("role", "").lower().strip()
    is_closed = element.tag == "dialog" and "open" not in element.attributes
    if element.tag == "nav" or role in _FURNITURE_ROLES or is_closed:
        return True
    names = f"{element.attributes.get('id', '')} {element.attributes.get('class', '')}"
    if is_content or element.tag in ("body", "html", "main"):
        return False
    if _CONSENT.search(names):
        return letters(element) < _CONSENT_CHARS
    if role in _FRAME_ROLES or (element.tag in _OUTSIDE_CONTENT and not role):
        return own_title or not _holds_title(element)
    return False


def _holds_title(element: Element) -> bool:
    return any(inner.tag == "h1" for inner in element.descendants())


def _outside(root: Element, tags: set[str]) -> Iterator[Element]:
    waiting = [root]
    while waiting:
        element = waiting.pop()
        yield element
        waiting += [e for e in element.children if isinstance(e, Element) and e.tag not in tags]


def _find_panels(root: Element, page: Page) -> None:
    """Note which hidden parts something on the page opens, and what opens each."""
    by_id = {e.attributes["id"]: e for e in root.descendants() if e.attributes.get("id")}
    for opener, headed, following in _openers(root):
        targets = [by_id[name] for name in _targets(opener) if name in by_id]
        if not targets and following is not None and _is_opened_by(opener, following):
            targets = [following]
        for panel in targets:
            if id(panel) in page.furniture or id(panel) in page.titles or _is_menu(panel):
                continue
            page.panels.add(id(panel))
            if headed:
                continue
            is_empty = letters(panel) == 0
            if is_empty or panel.tag in _IN_A_LIST or not (panel.is_block or panel.holds_blocks):
                page.inline.add(id(opener))
            else:
                page.titles[id(panel)] = opener
                page.moved.add(id(opener))
    for element in root.descendants():
        if element.attributes.get("role") in ("tabpanel", "region") and id(element) not in page.furniture:
            page.panels.add(id(element))
        page.unfolds = page.unfolds or element.tag == "details" or bool(page.titles)


def _openers(root: Element) -> Iterator[tuple[Element, bool, Element | None]]:
    """Yield what may open a part of the page, whether it stands in a heading, and the element after it."""
    waiting: list[tuple[Element, bool, Element | None]] = [(root, False, None)]
    while waiting:
        element, headed, following = waiting.pop()
        if _is_opener(element):
            yield element, headed, following
        inner = [child for child in element.children if isinstance(child, Element)]
        is_headed = headed or element.tag in _HEADINGS
        for place, child in reversed(list(enumerate(inner))):
            after = inner[place + 1] if place + 1 < len(inner) else following if len(inner) < 3 else None
            waiting.append((child, is_headed, after))


def _is_opener(element: Element) -> bool:
    if "aria-haspopup" in element.attributes and element.attributes["aria-haspopup"] != "false":
        return False
    role = element.attributes.get("role", "")
    return (
        element.tag == "button"
        or role in ("button", "tab")
        or bool(
            element.tag == "a" and (element.attributes.keys() & {*_OPENS, "data-toggle", "data-bs-toggle"})
        )
    )


def _targets(opener: Element) -> list[str]:
    names = [name for known in _OPENS for name in opener.attributes.get(known, "").split()]
    href = opener.attributes.get("href", "")
    return [name.lstrip("#") for name in (*names, href if href.startswith("#") else "") if name]


def _is_opened_by(opener: Element, following: Element) -> bool:
    """Return whether an opener that names nothing opens what follows it."""
    if "hidden" in following.attributes or "display:none" in following.attributes.get("style", "").replace(
        " ", ""
    ):
        return True
    words = f"{opener.attributes.get('class', '')} {opener.attributes.get('data-toggle', '')}"
    is_marked = "aria-expanded" in opener.attributes or _OPENER_WORDS.search(words) is not None
    return is_marked and _PANEL_WORDS.search(following.attributes.get("class", "")) is not None


def _is_menu(panel: Element) -> bool:
    """Return whether a part is made of links: a menu that a button opens on small screens."""
    in_links = sum(letters(inner) for inner in panel.descendants() if inner.tag == "a")
    return panel.tag == "nav" or in_links > _LINKS_SHARE * max(letters(panel), 1)
