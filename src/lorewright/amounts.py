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


def span_text(low_seconds: float, high_seconds: float) -> str:
    """Return a span of time as people say it: `20 to 50 s`, `4 to 9 min`, `50 s to 2 min`, `1.5 to 3 h`."""
    (low, low_unit), (high, high_unit) = _rounded(low_seconds), _rounded(high_seconds)
    if low_unit == high_unit:
        return f"{low} to {high} {high_unit}" if low != high else f"about {high} {high_unit}"
    return f"{low} {low_unit} to {high} {high_unit}"


def _rounded(seconds: float) -> tuple[str, str]:
    """Return a duration in its unit, as exactly as an estimate can be."""
    if seconds < 100:
        step = 1 if seconds < 10 else 5
        return f"{max(1, round(seconds / step) * step)}", "s"
    if seconds < 5400:
        minutes = seconds / 60
        return f"{round(minutes) if minutes < 10 else round(minutes / 5) * 5}", "min"
    hours = seconds / 3600
    return f"{round(hours * 2) / 2:g}" if hours < 10 else f"{hours:.0f}", "h"


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
