"""What the screens about comparisons share: their look, and a mean with its interval."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from nicegui import ui

from lorewright.evaluation import Estimate
from lorewright.studio.i18n import t
from lorewright.studio.parts.export import csv_button, file_name, shown_text
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.help import term_help, term_of
from lorewright.studio.parts.stylesheets import load_stylesheet
from lorewright.studio.parts.text import Text
from lorewright.studio.studio_words import studio_words


def load_compare_stylesheet() -> None:
    """Load the look of these screens."""
    load_stylesheet("compare")


def percent(share: float) -> str:
    """Return a share such as `70%`."""
    return f"{share * 100:.0f}%"


def exact(share: Estimate) -> str:
    """Return a share with its interval in words: `70%, 53 to 83`."""
    return t(
        "{mean}, {low} to {high}",
        mean=percent(share.mean),
        low=f"{share.low * 100:.0f}",
        high=f"{share.high * 100:.0f}",
    )


def interval(share: Estimate | None, *, is_wide: bool = False, n_usual: int = 0) -> None:
    """Show a share as a dot with its whisker, and in figures; `n_usual` answers need not be told."""
    if share is None:
        Text("span", t("not applicable"), classes="lw-muted lw-small")
        return
    low, high = max(0.0, share.low), min(1.0, share.high)
    with ui.element("div").classes("cmp-interval cmp-wide" if is_wide else "cmp-interval"):
        with ui.element("div").classes("cmp-track").props('aria-hidden="true"'):
            ui.element("span").classes("cmp-whisker").style(
                f"left:{low * 100:.1f}%;width:{max(0.5, (high - low) * 100):.1f}%"
            )
            ui.element("span").classes("cmp-dot").style(f"left:{share.mean * 100:.1f}%")
        with ui.element("div").classes("cmp-exact"):
            Text("b", percent(share.mean))
            words = t("{low} to {high}", low=f"{share.low * 100:.0f}", high=f"{share.high * 100:.0f}")
            if share.n != n_usual:
                words += f", n={share.n}"
            Text("span", f" {words}", classes="lw-muted lw-small")


@contextmanager
def scrolled(label: str) -> Iterator[ui.element]:
    """Show what may be wider than the page, in a region that the arrow keys move."""
    whole = ui.element("div").classes("lw-scroll lw-full cmp-scroll").props('tabindex="0" role="region"')
    whole.props["aria-label"] = label
    with whole:
        yield whole


@contextmanager
def figures(
    label: str,
    heads: Iterable[str],
    *,
    classes: str = "",
    chosen: str = "",
    terms: Mapping[str, str] | None = None,
    is_saved: bool = True,
) -> Iterator[ui.element]:
    """Show a table of any cells below its heads, the chosen one marked; its rows are made inside.

    `terms` are those of the glossary that explain a head. Where it `is_saved` a button downloads it.
    """
    heads = tuple(heads)
    with scrolled(label), ui.element("table").classes(f"lw-table {classes}"):
        with ui.element("thead"), ui.element("tr"):
            for head in heads:
                mark = "cmp-chosen-cell" if head == chosen else ""
                with Text("th", head, classes=mark).props("scope=col"):
                    if term := (terms or {}).get(head) or term_of(head):
                        term_help(term)
        with ui.element("tbody") as body:
            yield body
    if is_saved:
        csv_button(file_name(label), lambda: (heads, _rows_of(body)))


def _rows_of(body: ui.element) -> list[list[str]]:
    return [[shown_text(cell) for cell in row.default_slot.children] for row in body.default_slot.children]


def bullets(lines: tuple[str, ...] | list[str]) -> None:
    """Show sentences as a list."""
    with ui.element("ul").classes("cmp-list"):
        for line in lines:
            Text("li", studio_words(line))


def notice(text: str, *, icon: str = "info", tone: str = "lw-warn") -> ui.element:
    """Show what a reader must know before believing what follows."""
    with ui.element("div").classes(f"lw-note cmp-note {tone}").props('role="note"') as whole:
        ui.icon(icon).props('aria-hidden="true"')
        Text("div", text)
    return whole


@contextmanager
def section(name: str, title: str, description: str = "") -> Iterator[ui.element]:
    """Show a part of a long page, where the navigation above it leads."""
    with card(title, description, classes="cmp-section") as whole:
        whole.props(f"id={name}")
        yield whole
