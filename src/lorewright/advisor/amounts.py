"""Quantities as people read them."""

from lorewright.evaluation import Estimate


def share_text(share: Estimate) -> str:
    """Return a share as a percentage, such as "82%"."""
    return f"{share.mean * 100:.0f}%"


def interval_text(share: Estimate) -> str:
    """Return a share with its interval, such as "82% (74 to 89, n=100)"."""
    return f"{share.mean * 100:.0f}% ({share.low * 100:.0f} to {share.high * 100:.0f}, n={share.n})"
