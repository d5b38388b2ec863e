"""Which reader reads which file, by the suffix of its name."""

import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from lorewright.documents.content import Content, Reader
from lorewright.errors import BrokenPlugin, InvalidSetting
from lorewright.registry import Registry

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class FileReader:
    """A reader from a plug-in: the suffixes of its files, their media type, and what reads one.

    It runs in the process for files that may be hostile: without a network, and within limits.
    """

    suffixes: tuple[str, ...]
    media_type: str
    read: Reader

    def __call__(self, path: Path) -> Content:
        """Return what is in a file."""
        return self.read(path)


READERS: Registry[Reader] = Registry(
    "reader",
    {
        "text": "lorewright.documents.readers.text:read_text",
        "code": "lorewright.documents.readers.text:read_code",
        "markdown": "lorewright.documents.readers.markdown:read_markdown",
        "csv": "lorewright.documents.readers.csv:read_csv",
        "json": "lorewright.documents.readers.json:read_json",
        "jsonl": "lorewright.documents.readers.json:read_json_lines",
        "html": "lorewright.documents.readers.html:read_html",
        "pdf": "lorewright.documents.readers.pdf:read_pdf",
        "pdfium": "lorewright.documents.readers.pdf:read_pdf_plainly",
        "office": "lorewright.documents.readers.office:read_office",
        "restructured": "lorewright.documents.readers.restructured:read_restructured",
        "rtf": "lorewright.documents.readers.rtf:read_rtf",
        "subtitles": "lorewright.documents.readers.subtitles:read_subtitles",
        "image": "lorewright.documents.readers.image:read_image",
        "mail": "lorewright.documents.readers.mail:read_mail",
        "mailbox": "lorewright.documents.readers.mail:read_mailbox",
        "web-archive": "lorewright.documents.readers.mail:read_web_archive",
        "outlook": "lorewright.documents.readers.outlook:read_outlook",
        "archive": "lorewright.documents.readers.archive:read_archive",
    },
    group="reader",
    accepts=lambda part: isinstance(part, FileReader),
    form="a lorewright.documents.FileReader",
)
"""Every reader by name; a plug-in adds one with the entry point group `lorewright.reader`."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its media type and its readers, tried in order where one breaks down.

    A sandboxed reader runs in a process of its own: hostile files can make it hang or crash.
    """

    media_type: str
    readers: tuple[str, ...]
    is_sandboxed: bool = True


def _kinds(kind: Kind, suffixes: str) -> dict[str, Kind]:
    return dict.fromkeys((f".{suffix}" for suffix in suffixes.split()), kind)


_TEXT = Kind("text/plain", ("text",), is_sandboxed=False)
_CODE = Kind("text/x-source", ("code",), is_sandboxed=False)
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_IMAGE = Kind("image", ("image",))

