"""A question that is asked between any two tokens, answered at a bearable price."""

import time

from lorewright.models import Stopped

_LOOK_EVERY_SECONDS = 0.2


def seldom(stopped: Stopped) -> Stopped:
    """Return the same question, which looks again at most five times a second; once true, it stays so."""
    looked_at, answer = -1.0, False

    def look() -> bool:
        nonlocal looked_at, answer
        if not answer and time.monotonic() - looked_at >= _LOOK_EVERY_SECONDS:
            answer, looked_at = stopped(), time.monotonic()
        return answer

    return look
