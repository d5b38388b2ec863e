"""Quantities as people read them."""

from lorewright.evaluation import Estimate


def share_text(share: Estimate) -> str:
    """Return a share as a percentage, such as "82%"."""
    return f"{share.mean * 100:.0f}%"


def interval_text(share: Estimate) -> str:
    """Return a share with its interval, such as "82% (74 to 89, n=100)"."""
    return f"{share.mean * 100:.0f}% ({share.low * 100:.0f} to {share.high * 100:.0f}, n={share.n})"


def seconds_text(seconds: float) -> str:
    """Return a duration in the unit that needs the fewest digits."""
    if seconds <= 0:
        return "0 s"
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    if seconds < 5400:
        return f"{seconds / 60:.1f} min"
    return f"{seconds / 3600:.1f} h"


def usd_text(usd: float) -> str:
    """Return US dollars with as many digits as tell something."""
    if usd >= 100 or usd == 0:
        return f"${usd:,.0f}"
    return f"${usd:.2f}" if usd >= 0.01 else f"${usd:.4f}" if usd >= 0.0001 else "under $0.0001"


def bytes_text(size_bytes: float) -> str:
    """Return a size in MB or GB."""
    return f"{size_bytes / 1e9:.1f} GB" if size_bytes >= 1e9 else f"{size_bytes / 1e6:.0f} MB"
