"""Every setting of lorewright.toml as a form; what is saved holds at once and stays in the file."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nicegui import ui

from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.screens.settings.sections import Section, sections_of
from lorewright.studio.screens.settings.setting_row import SettingRow
from lorewright.studio.visit import Visit, tell, tell_error
from lorewright.workspace.domain.automatic_settings import automatic_values
from lorewright.workspace.domain.settings_file import change_settings
from lorewright.workspace.domain.settings_form import Setting, settings_form


async def show_general(visit: Visit) -> None:
    """Show the settings by section; the changed ones are saved together."""
    looked_for = LookedFor()

    @ui.refreshable
    def form() -> None:
        SettingsForm(visit, looked_for, form.refresh)

    form()


@dataclass
class LookedFor:
    """What a visitor looks for among the settings; it stays when they are saved."""

    word: str = ""
    only_changed: bool = False


class SettingsForm:
    """All settings, found by a word or by their section; `on_saved` shows them anew."""

    def __init__(self, visit: Visit, looked_for: LookedFor, on_saved: Callable[[], object]) -> None:
        self._visit, self._looked_for, self._on_saved = visit, looked_for, on_saved
        self._rows: list[SettingRow] = []
        self._parts: list[tuple[list[SettingRow], Sequence[ui.element]]] = []
        settings = settings_form(visit.server.workspace.settings)
        groups = sections_of({setting.section for setting in settings})
        self._follows = automatic_values(visit.server.workspace.settings)
        with ui.element("div").classes("lw-setting-found"):
            self._word = ui.input(value=looked_for.word, on_change=self._find).props(
                f'outlined dense clearable debounce=150 type=search aria-label="{t("Find a setting")}" '
                f'placeholder="{t("Find a setting, such as memory or refusal")}"'
            )
            self._only_changed = ui.switch(
                t("Only changed"), value=looked_for.only_changed, on_change=self._find
            )
            self._found = Text("span", "", classes="lw-muted lw-small").props('role="status"')
        with ui.element("div").classes("lw-settings"):
            toc = ui.element("nav").classes("lw-toc").props(f'aria-label="{t("Sections")}"')
            with ui.element("div").classes("lw-stack"):
                for group, sections in groups.items():
                    with toc:
                        Text("span", group)
                    for section in sections:
                        own = [setting for setting in settings if setting.section == section.key]
                        if own:
                            self._show_section(section, own, toc)
                self._save_bar()
        self._find()

    def _show_section(self, section: Section, settings: Sequence[Setting], toc: ui.element) -> None:
        place = f"settings-{section.key or 'effort'}"
        with toc, ui.element("button").props('type="button"') as link:
            Text("span", section.title)
        go = f"document.getElementById({json.dumps(place)})"
        link.on(
            "click", js_handler=f"() => {{ {go}.scrollIntoView(); {go}.focus({{preventScroll: true}}); }}"
        )
        with card(section.title, section.description) as whole:
            whole.props(f'id="{place}" tabindex="-1"')
            rows = [
                SettingRow(
                    setting, self._follows.get(setting.path),
                    may_change=self._visit.may("admin"), on_change=self._count,
                )
                for setting in settings
            ]  # fmt: skip
        self._rows += rows
        self._parts.append((rows, (whole, link)))

    def _save_bar(self) -> None:
        if not self._visit.may("admin"):
            return
        with ui.element("div").classes("lw-actions lw-sticky"):
            ui.button(t("Save"), icon="save", on_click=self._save).props("unelevated no-caps")
            self._discard = ui.button(t("Discard"), on_click=self._reset).props("flat no-caps")
            self._discard.set_visibility(False)
            self._unsaved = muted(t("Host, port and memory take effect after a restart."))

    def _find(self) -> None:
        """Show the settings that fit what is looked for, and how many there are."""
        self._looked_for.word = str(self._word.value or "")
        self._looked_for.only_changed = bool(self._only_changed.value)
        words = self._looked_for.word.casefold().split()
        n_found = 0
        for rows, wholes in self._parts:
            n_here = 0
            for row in rows:
                fits = all(word in row.words for word in words)
                fits = fits and (row.is_changed or not self._looked_for.only_changed)
                row.element.set_visibility(fits)
                n_here += fits
            for whole in wholes:
                whole.set_visibility(n_here > 0)
            n_found += n_here
        self._found.text = t("{n} of {total} settings", n=n_found, total=len(self._rows))

    def _count(self) -> None:
        """Say how many values are not saved yet."""
        if not self._visit.may("admin"):
            return
        n = sum(_is_new(row) for row in self._rows)
        self._discard.set_visibility(n > 0)
        rest = t("Host, port and memory take effect after a restart.")
        self._unsaved.text = tn("{n} unsaved change.", "{n} unsaved changes.", n) + f" {rest}" if n else rest

    def _reset(self) -> None:
        for row in self._rows:
            row.reset()

    async def _save(self) -> None:
        changes = self._changes()
        is_saved = await self._visit.attempt(self._write, changes) if changes else False
        if changes and is_saved:
            tell(t("Saved: {names}.", names=", ".join(changes)))
            self._on_saved()
        elif changes == {}:
            tell(t("No changes."))

    def _write(self, changes: dict[str, Any]) -> bool:
        change_settings(self._visit.server.workspace, self._visit.caller, changes)
        return True

    def _changes(self) -> dict[str, Any] | None:
        """Return what differs from what holds now, by path; `None` where something typed is no value."""
        changes = {}
        for row in self._rows:
            setting = row.setting
            try:
                value = row.typed()
            except ValueError:
                tell_error(
                    t("{name}: {value!r} is not a valid value.", name=row.name, value=row.text),
                    t("It must be a number."),
                )
                return None
            if value != setting.value:
                changes[setting.path] = None if value == setting.default else value
        return changes


def _is_new(row: SettingRow) -> bool:
    try:
        return bool(row.typed() != row.setting.value)
    except ValueError:
        return True
