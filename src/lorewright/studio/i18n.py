"""The words of the studio, in the visitor's language: English, until a catalogue says otherwise.

Every text that a visitor reads passes through `t`, so that a catalogue (GNU gettext, in
`locale/<language>/LC_MESSAGES/lorewright.mo`) can replace it.
"""

import gettext
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "locale"
_language: ContextVar[str] = ContextVar("language", default="en")


def t(text: str, /, **values: object) -> str:
    """Return a text in the visitor's language, with `{name}`s replaced by the values."""
    translated = _catalogue(_language.get()).gettext(text)
    return translated.format(**values) if values else translated


def tn(one: str, many: str, n: int, /, **values: object) -> str:
    """Return the form of a text that fits `n`, which it may hold as `{n}`."""
    return _catalogue(_language.get()).ngettext(one, many, n).format(n=n, **values)


def speak(accepted: str) -> str:
    """Speak the best language there is a catalogue for, of an Accept-Language header; return its code."""
    wanted = [part.partition(";")[0].strip().replace("-", "_") for part in accepted.split(",")]
    known = next((code for code in wanted if _has_catalogue(code)), "en")
    _language.set(known)
    return known


def _has_catalogue(code: str) -> bool:
    return code.isidentifier() and (FOLDER / code / "LC_MESSAGES" / "lorewright.mo").is_file()


@lru_cache
def _catalogue(code: str) -> gettext.NullTranslations:
    return gettext.translation("lorewright", FOLDER, [code], fallback=True)
