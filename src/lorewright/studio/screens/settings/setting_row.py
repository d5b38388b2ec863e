"""One setting: its name and what it means at the left, its value at the right."""

import re
from collections.abc import Callable
from typing import Any

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.setting_names import setting_name
from lorewright.studio.studio_words import studio_words
from lorewright.workspace.domain.settings_form import Setting, read_value

AUTO = "auto"


class SettingRow:
    """A row of the form. `follows` is what an automatic value amounts to, where that is known."""

    def __init__(
        self, setting: Setting, follows: float | None, *, may_change: bool, on_change: Callable[[], None]
    ) -> None:
        self.setting = setting
        self.name = setting_name(setting.name)
        description = _plain(setting)
        self.words = f"{self.name} {description} {setting.path}".casefold()
        with ui.element("div").classes("lw-setting") as self.element:
            with ui.element("div").classes("lw-stack lw-tight"):
                title = Text("h3", self.name, classes="lw-h3")
                if description:
                    muted(description).classes("lw-small")
            with ui.element("div").classes("lw-stack lw-tight"):
                self._field = self._made()
                self._field.set_enabled(may_change)
                with ui.element("div").classes("lw-row lw-small"):
                    self._note(follows, title.html_id, may_change=may_change)
        if self.is_changed:
            self.element.classes("lw-setting-changed")
        self._field.on_value_change(on_change)

    @property
    def is_changed(self) -> bool:
        """Whether the domain has another value than it would have by itself."""
        return bool(self.setting.value != self.setting.default)

    def typed(self) -> Any:
        """Return the value that was typed; raise `ValueError` where it is none."""
        value = self._field.value
        if self.setting.is_auto and str(value).strip().casefold() == AUTO:
            return self.setting.default
        return read_value(self.setting, value)

    @property
    def text(self) -> str:
        """What was typed, as it stands there."""
        return str(self._field.value)

    def reset(self) -> None:
        """Show the value that holds now."""
        self._field.set_value(self._shown(self.setting.value))

    def _made(self) -> Any:
        setting, named = self.setting, f'aria-label="{self.name}"'
        if setting.kind == "true or false":
            return ui.switch(value=setting.value).props(named)
        if setting.kind == "choice":
            return ui.select(list(setting.choices), value=setting.value).props(f"outlined dense {named}")
        field = ui.input(value=self._shown(setting.value)).props(f"outlined dense {named}")
        if setting.kind == "texts":
            field.props["placeholder"] = t("none; separate several by commas")
        return field

    def _note(self, follows: float | None, name_id: str, *, may_change: bool) -> None:
        """Say what an automatic value amounts to, or what the value would be by itself."""
        setting = self.setting
        if not self.is_changed:
            if follows is not None:
                muted(t("Automatic: {value} at the moment.", value=f"{follows:g}"))
            return
        usual = self._shown(setting.default)
        usual = (t("on") if usual else t("off")) if isinstance(usual, bool) else usual or t("empty")
        muted(t("Default: {value}", value=usual))
        if may_change:
            ui.button(t("Reset"), on_click=lambda: self._field.set_value(self._shown(setting.default))).props(
                f'flat dense no-caps size=sm aria-describedby="{name_id}"'
            )

    def _shown(self, value: Any) -> Any:
        """Return a value as its field shows it."""
        setting = self.setting
        if setting.kind in ("true or false", "choice"):
            return value
        if setting.kind == "texts":
            return ", ".join(value)
        if setting.kind == "text":
            return str(value)
        return AUTO if setting.is_auto and value == setting.default else f"{value:.15g}"


def _plain(setting: Setting) -> str:
    """Return what a setting means, as a sentence of the studio: what stands for automatic is named so."""
    text = studio_words(setting.description)
    if setting.is_auto:
        stands_for = re.escape(f"{setting.default:g}")
        text = re.sub(rf"(?<![\w.-]){stands_for}(?=: )", AUTO, text)
        text = re.sub(rf"; {stands_for}$", "", text)
    return text[:1].upper() + text[1:]
