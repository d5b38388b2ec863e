"""What leads around a page and a site: contents, breadcrumbs, side bars, related articles."""

import re
from collections.abc import Iterator
from itertools import pairwise

from lorewright.documents.readers.html_tree import Element

_NAMES = re.compile(
    r"(?:^|[-_ ])(?:toc|table-of-contents|tableofcontents|on-this-page|page-toc|sidebar|side-nav|sidenav|"
    r"widget-area|site-?nav|nav-?menu|main-?menu|navbar|navbox|pagination|pager|prev-next|"
    r"related|related-(?:posts|articles|links|content|pages)|read-next|recommended|popular|share|sharing|"
    r"share-buttons|social)(?:$|[-_ ])",
    re.IGNORECASE,
)
"""Names of parts that are taken out where they are made of links."""
_OUTSIDE = re.compile(r"(?:^|[-_ ])menu(?:$|[-_ ])", re.IGNORECASE)
"""Names that content may have, too: the menu of a restaurant."""
_TRAIL = re.compile(r"(?:^|[-_ ])breadcrumbs?(?:$|[-_ ])", re.IGNORECASE)
_MOST_TRAIL = 200
_MADE_OF_LINKS = 0.6
_ALWAYS = re.compile(
    r"(?:^| )(?:mw-editsection|mw-jump-link|mw-navigation|mw-head|mw-panel|"
    r"jump-to-nav|siteSub|siteNotice|printfooter|"
    r"catlinks|mw-footer(?:-container)?|vector-(?:toc|page-tools|main-menu|header)\S*|md-feedback)(?:$| )"
)
"""Names that MediaWiki and MkDocs give to what is no content."""
_FOOT = re.compile(r"(?:^| )(?:site-|page-)?footer(?:$| )", re.IGNORECASE)
_MOST_FOOT = 600
_LEADS = re.compile(
    r"edit (?:this page|on git\w+)|(?:view|show) (?:page )?source|back to top|nach oben|seite bearbeiten|"
    r"haut de page|volver arriba",
    re.IGNORECASE,
)
_LONGEST_LEAD = 60
_LEAST_ENTRIES = 2
_TITLES = {"h2", "h3", "h4", "h5", "h6", "label", "button"}
_TITLE = re.compile(
    r"(?:table of )?contents|on this page|in this article|(?:page )?outline|inhalt(?:sverzeichnis)?|"
    r"auf dieser seite|"
    r"sommaire|sur cette page|contenidos?|en esta página|índice|indice|spis treści|obsah",
    re.IGNORECASE,
)


def leads_around(element: Element, *, is_content: bool) -> bool:
    """Tell whether an element says where something stands, rather than something."""
    names = f"{element.attributes.get('id', '')} {element.attributes.get('class', '')}".strip()
    if element.tag in ("html", "body", "main", "article"):
        return False
    if names and _ALWAYS.search(names):
        return True
    if names and _TRAIL.search(names):
        return _n_letters(element) < _MOST_TRAIL
    is_named = _NAMES.search(names) or (not is_content and _OUTSIDE.search(names))
    if is_named and _share_in_links(element) >= _MADE_OF_LINKS:
        return True
    if names and not is_content and _FOOT.search(names):
        return _n_letters(element) < _MOST_FOOT and not any(e.tag == "h1" for e in element.descendants())
    if element.tag in ("a", "p", "div", "span", "li"):
        return _is_lead(element)
    return _is_contents(element)


def _is_lead(element: Element) -> bool:
    """Tell whether an element is a link for getting around, or the sign of a heading's own link."""
    text = "".join(_short_text(element)).strip(" \n\t\u200b")
    if element.tag == "a" and not any(map(str.isalnum, text)):
        return element.attributes.get("href", "").startswith("#") and not any(
            e.tag == "img" for e in element.descendants()
        )
    return len(text) <= _LONGEST_LEAD and _LEADS.fullmatch(text) is not None


def _is_contents(element: Element) -> bool:
    """Tell whether a list holds nothing but links to places on its own page."""
    if element.tag not in ("ul", "ol"):
        return False
    entries = [e for e in element.descendants() if e.tag == "li"]
    links = [e for e in element.descendants() if e.tag == "a"]
    return (
        len(entries) >= _LEAST_ENTRIES
        and len(links) >= len(entries)
        and all(link.attributes.get("href", "").startswith("#") for link in links)
        and _share_in_links(element) >= 0.95
    )


def contents_titles(root: Element) -> Iterator[Element]:
    """Yield the titles that stand right above a list of contents: "On this page"."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        inner = [child for child in element.children if isinstance(child, Element)]
        waiting += inner
        for title, below in pairwise(inner):
            if _is_contents(below) and _TITLE.fullmatch("".join(_short_text(title)).strip(" \n\t:")):
                yield title


def _short_text(element: Element) -> Iterator[str]:
    """Yield the text of an element, as far as it is short enough to be looked at."""
    n_chars = 0
    waiting: list[Element | str] = [element]
    while waiting and n_chars <= _LONGEST_LEAD:
        child = waiting.pop()
        if isinstance(child, str):
            n_chars += len(child.strip())
            yield child
        else:
            waiting += reversed(child.children)


def _share_in_links(element: Element) -> float:
    in_links = sum(_n_letters(inner) for inner in element.descendants() if inner.tag == "a")
    in_titles = sum(_n_letters(inner) for inner in element.descendants() if inner.tag in _TITLES)
    return in_links / ((_n_letters(element) - in_titles) or 1)


def _n_letters(element: Element) -> int:
    n = 0
    waiting: list[Element | str] = [element]
    while waiting:
        child = waiting.pop()
        if isinstance(child, str):
            n += sum(map(str.isalnum, child))
        elif child.tag not in ("script", "style"):
            waiting += child.children
    return n
