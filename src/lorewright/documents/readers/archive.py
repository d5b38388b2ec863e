"""Archives: every file in them, read as the file of its name is, within limits."""

import bz2
import gzip
import lzma
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from lorewright.documents.content import Content, title_of_name
from lorewright.documents.parts import MAX_BYTES, MAX_RATIO, Parts, check_ratio, reading_parts
from lorewright.encoding import decode
from lorewright.errors import UnreadableDocument

_HIDDEN = (".", "__MACOSX", "~$")
_PACKED = (".gz", ".bz2", ".xz")


def read_archive(path: Path) -> Content:
    """Return the text of all files in an archive, each under a heading with its path."""
    with reading_parts() as parts:
        if zipfile.is_zipfile(path):
            _read_zip(path, parts)
        elif _is_tar(path):
            _read_tar(path, parts)
        elif path.suffix.lower() in _PACKED:
            _read_packed(path, parts)
        else:
            raise UnreadableDocument("it is damaged or not an archive")
    if not parts.texts:
        raise UnreadableDocument("; ".join(["no file in it could be read", *parts.unread[:3]]))
    return parts.content(title=title_of_name(path.name))


def _read_zip(path: Path, parts: Parts) -> None:
    with zipfile.ZipFile(path) as archive:
        for member in sorted(archive.infolist(), key=lambda entry: entry.filename):
            name = _name(member)
            if member.is_dir() or _is_hidden(name):
                continue
            try:
                check_ratio(member.compress_size, member.file_size)
                if member.flag_bits & 1:
                    raise UnreadableDocument("it is password-protected")
                parts.add(name, _at_most(archive.open(member), member.file_size))
            except UnreadableDocument as error:
                parts.miss(name, str(error))
            except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
                parts.miss(name, f"it is damaged ({error})")


def _name(member: zipfile.ZipInfo) -> str:
    """Return a member's path; old programs write it in the encoding of their country."""
    if member.flag_bits & 0x800 or member.filename.isascii():
        return member.filename
    try:
        return decode(member.filename.encode("cp437"))
    except (UnicodeEncodeError, UnreadableDocument):
        return member.filename


def _is_tar(path: Path) -> bool:
    try:
        return tarfile.is_tarfile(path)
    except (OSError, EOFError, lzma.LZMAError):
        return False


def _read_tar(path: Path, parts: Parts) -> None:
    packed = path.stat().st_size
    n_bytes = 0
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                n_bytes += member.size
                check_ratio(packed, n_bytes)  # the whole archive is packed as one
                if not member.isfile() or _is_hidden(member.name):
                    continue
                file = archive.extractfile(member)
                if file is not None:
                    parts.add(member.name, _at_most(file, member.size))
    except UnreadableDocument as error:
        parts.miss("the rest of the archive", str(error))
    except (tarfile.TarError, OSError, EOFError, lzma.LZMAError) as error:
        parts.miss("the rest of the archive", f"it is damaged ({error})")


def _read_packed(path: Path, parts: Parts) -> None:
    """Read the one file that a .gz, .bz2 or .xz file holds."""
    limit = max(MAX_RATIO * path.stat().st_size, 1024**2)
    try:
        data = _at_most(_unpacking(path), min(limit, MAX_BYTES))
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise UnreadableDocument(f"it is damaged ({error})") from error
    parts.add(path.stem, data)


def _unpacking(path: Path) -> lzma.LZMAFile | gzip.GzipFile | bz2.BZ2File:
    suffix = path.suffix.lower()
    if suffix == ".bz2":
        return bz2.open(path)
    return lzma.open(path) if suffix == ".xz" else gzip.open(path)


def _at_most(file: IO[bytes] | lzma.LZMAFile | gzip.GzipFile | bz2.BZ2File, size: int) -> bytes:
    """Return what a file holds; raise `UnreadableDocument` where that is more than it should."""
    with file:
        data = file.read(size + 1)
    if len(data) > size:
        raise UnreadableDocument(f"it would expand to more than {size:,} bytes")
    return data


def _is_hidden(name: str) -> bool:
    return any(part.startswith(_HIDDEN) for part in _split(name))


def _split(name: str) -> Iterator[str]:
    return (part for part in name.replace("\\", "/").split("/") if part not in ("", ".", ".."))
