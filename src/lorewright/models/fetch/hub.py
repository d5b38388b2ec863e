"""Models from the Hugging Face hub, or a mirror of it (HF_ENDPOINT)."""

from pathlib import Path
from shutil import move

import httpx2
from huggingface_hub import HfApi, hf_hub_download

from lorewright.errors import UnknownModel
from lorewright.models.sources import Source
from lorewright.models.weights import BESIDE_SAFETENSORS
from lorewright.progress import Progress


def fetch(source: Source, folder: Path, progress: Progress) -> str:
    """Put the model files of a repository into `folder` and return the licence its card names.

    Weights come as .gguf or .safetensors only: other formats can run code when they are loaded.
    Raises `UnknownModel` when the repository cannot be reached or holds no model.
    """
    revision = source.version or None
    try:
        info = HfApi().model_info(source.name, revision=revision, files_metadata=True)
        sizes = {sibling.rfilename: sibling.size or 0 for sibling in info.siblings or ()}
        names = _model_files(source, list(sizes))
        done, total = 0, sum(sizes[name] for name in names)
        for name in names:
            progress(done, total)
            part = folder.parent / "hub"
            move(
                hf_hub_download(source.name, name, revision=info.sha, local_dir=part),
                folder / Path(name).name,
            )
            done += sizes[name]
    except (httpx2.HTTPError, OSError, ValueError) as error:
        raise UnknownModel(
            f"{source.uri} could not be downloaded: {str(error).strip().splitlines()[0]}",
            hint="Check the name and the network (a mirror is set with HF_ENDPOINT, a token with HF_TOKEN), "
            "or download the model yourself and name it as file:/path/to/it.",
        ) from error
    return str(info.card_data.get("license") or "") if info.card_data else ""


def _model_files(source: Source, names: list[str]) -> list[str]:
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
    raise UnknownModel(
        f"{source.name} contains {len(ggufs)} GGUF files and no safetensors.",
        hint=f"Name one: {source.uri}#{ggufs[0]}"
        if ggufs
        else "Choose a repository with safetensors or GGUF.",
    )
