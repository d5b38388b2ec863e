"""Settings: what this domain does by default, who may do what, what was used, and how it is."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.heading import heading
from lorewright.studio.screens.settings.account import show_account
from lorewright.studio.screens.settings.general import show_general
from lorewright.studio.screens.settings.groups import show_groups
from lorewright.studio.screens.settings.health import show_audit, show_health
from lorewright.studio.screens.settings.keys import show_keys
from lorewright.studio.screens.settings.people import show_people
from lorewright.studio.screens.settings.usage import show_usage
from lorewright.studio.visit import Visit

Part = Callable[[Visit], Awaitable[None]]


async def show(visit: Visit, part: str = "general") -> None:
    """Show one part of the settings; others are a click away."""
    parts = _parts(visit)
    if visit.is_reader:
        title, description = t("My account"), ""
    else:
        title, description = t("Settings"), t("Settings of the domain {name}.", name=visit.server.name)
    with heading(title, description):
        pass
    with ui.element("nav").classes("lw-row").props(f'aria-label="{t("Settings")}"'):
        for name, (title, verb, _) in parts.items():
            if not verb or visit.may(verb):
                link = ui.link(title, f"/settings/{name}").classes("lw-chip lw-tab")
                if name == part:
                    link.props('aria-current="page"')
    if part not in parts:
        empty("search_off", t("Page not found."), also=(t("Settings"), "/settings"))
        return
    _, verb, show_part = parts[part]
    if verb:
        visit.caller.need(verb)
    await show_part(visit)


def _parts(visit: Visit) -> dict[str, tuple[str, str, Part]]:
    """Return the parts that a visitor has a use for, each with its title and the verb that it needs."""
    parts: dict[str, tuple[str, str, Part]] = {
        "account": (t("My account"), "", show_account),
        "general": (t("General"), "read", show_general),
        "people": (t("Users"), "admin", show_people),
        "groups": (t("Groups"), "admin", show_groups),
        "keys": (t("Keys"), "read", show_keys),
        "usage": (t("Usage and cost"), "read", show_usage),
        "health": (t("Health"), "admin", show_health),
        "audit": (t("Audit log"), "admin", show_audit),
    }
    left_out = ("general",) if visit.is_reader else () if visit.caller.user else ("account",)
    return {name: part for name, part in parts.items() if name not in left_out}