KINDS: Mapping[str, Kind] = {
    **_kinds(_TEXT, "txt text log"),
    **_kinds(Kind("text/markdown", ("markdown",), is_sandboxed=False), "md markdown mdx mkd qmd rmd"),
    **_kinds(Kind("text/csv", ("csv",), is_sandboxed=False), "csv tsv tab psv"),
    **_kinds(Kind("application/json", ("json",), is_sandboxed=False), "json"),
    **_kinds(Kind("application/jsonl", ("jsonl",), is_sandboxed=False), "jsonl ndjson"),
    **_kinds(
        _CODE,
        "py js mjs ts tsx jsx java kt c h cc cpp hpp cs go rs rb php swift scala r sql sh bash zsh ps1 bat "
        "yaml yml toml ini cfg conf env properties tf proto graphql css scss vue lua pl dart ex exs hs",
    ),
    **_kinds(Kind("text/html", ("html",)), "html htm xhtml xht"),
    **_kinds(Kind("application/pdf", ("pdf", "pdfium", "office")), "pdf"),
    **_kinds(Kind(f"{_OPEN_XML}wordprocessingml.document", ("office",)), "docx docm dotx dotm"),
    **_kinds(Kind(f"{_OPEN_XML}spreadsheetml.sheet", ("office",)), "xlsx xlsm xlsb xltx xltm"),
    **_kinds(Kind(f"{_OPEN_XML}presentationml.presentation", ("office",)), "pptx pptm ppsx potx potm"),
    **_kinds(Kind("application/msword", ("office",)), "doc dot"),
    **_kinds(Kind("application/vnd.ms-excel", ("office",)), "xls xlt xla"),
    **_kinds(Kind("application/vnd.ms-powerpoint", ("office",)), "ppt pps pot"),
    **_kinds(Kind(f"{_OPEN_DOCUMENT}text", ("office",)), "odt"),
    **_kinds(Kind(f"{_OPEN_DOCUMENT}spreadsheet", ("office",)), "ods"),
    **_kinds(Kind(f"{_OPEN_DOCUMENT}presentation", ("office",)), "odp"),
    **_kinds(Kind("application/rtf", ("rtf", "office")), "rtf"),
    **_kinds(Kind("application/epub+zip", ("office",)), "epub"),
    **_kinds(Kind("application/x-fictionbook+xml", ("office",)), "fb2"),
    **_kinds(Kind("message/rfc822", ("mail", "office")), "eml"),
    **_kinds(Kind("application/mbox", ("mailbox", "office")), "mbox"),
    **_kinds(Kind("multipart/related", ("web-archive", "office")), "mht mhtml"),
    **_kinds(Kind("application/vnd.ms-outlook", ("outlook", "office")), "msg"),
    **_kinds(Kind("application/zip", ("archive",)), "zip"),
    **_kinds(Kind("application/x-tar", ("archive",)), "tar tgz tbz2 txz"),
    **_kinds(Kind("application/gzip", ("archive",)), "gz bz2 xz"),
    **_kinds(Kind("application/x-ipynb+json", ("office",)), "ipynb"),
    **_kinds(Kind("application/xml", ("office", "text")), "xml docbook dbk nxml jats opml"),
    **_kinds(Kind("text/x-rst", ("restructured", "text")), "rst"),
    **_kinds(Kind("text/asciidoc", ("office", "text")), "adoc asciidoc"),
    **_kinds(Kind("text/org", ("office", "text")), "org"),
    **_kinds(Kind("application/x-latex", ("office", "text")), "tex latex"),
    **_kinds(Kind("text/vtt", ("subtitles", "office", "text")), "vtt srt"),
    **_kinds(Kind("text/x-typst", ("office", "text")), "typ"),
    **_kinds(Kind("application/vnd.wordperfect", ("office",)), "wpd wp"),
    **_kinds(Kind("application/x-hwp", ("office",)), "hwp hwpx"),
    **_kinds(Kind("application/vnd.ms-xpsdocument", ("office",)), "xps oxps"),
    **_kinds(_IMAGE, "png jpg jpeg tif tiff bmp webp gif"),
}
"""Kinds of files by suffix, in lower case."""


def kind_of(path: Path, readers: Mapping[str, str] = MappingProxyType({})) -> Kind | None:
    """Return the kind of a file, or `None`; files without a suffix are taken for text.

    `readers` names the reader for a suffix, with or without its dot. Without one a built-in reader
    is taken, and then that of a plug-in. Raises what loading a plug-in raises.
    """
    suffix = path.suffix.lower()
    if not suffix:
        return _TEXT
    named = {f".{key.lower().lstrip('.')}": name for key, name in readers.items()}.get(suffix)
    if named is not None:
        return _kind_read_by(named, suffix)
    return KINDS.get(suffix) or _plugin_kind(suffix)


def _kind_read_by(name: str, suffix: str) -> Kind:
    """Return the kind of a file that the settings give to a reader."""
    reader = READERS.load(name)
    if isinstance(reader, FileReader):
        return Kind(reader.media_type, (name,))
    own = next((kind for kind in KINDS.values() if name in kind.readers), None)
    if own is None:
        raise InvalidSetting(
            f"documents.readers: {name!r} does not read files by itself.", hint="Name another reader."
        )
    known = KINDS.get(suffix, own)
    return Kind(known.media_type, (name,), is_sandboxed=own.is_sandboxed)


def _plugin_kind(suffix: str) -> Kind | None:
    """Return the kind of a file that a plug-in reads; one that does not load reads none."""
    for name in READERS.plugin_names():
        with suppress(BrokenPlugin):
            reader = READERS.load(name)
            if isinstance(reader, FileReader) and suffix in reader.suffixes:
                return Kind(reader.media_type, (name,))
    return None


def broken_reader() -> str:
    """Return why a reader of a plug-in does not load, '' where all do: it may be the one that is missed."""
    return next((plugin.error for plugin in READERS.examine() if plugin.error), "")


def is_readable(path: Path) -> bool:
    """Return whether some reader reads files of this name; images need an OCR engine."""
    kind = kind_of(path)
    return kind is not None and (kind is not _IMAGE or has_ocr())


def has_ocr() -> bool:
    """Return whether text in pictures can be read here."""
    return shutil.which("tesseract") is not None or find_spec("rapidocr") is not None
