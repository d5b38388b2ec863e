"""A process that reads hostile files: it may hang, crash or eat memory, and only that file is lost."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from lorewright.documents.content import Content
from lorewright.documents.reading import ReadingReport
from lorewright.errors import UnreadableDocument
from lorewright.settings import bare_environment

_HINT = "Save it again, in another format, or in smaller parts."


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadLimits:
    """What one file may cost: its size, the text in it, and the time and memory to read it."""

    size_bytes: int = 256 * 1024**2
    text_chars: int = 50_000_000
    seconds: float = 120.0
    memory_bytes: int = 2 * 1024**3

    def too_long(self, n_chars: int) -> UnreadableDocument:
        """Return the error for a file with more text than a document may have."""
        return UnreadableDocument(
            f"it contains {n_chars:,} characters; the limit is {self.text_chars:,}",
            hint="Split it, or raise documents.max_characters.",
        )


class Sandbox:
    """One process, started when first needed and used for many files; killed when one breaks it."""

    def __init__(self, limits: ReadLimits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._n_asked = 0

    def read(self, path: Path, readers: Sequence[str]) -> Content:
        """Return what the first of these readers that survives the file finds in it."""
        reply: dict[str, Any] = {}
        for reader in readers:
            was_used = self._n_asked > 0
            order = {"reader": reader, "text_chars": self._limits.text_chars}
            reply = self._ask(path, order)
            if "died" in reply and was_used:  # an earlier file may have left the process ill
                reply = self._ask(path, order)
            if "died" not in reply:
                break
        if "content" in reply:
            content = reply["content"]
            report = ReadingReport.from_json(content["report"])
            return Content(**{**content, "pages": tuple(content["pages"]), "report": report})
        raise UnreadableDocument(reply.get("unreadable") or reply["died"], hint=reply["hint"])

    def draw(self, path: Path, page: int, passages: Sequence[str]) -> dict[str, Any]:
        """Return a page of a PDF as `readers.pdf_page.draw` does; raise `UnreadableDocument`."""
        reply = self._ask(path, {"page": page, "passages": list(passages)})
        if "drawn" in reply:
            drawn: dict[str, Any] = reply["drawn"]
            return drawn
        raise UnreadableDocument(reply.get("unreadable") or reply["died"], hint=reply["hint"])

    def close(self) -> None:
        """End the process and everything it started."""
        if self._process is None or self._errors is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._errors):
            if pipe is not None:
                pipe.close()
        self._process, self._n_asked = None, 0

    def _ask(self, path: Path, what: Mapping[str, Any]) -> dict[str, Any]:
        """Return the reply of the process, or why it gave none."""
        process = self._process or self._start()
        assert process.stdin is not None, "it is a pipe"
        self._n_asked += 1
        order = {"path": str(path.absolute()), **what}
        try:
            process.stdin.write(json.dumps(order).encode() + b"\n")
            process.stdin.flush()
        except BrokenPipeError:
            return self._died()
        line = self._line(process)
        if line is None:
            self.close()
            return {"died": f"reading it took more than {self._limits.seconds:g} seconds", "hint": _HINT}
        if not line.endswith(b"\n"):
            return self._died()
        reply: dict[str, Any] = json.loads(line)
        return reply

    def _start(self) -> subprocess.Popen[bytes]:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (close() closes it)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "lorewright.documents.sandboxed", str(self._limits.memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            bufsize=0,
            start_new_session=True,
            env=bare_environment(),
        )
        return self._process

    def _line(self, process: subprocess.Popen[bytes]) -> bytes | None:
        """Return what the process writes up to a line end or its death; `None` when time is up."""
        assert process.stdout is not None, "it is a pipe"
        deadline = time.monotonic() + self._limits.seconds
        written = bytearray()
        while not written.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([process.stdout], [], [], left)[0]:
                return None
            block = process.stdout.read(1 << 20)
            if not block:
                break
            written += block
        return bytes(written)

    def _died(self) -> dict[str, Any]:
        """Return why the process died, and forget it."""
        assert self._process is not None
        assert self._errors is not None, "it was started together with the process"
        code = self._process.wait()
        self._errors.seek(0)
        last_line = self._errors.read().decode("utf-8", "replace").strip().rpartition("\n")[2][:200]
        self.close()
        memory = f"{self._limits.memory_bytes / 1024**3:.3g} GiB of memory"
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return {
            "died": f"its reader crashed ({how}: {last_line or 'perhaps it needs more than ' + memory})",
            "hint": _HINT,
        }
