"""A process that a first `search`, `ask` or `add --sync` leaves behind: the next ones need not load anything.

It listens on a socket in the domain's state folder that only the same user may open, answers one
command after the other with what is open already, and ends when none came for some minutes.
"""

import hashlib
import json
import os
import re
import socket
import struct
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from lorewright import __version__
from lorewright.errors import Transient

VERBS = ("ask", "search", "add")
SOCKET = "resident.sock"
OUT, ERR, CODE = b"o", b"e", b"c"
_HEAD = struct.Struct("!cI")
_STATE, _SETTINGS = ".lorewright", "lorewright.toml"
_COUNTS = re.compile(
    r"LOREWRIGHT_|PG|PYTHON|OMP_|LC_|LANG|TZ|HF_|HOME|.*(KEY|TOKEN|SECRET|PROXY)", re.IGNORECASE
)
DECLINED = -1
_ANSWER_SECONDS = 3.0
_MOST_PATH_BYTES = 100


def answered(words: Sequence[str], domain: Path) -> int | None:
    """Have the resident process do a command; return its exit code.

    That is `None` where there is none, and `DECLINED` where it is busy, or another version, or was
    started with other keys. Ctrl-C ends the command there too.
    """
    folder = find_state(domain)
    with socket.socket(socket.AF_UNIX) as line:
        try:
            if folder is None or (folder / SOCKET).stat().st_uid != os.getuid():
                return None
            line.settimeout(_ANSWER_SECONDS)
            line.connect(str(folder / SOCKET))
        except OSError:
            return None
        try:
            line.sendall(json.dumps(_asked(words)).encode() + b"\n")
            _piece(line)  # that it begins
        except (OSError, EOFError):
            return DECLINED
        line.settimeout(None)
        return _relay(line)


def may_answer(words: Sequence[str]) -> bool:
    """Return whether a process that stays may do a command: of `add` only a sync, with nothing to do."""
    if words[0] != "add":
        return words[0] in VERBS
    named = {place + 1 for place, word in enumerate(words) if word in ("-d", "--domain")}
    rest = {word for place, word in enumerate(words) if place and place not in named}
    flags = {word for word in rest - {"-d", "--domain"} if not word.startswith("--domain=")}
    return "--sync" in flags and flags <= {"--sync", "--json"}


def leave_behind(domain: Path, minutes: float) -> None:
    """Start a resident process for a domain, if this is a terminal and nobody said not to."""
    folder = find_state(domain)
    is_wanted = minutes > 0 and sys.stdout.isatty() and not os.environ.get("CI")
    if folder is None or not is_wanted or len(os.fsencode(folder / SOCKET)) > _MOST_PATH_BYTES:
        return
    command = [sys.executable, "-m", "lorewright.cli.staying", str(folder.parent)]
    with suppress(OSError):
        subprocess.Popen(
            command, start_new_session=True, cwd="/",
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


def find_state(start: Path) -> Path | None:
    """Return the state folder of the domain that a folder lies in; as `find_domain`, without its imports."""
    inside = start.resolve()
    for folder in (inside, *inside.parents):
        if (folder / _SETTINGS).is_file():
            return folder / _STATE if (folder / _STATE).is_dir() else None
    return None


def stamp() -> str:
    """Identify the program: another version, or another Python, is not asked."""
    code = Path(__file__).parents[1]
    newest = max(path.stat().st_mtime_ns for path in (code, code / "__init__.py", code / "cli"))
    return f"{__version__} {sys.prefix} {code} {newest}"


def marks(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that may change an answer, each as a hash: some are secrets."""
    return {
        name: hashlib.sha256(value.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        for name, value in environment.items()
        if counts(name)
    }


def counts(name: str) -> bool:
    """Return whether a variable is compared before a process answers for another."""
    return _COUNTS.match(name) is not None


def frame(kind: bytes, payload: bytes) -> bytes:
    """Return a piece of an answer as it is sent."""
    return _HEAD.pack(kind, len(payload)) + payload


def _asked(words: Sequence[str]) -> dict[str, object]:
    return {
        "words": list(words), "folder": str(Path.cwd()), "stamp": stamp(), "marks": marks(os.environ),
        "is_terminal": sys.stdout.isatty(),
    }  # fmt: skip


def _relay(line: socket.socket) -> int:
    """Print what the process says, until it says how the command ended."""
    while True:
        try:
            kind, payload = _piece(line)
        except EOFError as error:
            raise Transient("The process that answered has ended.", hint="Try again.") from error
        if kind == CODE:
            return int(payload)
        stream = sys.stdout if kind == OUT else sys.stderr
        stream.write(payload.decode("utf-8", "surrogateescape"))
        stream.flush()


def _piece(line: socket.socket) -> tuple[bytes, bytes]:
    kind, size = _HEAD.unpack(_read(line, _HEAD.size))
    return kind, _read(line, size)


def _read(line: socket.socket, size: int) -> bytes:
    payload = b""
    while len(payload) < size:
        part = line.recv(size - len(payload))
        if not part:
            raise EOFError("the process ended in the middle of its answer")
        payload += part
    return payload
