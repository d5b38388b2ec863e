"""The process that a first `search` or `ask` leaves behind: see `resident`."""

import json
import os
import select
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO, cast

from lorewright.cli.domain import local_caller
from lorewright.cli.main import main
from lorewright.cli.resident import (
    CODE,
    ERR,
    OUT,
    SOCKET,
    counts,
    find_state,
    frame,
    marks,
    may_answer,
    stamp,
)
from lorewright.workspace.documents.unchanged import unchanged
from lorewright.workspace.domain.open_domain import OpenDomain

_MOST_BYTES = 1 << 20
_ASK_SECONDS = 5.0
_LOOK_SECONDS = 30.0


def stay(folder: Path) -> None:
    """Answer commands for the domain in `folder` until none came for as long as the settings say."""
    state = find_state(folder)
    if state is None:
        return
    begun_as, ours = stamp(), marks(os.environ)
    with OpenDomain(folder) as domain, socket.socket(socket.AF_UNIX) as listening:
        minutes = domain.workspace().settings.commands.stay_minutes
        place = _listen(listening, state / SOCKET)
        if place is None:
            return
        try:
            _warm_up(domain)
            while select.select([listening], [], [], minutes * 60)[0] and begun_as == stamp():
                line, _ = listening.accept()
                with line, suppress(OSError, ValueError, KeyError):
                    _answer(line, domain, begun_as, ours)
        finally:
            if _is_ours(place):
                place[0].unlink(missing_ok=True)


def _listen(listening: socket.socket, path: Path) -> tuple[Path, int] | None:
    """Open the socket, for its owner only; `None` where another process answers already."""
    with socket.socket(socket.AF_UNIX) as other:
        try:
            other.connect(str(path))
        except OSError:
            path.unlink(missing_ok=True)  # left by one that was killed
        else:
            return None
    mask = os.umask(0o177)
    try:
        listening.bind(str(path))
    except OSError:
        return None
    finally:
        os.umask(mask)
    listening.listen()
    return path, path.stat().st_ino


def _is_ours(place: tuple[Path, int]) -> bool:
    with suppress(OSError):
        return place[0].stat().st_ino == place[1]
    return False


def _warm_up(domain: OpenDomain) -> None:
    """Load what a search needs."""
    collection = domain.workspace().collection
    if collection.n_chunks:
        collection.search("warm up", n=1)


def _answer(line: socket.socket, domain: OpenDomain, begun_as: str, ours: dict[str, str]) -> None:
    """Do one command and send what it prints; say nothing where it is to be done elsewhere."""
    line.settimeout(_ASK_SECONDS)
    if _peer(line) != os.getuid():
        return
    request = json.loads(_line(line))
    words = [str(word) for word in request["words"]]
    if request["stamp"] != begun_as or request["marks"] != ours or not may_answer(words):
        return
    if words[0] == "add" and unchanged(domain.workspace(), local_caller()) is None:
        return  # what there is to do is done where Ctrl-C ends it
    if not all(counts(name) for name in _key_names(domain)):
        return  # a key that was not compared
    line.settimeout(_LOOK_SECONDS)
    os.chdir(request["folder"])
    line.sendall(frame(OUT, b""))
    streams = sys.stdout, sys.stderr
    sys.stdout = cast(TextIO, _Sent(line, OUT, is_terminal=bool(request["is_terminal"])))
    sys.stderr = cast(TextIO, _Sent(line, ERR, is_terminal=False))
    try:
        code = main(words, domain=domain)
    finally:
        sys.stdout, sys.stderr = streams
        os.chdir("/")
    line.sendall(frame(CODE, str(code).encode()))


def _key_names(domain: OpenDomain) -> list[str]:
    settings = domain.workspace().settings
    named = [settings.models.api_key_env, *(tool.key_env for tool in settings.tools.values())]
    return [name for name in named if name]


def _peer(line: socket.socket) -> int:
    """Return the user at the other end; our own where the system does not tell, as the file is ours alone."""
    if not hasattr(socket, "SO_PEERCRED"):
        return os.getuid()
    credentials = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", credentials)[1])


def _line(line: socket.socket) -> bytes:
    received = b""
    while not received.endswith(b"\n") and len(received) < _MOST_BYTES:
        part = line.recv(1 << 16)
        if not part:
            break
        received += part
    return received


class _Sent:
    """A stream whose text goes to whoever asked; writing fails once they left, which ends the command."""

    encoding = "utf-8"

    def __init__(self, line: socket.socket, kind: bytes, *, is_terminal: bool) -> None:
        self._line = line
        self._kind = kind
        self._is_terminal = is_terminal

    def write(self, text: str) -> int:
        """Send a text."""
        try:
            self._line.sendall(frame(self._kind, text.encode("utf-8", "surrogateescape")))
        except OSError as error:  # as a closed pipe, whatever the system calls it
            raise BrokenPipeError(*error.args) from error
        return len(text)

    def flush(self) -> None:
        """Do nothing: nothing waits."""

    def close(self) -> None:
        """Do nothing: the line is closed when the command is over."""

    def isatty(self) -> bool:
        """Return whether the other end prints to a terminal."""
        return self._is_terminal


if __name__ == "__main__":
    os.umask(0o077)
    stay(Path(sys.argv[1]))
