"""Sizes, spans and moments as people read them."""

import time

from lorewright.studio.i18n import t


def size_text(n_bytes: float) -> str:
    """Return a size such as `98 MB`."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if n_bytes >= size:
            value = n_bytes / size
            return f"{value:.1f} {unit}" if value < 10 else f"{value:.0f} {unit}"
    return f"{n_bytes:.0f} B"


def span_text(seconds: float) -> str:
    """Return a span of time such as `4 min 12 s`."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


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
