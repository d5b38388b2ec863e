"""A worker process for the tests: three steps, each leaving a line in a file."""

import os
import sys
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from lorewright.errors import TooFewExamples
from lorewright.jobs import Queue, Steps, perform
from lorewright.storage import open_database


def count(order: Mapping[str, Any], steps: Steps) -> list[int]:
    """Do three steps; the order may ask to die or to fail at one of them."""
    log = Path(order["log"])

    def do(number: int) -> int:
        with log.open("a") as file:
            file.write(f"{number}\n")
        if order.get("die_at") == number and log.read_text().count(str(number)) == 1:
            os.kill(os.getpid(), 9)
        if order.get("fail_at") == number:
            raise TooFewExamples("Only 3 examples.", hint="Add some.")
        if order.get("hang_at") == number:
            time.sleep(60)
        return number

    tell = steps.progress("counting")
    found = []
    for number in (1, 2, 3):
        found.append(steps.once(f"step {number}", partial(do, number)))
        tell(number, 3)
    return found


if __name__ == "__main__":
    perform(Queue(open_database(sys.argv[1])), sys.argv[2], {"count": count})
