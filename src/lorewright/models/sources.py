"""Where a model comes from, as a URI."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from lorewright.errors import UnknownModel
from lorewright.registry import plugin_names

_FORMS = (
    "A model source is pypi:name==version[#file], hf:org/name[@revision][#file], "
    "file:/path/to/model.gguf or openai:name@base_url; several replicas: openai:name@base_url,base_url."
)
_STORED = ("pypi", "hf", "file")
_PYPI = re.compile(r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)==(?P<version>[A-Za-z0-9][\w.!+-]*)")
_HF = re.compile(r"(?P<name>[\w.-]+/[\w.-]+)(?:@(?P<version>[\w./-]+))?")
_CREDENTIALS = re.compile(r"(\w+://)[^/\s@]*@")
_OPENAI = re.compile(r"(?P<name>[^@\s]+)(?:@(?P<base_url>https?://\S+))?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where a model comes from; the `scheme` is pypi, hf, file, openai, or the name of a plug-in engine.

    `name` is a package, a repository, an absolute path or a remote model's name; `version` a
    release or a revision; `file` one file of several; `base_url` where a remote model is served, or several
    addresses with commas between.
    """

    scheme: str
    name: str
    version: str = ""
    file: str = ""
    base_url: str = ""

    @property
    def uri(self) -> str:
        """Return the source as a URI; two spellings of one source have the same."""
        between = {"pypi": "==", "hf": "@"}.get(self.scheme, "")
        version = f"{between}{self.version}" if self.version else ""
        url = f"@{self.base_url}" if self.base_url else ""
        return f"{self.scheme}:{self.name}{version}{url}{f'#{self.file}' if self.file else ''}"

    @property
    def base_urls(self) -> tuple[str, ...]:
        """The addresses of a remote model's replicas; none where the SDK knows the one."""
        return tuple(self.base_url.split(",")) if self.base_url else ()

    @property
    def is_remote(self) -> bool:
        """Tell whether another server or a plug-in runs the model, so that there is nothing to download."""
        return self.scheme not in _STORED

    @property
    def is_plugin(self) -> bool:
        """Tell whether an engine of an installed package runs the model."""
        return self.is_remote and self.scheme != "openai"


def without_password(text: str) -> str:
    """Return a text with users and passwords taken out of the addresses in it."""
    return _CREDENTIALS.sub(r"\1", text)


def parse_source(uri: str) -> Source:
    """Return the source a URI names; a plain path is a `file:`. Raise `UnknownModel` for any other."""
    scheme, _, rest = uri.partition(":")
    if scheme == "file" or (":" not in uri and _looks_like_a_path(uri)):
        path = rest.removeprefix("//") if scheme == "file" else uri
        if path.strip():
            return Source(scheme="file", name=str(Path(path).expanduser().absolute()))
    rest, _, file = rest.partition("#")
    if scheme == "pypi" and (match := _PYPI.fullmatch(rest)):
        return Source(scheme="pypi", **match.groupdict(), file=file)
    if scheme == "hf" and (match := _HF.fullmatch(rest)):
        return Source(scheme="hf", name=match["name"], version=match["version"] or "", file=file)
    if scheme == "openai" and not file and (match := _OPENAI.fullmatch(rest)):
        urls = _addresses(match["base_url"] or "", uri)
        return Source(scheme="openai", name=match["name"], base_url=",".join(urls))
    if rest and scheme in plugin_names("engine"):
        return Source(scheme=scheme, name=rest, file=file)
    raise UnknownModel(f"{without_password(uri)!r} is not a model source.", hint=_FORMS)


def _addresses(urls: str, uri: str) -> list[str]:
    """Return the addresses between commas, each once; raise `UnknownModel` where one is none."""
    addresses = [url.rstrip("/") for url in urls.split(",")] if urls else []
    for url in addresses:
        _need_no_password(url)
        if not re.fullmatch(r"https?://[^\s/].*", url):
            raise UnknownModel(
                f"One of the addresses in {_without_secrets(uri)!r} is not the URL of a server.",
                hint="Write every address whole: openai:name@http://a:8000/v1,http://b:8000/v1",
            )
    return list(dict.fromkeys(addresses))


def _without_secrets(uri: str) -> str:
    """Return a source with whatever stands before an @ in its addresses taken out, URL or not."""
    name, _, urls = without_password(uri).partition("@")
    return f"{name}@" + ",".join(url.rpartition("@")[2] for url in urls.split(","))


def _need_no_password(url: str) -> None:
    """Raise `UnknownModel` for an address that holds a user or a password; neither is ever repeated."""
    parts = urlsplit(url)
    if "@" in parts.netloc:
        raise UnknownModel(
            f"The URL of the model at {parts.hostname} contains a user name or password, which would be "
            "shown wherever the model is named.",
            hint="Remove it, and name the environment variable with the key in models.api_key_env.",
        )


def is_remote(uri: str) -> bool:
    """Tell whether another server or a plug-in runs a model, so that it is no file on this machine."""
    scheme = uri.partition(":")[0] if ":" in uri else "file"
    return scheme == "openai" or (scheme not in _STORED and scheme in plugin_names("engine"))


def _looks_like_a_path(text: str) -> bool:
    return text.startswith(("/", "./", "../", "~")) or text.endswith(".gguf")
