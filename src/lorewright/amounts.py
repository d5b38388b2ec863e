"""Durations, sizes and money as people read them."""


def seconds_text(seconds: float) -> str:
    """Return a duration with two units at most: `532 ms`, `1.6 s`, `48 s`, `4 min 12 s`, `2 h 5 min`."""
    if seconds <= 0:
        return "0 s"
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.5:
        return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def size_text(size_bytes: float) -> str:
    """Return a size in the unit that needs the fewest digits: `98 MB`, `1.4 GB`."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size_bytes >= size:
            value = size_bytes / size
            return f"{value:.1f} {unit}" if value < 9.95 else f"{value:.0f} {unit}"
    return f"{size_bytes:.0f} B"


def usd_text(usd: float) -> str:
    """Return US dollars with as many digits as tell something: `$1,250`, `$0.05`, `$0.0069`."""
    if usd >= 100 or usd == 0:
        return f"${usd:,.0f}"
    return f"${usd:.2f}" if usd >= 0.01 else f"${usd:.4f}" if usd >= 0.0001 else "under $0.0001"
