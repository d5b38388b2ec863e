"""The name of the domain that is shown; where there are others to enter, a menu of them."""

import json

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.visit import Visit
from lorewright.workspace.server.domains import ServedDomain


def domain_switcher(visit: Visit) -> None:
    """Show the name of the domain, with the other domains of this server and "New domain" behind it."""
    others = [domain for domain, _, _ in visit.domains() if domain is not visit.domain]
    if not others and not visit.may_create_domains:
        ui.label(visit.domain.name).classes("lw-brand-domain")
        return
    label = t("Domain: {name}. Switch domain", name=visit.domain.name)
    with (
        ui.button(visit.domain.name, icon="unfold_more")
        .props(f'flat no-caps dense align=left aria-haspopup=menu aria-label="{label}"')
        .classes("lw-switch"),
        ui.menu().props('auto-close anchor="bottom left" self="top left"').classes("lw-switch-menu"),
    ):
        for domain in sorted([visit.domain, *others], key=lambda one: one.name.casefold()):
            _entry(visit, domain)
        if visit.may_create_domains:
            ui.separator()
            with ui.menu_item().on("click", js_handler=_to(f"{visit.outside}/studio/domains/new")):
                _icon("add")
                ui.item_section(t("New domain"))


def _entry(visit: Visit, domain: ServedDomain) -> None:
    is_here = domain is visit.domain
    entry = ui.menu_item()
    with entry:
        _icon("check" if is_here else "")
        ui.item_section(domain.name)
    if is_here:
        entry.props('aria-current="true"')
    else:
        entry.on("click", js_handler=_to(f"{visit.outside}{domain.address}/studio/"))


def _icon(name: str) -> None:
    with ui.item_section().props("side"):
        ui.icon(name).props('aria-hidden="true" size=18px')


def _to(address: str) -> str:
    """Return what leads to another domain: a page of its own, with a session of its own."""
    return f"() => {{ window.location.href = {json.dumps(address)} }}"
