"""Moments as people read them."""

import time

from lorewright.studio.i18n import t


def moment_text(at: float) -> str:
    """Return when something was (Unix seconds), in the server's time: `23 Nov 2026, 14:05`."""
    return time.strftime("%d %b %Y, %H:%M", time.localtime(at))


def ago_text(at: float) -> str:
    """Return how long ago something was, roughly."""
    seconds = max(0.0, time.time() - at)
    for size, text in ((86400, t("{n} d ago")), (3600, t("{n} h ago")), (60, t("{n} min ago"))):
        if seconds >= size:
            return text.replace("{n}", str(int(seconds // size)))
    return t("just now")
