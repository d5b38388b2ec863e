"""What runs in the sandbox: reads the files it is told to, one line of JSON for each."""

import ctypes
import json
import os
import resource
import signal
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lorewright.documents.kinds import READERS
from lorewright.documents.sandbox import ReadLimits
from lorewright.errors import UnreadableDocument

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # linux/sched.h
_DIE_WITH_PARENT = 1  # linux/prctl.h


def main() -> None:
    """Answer every line on standard input until it ends."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints must not look like a reply
    _confine(memory_bytes=int(sys.argv[1]))
    for line in sys.stdin:
        replies.write(json.dumps(_reply(json.loads(line))) + "\n")
        replies.flush()


def _confine(*, memory_bytes: int) -> None:
    """Give up the network where the system allows it, and memory beyond the limit."""
    with suppress(AttributeError, OSError):  # both calls are Linux's
        system = ctypes.CDLL(None)
        system.prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        system.unshare(_NEW_USER | _NEW_NETWORK)
    # One thread each: the machine is busy enough, and every thread maps memory that is counted.
    os.environ |= {"TOKIO_WORKER_THREADS": "1", "RAYON_NUM_THREADS": "1"}
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))


def _reply(order: dict[str, Any]) -> dict[str, Any]:
    try:
        if "page" in order:
            return {"drawn": _drawn(order)}
        content = READERS.load(order["reader"])(Path(order["path"]))
        n_chars = len(content.text) + sum(map(len, content.pages))
        if n_chars > order["text_chars"]:
            raise ReadLimits(text_chars=order["text_chars"]).too_long(n_chars)
    except UnreadableDocument as error:
        return {"unreadable": str(error), "hint": error.hint}
    except MemoryError:
        return {"died": "there is not enough memory to read it", "hint": "Save it in smaller parts."}
    return {"content": asdict(content)}


def _drawn(order: dict[str, Any]) -> dict[str, Any]:
    from lorewright.documents.readers import pdf_page  # most files have no pages to draw

    return pdf_page.draw(Path(order["path"]), order["page"], order["passages"])


if __name__ == "__main__":
    main()
