"""Python in a process of its own: no network, no files but its own, little time and memory."""

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from lorewright.agents.tool import AgentTool, tool_from
from lorewright.errors import MissingExtra, Permanent

SECONDS, MEMORY_BYTES, MOST_CHARACTERS = 10.0, 512 * 1024**2, 10_000

_CONFINED = """
import ctypes, os, resource, signal, sys
system = ctypes.CDLL(None, use_errno=True)
system.prctl(1, signal.SIGKILL)
if system.unshare(0x10000000 | 0x40000000 | 0x00020000):
    print("the system gives no namespaces", file=sys.stderr)
    os._exit(97)
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
resource.setrlimit(resource.RLIMIT_FSIZE, (1000000, 1000000))
resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
source = sys.stdin.read()

import math, statistics, json, re, datetime, decimal, fractions, itertools, collections, csv, io, random
import _strptime, traceback, linecache, encodings.idna

os.chroot(os.getcwd())  # an empty folder: no file of this machine is there any more
os.chdir("/")
del system, ctypes, sys.modules["ctypes"], sys.modules["_ctypes"]

def _audit(event, arguments):
    if event in ("open", "os.listdir", "os.scandir", "os.mkdir", "os.remove", "os.rename", "os.rmdir",
                 "os.chmod", "os.link", "os.symlink", "os.truncate", "shutil.rmtree", "os.chdir"):
        raise PermissionError("files are not available here")
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.fork", "os.spawn", "os.posix_spawn",
                         "os.system", "ctypes.", "pty.", "mmap.", "os.kill", "os.putenv", "signal.")):
        raise PermissionError("not available here")

sys.addaudithook(_audit)
_NAMES = ("math statistics json re datetime decimal fractions itertools collections csv io random").split()
_GIVEN = {{name: sys.modules[name] for name in _NAMES}}
exec(compile(source, "program", "exec"), {{"__name__": "__main__", **_GIVEN}})
"""


def run_python(source: str, *, seconds: float = SECONDS) -> str:
    """Return what a program prints; raise `Permanent` where it fails or takes too long.

    Raises `MissingExtra` where the system offers no namespaces without a network: nothing is run then.
    """
    program = _CONFINED.format(memory=MEMORY_BYTES, seconds=int(seconds) + 1)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", program],
            stdin=subprocess.PIPE, stdout=printed, stderr=subprocess.STDOUT, cwd=Path(folder),
            start_new_session=True, env={"LANG": "C.UTF-8"},
        )  # fmt: skip
        try:
            process.communicate(source.encode(), timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise Permanent(f"The program took more than {seconds:g} seconds.") from error
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        printed.seek(0)
        text = printed.read(MOST_CHARACTERS * 4).decode("utf-8", "replace")[:MOST_CHARACTERS]
    if process.returncode == 97:
        raise MissingExtra(
            "Python cannot be run safely on this system: it offers no process without a network.",
            hint="Use the calculator, or switch agent.python off.",
        )
    if process.returncode:
        raise Permanent(f"The program failed: {text.strip()[-800:] or f'exit status {process.returncode}'}")
    return text or "The program printed nothing."


def python_tool() -> AgentTool:
    """Return the tool that runs Python."""

    def python(source: str) -> str:
        """Run a Python program and return what it prints. It has no network, no files, and ten seconds.

        Args:
            source: The program; print what you want to know. math, statistics, json, re, datetime are there.
        """
        return run_python(source)

    return tool_from(python, is_source=True, timeout_seconds=SECONDS + 5)
