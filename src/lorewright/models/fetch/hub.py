"""Models from the Hugging Face hub, or a mirror of it (HF_ENDPOINT)."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx2
from huggingface_hub import HfApi, hf_hub_url
from huggingface_hub.errors import GatedRepoError
from huggingface_hub.utils import (  # type: ignore[attr-defined]  # documented, but not in __all__
    build_hf_headers,
    hf_raise_for_status,
)

from lorewright.errors import OutOfSpace, UnknownModel
from lorewright.models.sources import Source
from lorewright.models.weights import BESIDE_SAFETENSORS
from lorewright.progress import Progress
from lorewright.whole_files import sha256_of

_PARTS = "hub"  # beside the model's folder: the store keeps it where a download breaks off
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
_SPARE_BYTES = 100_000_000
_N_TRIES = 4
_SECONDS = 30.0  # without a byte


@dataclass(frozen=True, slots=True)
class _File:
    """A file of a repository; `sha256` is '' where the hub does not state it (small texts)."""

    name: str
    size_bytes: int
    sha256: str


def fetch(source: Source, folder: Path, progress: Progress) -> str:
    """Put the model files of a repository into `folder` and return the licence its card names.

    Weights come as .gguf or .safetensors only: other formats can run code when they are loaded.
    A download that broke off goes on where it was. Raises `UnknownModel` when the repository cannot
    be reached, holds no model, or serves another file than it states; `OutOfSpace` before a byte is
    fetched for which there is no room.
    """
    try:
        info = HfApi().model_info(source.name, revision=source.version or None, files_metadata=True)
        listed = [
            _File(one.rfilename, one.size or 0, one.lfs.sha256 if one.lfs else "")
            for one in info.siblings or ()
        ]
        names = _model_files(source, [file.name for file in listed])
        files = [file for file in listed if file.name in names]
        _need_room(source, files, folder)
        _download(source, files, str(info.sha), folder, progress)
    except GatedRepoError as error:
        raise UnknownModel(
            f"{source.uri} is gated: its owner gives access to those who accept its terms.",
            hint=f"Accept them on the page of {source.name}, and set HF_TOKEN to a token of that account.",
        ) from error
    except (httpx2.HTTPError, OSError, ValueError) as error:
        raise UnknownModel(
            f"{source.uri} could not be downloaded: {(str(error).strip() or repr(error)).splitlines()[0]}",
            hint="Try again: what has arrived is kept. Check the name and the network (a mirror is set with "
            "HF_ENDPOINT, a token with HF_TOKEN), or download the model yourself and name it as "
            "file:/path/to/it.",
        ) from error
    return str(info.card_data.get("license") or "") if info.card_data else ""


def _download(
    source: Source, files: Sequence[_File], revision: str, folder: Path, progress: Progress
) -> None:
    """Fetch every file, check it, and only then put them all into `folder`."""
    parts = folder.parent / _PARTS
    done, total = 0, sum(file.size_bytes for file in files)
    for file in files:
        path = parts / Path(file.name).name
        path.parent.mkdir(exist_ok=True)
        is_here = file.sha256 and path.is_file() and sha256_of(path) == file.sha256
        if not is_here:
            url = hf_hub_url(source.name, file.name, revision=revision)
            _receive(url, path, file.size_bytes, partial(_report, progress, done, total))
        digest = sha256_of(path) if file.sha256 else ""
        if digest != file.sha256:
            path.unlink()
            raise UnknownModel(
                f"{file.name} of {source.uri} has sha256 {digest}; the hub states {file.sha256}. "
                "It was discarded.",
                hint="Try again. If it stays so, the mirror (HF_ENDPOINT) serves another file.",
            )
        done += file.size_bytes
    for file in files:
        shutil.move(parts / Path(file.name).name, folder / Path(file.name).name)


def _report(progress: Progress, before: int, total: int, n_bytes: int) -> None:
    progress(min(before + n_bytes, total), total)


def _receive(url: str, path: Path, size_bytes: int, report: Callable[[int], None]) -> None:
    """Fetch a file from where an earlier try ended; a line that breaks is tried again some times.

    huggingface_hub begins anew in every process, which a weak line never gets to the end of.
    """
    arriving = path.with_name(f"{path.name}.partial")
    for n_tries_left in reversed(range(_N_TRIES)):
        start = arriving.stat().st_size if arriving.is_file() else 0
        if start > size_bytes:
            arriving.unlink()
            start = 0
        try:
            if start < size_bytes or not start:
                _receive_from(url, arriving, start, report)
            break
        except httpx2.TransportError:
            if not n_tries_left:
                raise
    arriving.replace(path)


def _receive_from(url: str, arriving: Path, start: int, report: Callable[[int], None]) -> None:
    headers = {**build_hf_headers(), "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    with httpx2.stream("GET", url, headers=headers, follow_redirects=True, timeout=_SECONDS) as reply:
        hf_raise_for_status(reply)
        is_continued = reply.status_code == httpx2.codes.PARTIAL_CONTENT
        n_bytes = start if is_continued else 0
        with arriving.open("ab" if is_continued else "wb") as file:
            for piece in reply.iter_raw():
                file.write(piece)
                n_bytes += len(piece)
                report(n_bytes)


def _need_room(source: Source, files: Sequence[_File], folder: Path) -> None:
    needed, free = sum(file.size_bytes for file in files), shutil.disk_usage(folder).free
    if needed + _SPARE_BYTES > free:
        raise OutOfSpace(
            f"{source.uri} takes {needed / 1e9:.1f} GB; {free / 1e9:.1f} GB are free for it.",
            hint="Free space there, or set the environment variable LOREWRIGHT_CACHE to another folder.",
        )


def _model_files(source: Source, names: Sequence[str]) -> list[str]:
    """Return the files to take: the one that was named, or the safetensors at the top, or the only .gguf."""
    if source.file:
        if source.file in names and source.file.endswith(".gguf"):
            return [source.file]
        raise UnknownModel(
            f"{source.name} has no GGUF file {source.file!r}.",
            hint=f"Available files: {', '.join(sorted(names))}.",
        )
    tops = [name for name in names if name.endswith(".safetensors") and "/" not in name]
    if tops:
        return tops + [name for name in BESIDE_SAFETENSORS if name in names]
    ggufs = [name for name in names if name.endswith(".gguf")]
    if len(ggufs) == 1:
        return ggufs
    pickles = [name for name in names if name.endswith(_PICKLES)]
    if pickles and not ggufs:
        raise UnknownModel(
            f"{source.name} holds its weights as {pickles[0]} only: such files can run code when they are "
            "loaded, and are never read.",
            hint="Choose a repository with safetensors or GGUF, or a revision that has them.",
        )
    raise UnknownModel(
        f"{source.name} contains {len(ggufs)} GGUF files and no safetensors.",
        hint=f"Name one: {source.uri}#{ggufs[0]}"
        if ggufs
        else "Choose a repository with safetensors or GGUF.",
    )
