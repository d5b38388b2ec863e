"""Models from the Hugging Face hub, or a mirror of it (HF_ENDPOINT)."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx2
from huggingface_hub import HfApi, hf_hub_download
from huggingface_hub.errors import GatedRepoError

from lorewright.errors import OutOfSpace, UnknownModel
from lorewright.models.sources import Source
from lorewright.models.weights import BESIDE_SAFETENSORS
from lorewright.progress import Progress
from lorewright.whole_files import sha256_of

_PARTS = "hub"  # beside the model's folder: the store keeps it where a download breaks off
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
_SPARE_BYTES = 100_000_000


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
    arrived: dict[str, Path] = {}
    for file in files:
        progress(done, total)
        path = Path(hf_hub_download(source.name, file.name, revision=revision, local_dir=parts))
        digest = sha256_of(path) if file.sha256 else ""
        if digest != file.sha256:
            path.unlink()
            raise UnknownModel(
                f"{file.name} of {source.uri} has sha256 {digest}; the hub states {file.sha256}. "
                "It was discarded.",
                hint="Try again. If it stays so, the mirror (HF_ENDPOINT) serves another file.",
            )
        arrived[Path(file.name).name] = path
        done += file.size_bytes
    for name, path in arrived.items():
        shutil.move(path, folder / name)


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
