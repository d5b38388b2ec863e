"""Sentences that name commands and settings, for people who use neither: they get the places here."""

import re

from lorewright.studio.i18n import t
from lorewright.studio.setting_names import setting_name
from lorewright.workspace.domain.settings_form import meanings

_SETTING = re.compile(r" \((?:[a-z_]+\.)+[a-z_]+\)")
_PATH = re.compile(r"\b([a-z]+)\.([a-z_]+)\b")
_OPTION = r" (?:--(?:limit|arms) [\w,-]+|--[a-z-]+|pull|check|mask|[A-Z]{2,}\b|[a-z]+:[\w./=-]*\w)"
_COMMAND = re.compile(rf"\blorewright ([a-z]+)((?:{_OPTION})*)")


def studio_words(text: str) -> str:
    """Return a text with the place in the studio where it names a command, and settings as forms name them.

    In brackets, their names are left out: who reads it here changes them with a slider.
    """
    text = text.replace("lorewright.toml states", t("Settings state"))
    return _PATH.sub(_setting, _COMMAND.sub(_place, _SETTING.sub("", text)))


def _setting(path: re.Match[str]) -> str:
    if path[0] not in meanings():
        return path[0]
    return t("“{name}” in Settings", name=setting_name(path[2]))


def _place(command: re.Match[str]) -> str:
    name, more = command.groups()
    if name == "add" and "--rebuild" in more:
        return t("Documents → Rebuild index")
    places = {
        "add": t("Documents → Sync"),
        "compare": t("Compare"),
        "data": t("Data"),
        "deploy": t("Deployments"),
        "doctor": t("Settings → Health"),
        "models": t("Models"),
        "tune": t("Tuning"),
    }
    return places.get(name, command[0])
