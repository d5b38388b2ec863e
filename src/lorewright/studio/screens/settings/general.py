"""Every setting of lorewright.toml as a form; what is saved holds at once and stays in the file."""

from collections.abc import Sequence
from typing import Any

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.text import muted
from lorewright.studio.setting_names import setting_name
from lorewright.studio.studio_words import studio_words
from lorewright.studio.visit import Visit, tell, tell_error
from lorewright.workspace.domain.settings_file import change_settings
from lorewright.workspace.domain.settings_form import Setting, read_value, settings_form

Fields = dict[str, tuple[Setting, Any]]


async def show_general(visit: Visit) -> None:
    """Show the settings by section; the changed ones are saved together."""

    @ui.refreshable
    def form() -> None:
        typed: Fields = {}
        settings = settings_form(visit.server.workspace.settings)
        for section in dict.fromkeys(setting.section for setting in settings):
            with card(section.capitalize() if section else t("General")):
                _section([setting for setting in settings if setting.section == section], typed, visit)

        async def save() -> None:
            changes = _changes(typed)
            is_saved = await visit.attempt(lambda: _save(visit, changes)) if changes else False
            if changes and is_saved:
                tell(t("Saved: {names}.", names=", ".join(changes)))
                form.refresh()
            elif changes == {}:
                tell(t("No changes."))

        if visit.may("admin"):
            with ui.element("div").classes("lw-actions lw-sticky"):
                ui.button(t("Save"), icon="save", on_click=save).props("unelevated no-caps")
                muted(t("Host, port and memory take effect after a restart."))

    form()


def _save(visit: Visit, changes: dict[str, Any]) -> bool:
    change_settings(visit.server.workspace, visit.caller, changes)
    return True


def _section(settings: Sequence[Setting], typed: Fields, visit: Visit) -> None:
    with ui.element("div").classes("lw-fields"):
        for setting in settings:
            with ui.element("div").classes("lw-stack lw-tight"):
                field = _field(setting)
                field.set_enabled(visit.may("admin"))
                typed[setting.path] = (setting, field)
                if setting.description:
                    muted(studio_words(setting.description)).classes("lw-small")


def _field(setting: Setting) -> Any:
    name = setting_name(setting.name)
    if setting.kind == "true or false":
        return ui.switch(name, value=setting.value)
    if setting.kind == "choice":
        return ui.select(list(setting.choices), value=setting.value, label=name).props("outlined dense")
    if setting.kind == "texts":
        return ui.input(name, value=", ".join(setting.value)).props("outlined dense")
    text = _text(setting, setting.value)
    hint = f"{t('default')}: {_text(setting, setting.default)}"
    field = ui.input(name, value=str(text)).props("outlined dense")
    if setting.value != setting.default:
        field.props["hint"] = hint
    return field


def _changes(typed: Fields) -> dict[str, Any] | None:
    """Return what differs from what holds now, by path; `None` where something typed is no value."""
    changes = {}
    for path, (setting, field) in typed.items():
        try:
            value = setting.default if _is_auto(setting, field.value) else read_value(setting, field.value)
        except ValueError:
            tell_error(
                t("{name}: {value!r} is not a valid value.", name=path, value=field.value),
                t("It must be a number."),
            )
            return None
        if value != setting.value:
            changes[path] = None if value == setting.default else value
    return changes


def _text(setting: Setting, value: Any) -> str:
    """Return a value as people write it: `auto` where that is what the number of the default stands for."""
    if setting.kind == "text":
        return str(value)
    if value == setting.default and setting.is_auto:
        return "auto"
    return f"{value:.15g}"


def _is_auto(setting: Setting, typed: Any) -> bool:
    return setting.is_auto and str(typed).strip().casefold() == "auto"
