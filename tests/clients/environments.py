"""An environment of its own for every client, with pinned versions, below a cache folder."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

LIBRARIES = Path(__file__).parent / "libraries"
SHARED = Path(__file__).parent / "shared"
PATIENCE_SECONDS = 3600
"""Open WebUI takes 23 minutes on two cores that are busy with other things, and two minutes of their time."""


@dataclass(frozen=True, slots=True)
class Client:
    """A client by the name of its folder, and what it pins, as `name version`."""

    name: str
    pinned: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Where its pins and its check are."""
        return LIBRARIES / self.name

    @property
    def is_python(self) -> bool:
        """Whether it is installed by pip, else by npm."""
        return (self.folder / "requirements.txt").exists()


class NotInstalled(Exception):
    """A client cannot be had here; the message is the last line that its installer said."""


def cache_folder() -> Path:
    """Return where the environments are kept."""
    given = os.environ.get("LOREWRIGHT_TEST_CACHE")
    return Path(given) if given else Path.home() / ".cache" / "lorewright-clients"


def clients() -> list[Client]:
    """Return every client, by name."""
    found = sorted(folder.parent for folder in LIBRARIES.glob("*/check.*"))
    return [Client(folder.name, _pinned(folder)) for folder in found]


def command_of(client: Client, cache: Path) -> list[str]:
    """Return the command that checks a client, in an environment that is made where it is not there yet.

    Raises `NotInstalled` where it cannot be made.
    """
    home = cache / f"{client.name}-{_fingerprint(client)}"
    if not (home / "made").exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        _install(client, home)
        (home / "made").touch()
    if client.is_python:
        return [str(home / "bin" / "python"), str(client.folder / "check.py")]
    # Node looks for packages beside the script, so the script goes to them.
    for script in (client.folder / "check.mjs", SHARED / "checks.mjs"):
        shutil.copy(script, home)
    return ["node", str(home / "check.mjs")]


def _install(client: Client, home: Path) -> None:
    if client.is_python:
        _run([sys.executable, "-m", "venv", str(home)], home)
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        _run([*pip, "--requirement", str(client.folder / "requirements.txt")], home)
        return
    if shutil.which("npm") is None:
        raise NotInstalled("npm is not on this machine")
    for name in ("package.json", ".npmrc"):
        if (client.folder / name).exists():
            shutil.copy(client.folder / name, home)
    _run(["npm", "install", "--no-audit", "--no-fund", "--silent"], home)


def _run(command: list[str], home: Path) -> None:
    try:
        done = subprocess.run(
            command, cwd=home, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise NotInstalled(f"the installer took longer than {PATIENCE_SECONDS} seconds") from late
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["the installer failed"]
        raise NotInstalled(said[-1])


def _pinned(folder: Path) -> tuple[str, ...]:
    requirements = folder / "requirements.txt"
    if requirements.exists():
        lines = (line.strip() for line in requirements.read_text().splitlines())
        return tuple(line.replace("==", " ") for line in lines if line and not line.startswith("#"))
    pinned = json.loads((folder / "package.json").read_text())["dependencies"]
    return tuple(f"{name} {version}" for name, version in pinned.items())


def _fingerprint(client: Client) -> str:
    pins = "\n".join([*client.pinned, sys.version])
    return hashlib.sha256(pins.encode()).hexdigest()[:10]
