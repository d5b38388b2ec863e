"""The frame around every screen: navigation at the side, who is logged in, light or dark."""

from nicegui import ui

from lorewright.studio.browser import ask_browser
from lorewright.studio.i18n import t
from lorewright.studio.lazy_screen import LazyScreen, Screens
from lorewright.studio.parts.domain_switcher import domain_switcher
from lorewright.studio.parts.person_names import person_name
from lorewright.studio.parts.shortcuts import shortcuts_button
from lorewright.studio.preferences import Preferences
from lorewright.studio.sitemap import SCREENS, NavEntry, nav_entries, reader_entries
from lorewright.studio.skeleton import skeleton
from lorewright.studio.visit import Visit


def show_frame(visit: Visit) -> None:
    """Show the frame, and in it the screen that the address names."""
    preferences = Preferences(visit)
    ui.add_body_html(skeleton(is_dark=preferences.dark))
    dark = ui.dark_mode(preferences.dark)
    for page in visit.client.page_container.default_slot.children:
        page.props('role="presentation"')  # it renders a <main> too, around the navigation
    ui.element("a").props('href="#main"').classes("lw-skip").add_slot("default", t("Skip to content"))
    with ui.element("div").classes("lw-shell"):
        with ui.element("header").classes("lw-top"):
            _menu_button()
            domain_switcher(visit)
        with ui.element("nav").classes("lw-nav").props(f'id="nav" aria-label="{t("Main")}"'):
            _brand(visit)
            links = _links(visit)
            with ui.element("div").classes("lw-nav-end"):
                _me(visit, preferences, dark)
        ui.element("div").classes("lw-scrim").on("click", js_handler="() => lorewright.menu(false)")
        with ui.element("main").classes("lw-main").props('id="main" tabindex="-1"'):
            Screens({path: LazyScreen(visit, target) for path, target in SCREENS.items()}, show_404=True)
    router = visit.client.sub_pages_router
    shown = {"at": _bare(router.current_path)}

    def changed(path: str) -> None:
        _mark(links, path)
        if _bare(path) != shown["at"]:
            shown["at"] = _bare(path)
            _close_dialogs(visit)

    router.on_path_changed(changed)
    _mark(links, router.current_path)


def _brand(visit: Visit) -> None:
    with ui.element("div").classes("lw-brand"):
        ui.html(_MARK, sanitize=False).classes("lw-mark").props('aria-hidden="true"')
        with ui.element("div").classes("lw-brand-text"):
            ui.link("Lorewright", "/chat" if visit.is_reader else "/").classes("lw-brand-name")
            domain_switcher(visit)


def _links(visit: Visit) -> dict[str, ui.link]:
    links: dict[str, ui.link] = {}
    with ui.element("div").classes("lw-nav-list"):
        for group, entries in (reader_entries() if visit.is_reader else nav_entries()).items():
            visible = [entry for entry in entries if visit.may(entry.verb)]
            if group and visible:
                ui.label(group).classes("lw-nav-group")
            for entry in visible:
                links[entry.path] = _link(entry)
    return links


def _link(entry: NavEntry) -> ui.link:
    with ui.link(target=entry.path).classes("lw-nav-link") as link:
        link.props["title"] = entry.name  # beside a flow, only the icon is seen
        ui.icon(entry.icon).props('aria-hidden="true"')
        ui.label(entry.name)
    link.on("click", js_handler="() => lorewright.menu(false)")
    return link


def _mark(links: dict[str, ui.link], path: str) -> None:
    """Mark the entry of the screen that is shown."""
    here = _bare(path).strip("/").partition("/")[0]
    for target, link in links.items():
        if target.strip("/").partition("/")[0] == here:
            link.props('aria-current="page"')
        else:
            link.props(remove="aria-current")


def _bare(path: str) -> str:
    return path.partition("?")[0].partition("#")[0]


def _close_dialogs(visit: Visit) -> None:
    """Close the questions of a screen that is left; what must be answered first stays."""
    for element in list(visit.client.layout.descendants()):
        if isinstance(element, ui.dialog) and element.value and "persistent" not in element.props:
            element.close()


def _me(visit: Visit, preferences: Preferences, dark: ui.dark_mode) -> None:
    caller = visit.caller
    with ui.element("div").classes("lw-me"):
        ui.icon("account_circle").props('aria-hidden="true"')
        if caller.user:
            ui.link(caller.name, "/settings/account").classes("lw-me-name").props(
                f'title="{t("My account")}"'
            )
        else:
            ui.label(person_name(caller.name)).classes("lw-me-name")
        shortcuts_button()
        toggle = ui.button(icon="contrast").props(
            f'flat round dense aria-label="{t("Toggle light/dark mode")}"'
        )

        async def turn() -> None:
            is_dark = bool(await ask_browser("return document.body.classList.contains('body--dark')"))
            dark.set_value(not is_dark)
            preferences.dark = not is_dark

        toggle.on_click(turn)
        if caller.id != "local":
            ui.button(icon="logout").props(f'flat round dense aria-label="{t("Log out")}"').on(
                "click", js_handler="() => lorewright.logOut()"
            )


def _menu_button() -> None:
    ui.button(icon="menu").props(
        f'flat round dense aria-label="{t("Menu")}" aria-controls="nav" aria-expanded="false"'
    ).classes("lw-menu").on("click", js_handler="() => lorewright.menu(true)")


_MARK = (
    '<svg viewBox="0 0 32 32" width="28" height="28">'
    '<rect width="32" height="32" rx="8" fill="var(--lw-accent)"/>'
    '<path d="M9 7v18h14" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"/>'
    '<path d="M15 18l4-5 4 3" fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round"/></svg>'
)
