"""Mail: what people wrote, and every attachment read as the file of its name is."""

import codecs
import mailbox
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import Message
from email.utils import parseaddr
from pathlib import Path

from lorewright.documents.completion import folded
from lorewright.documents.content import Content, cleaned
from lorewright.documents.kinds import KINDS
from lorewright.documents.parts import MAX_PARTS, Parts, demoted, reading_parts
from lorewright.documents.readers.html import html_content
from lorewright.documents.readers.mail_quotes import with_quotes_first
from lorewright.encoding import decode
from lorewright.errors import UnreadableDocument

_WORD = re.compile(r"\w+")
_SHOWN = ("Subject", "From", "To", "Cc", "Date")
_POLICY = policy.default.clone(utf8=True)
_BY_TYPE = {
    "application/pdf": ".pdf", "application/msword": ".doc", "application/rtf": ".rtf", "text/csv": ".csv",
    "text/markdown": ".md", "application/json": ".json", "application/zip": ".zip",
}  # fmt: skip


def read_mail(path: Path) -> Content:
    """Return a message: its head, its text, and its attachments under headings of their own."""
    data = path.read_bytes()
    if b"\0" in data[:1000]:  # saved in two bytes a letter
        data = decode(data).encode()
    return _content(message_from_bytes(data.lstrip(codecs.BOM_UTF8), policy=_POLICY))


def read_mailbox(path: Path) -> Content:
    """Return all messages of a mailbox, each under a heading with its subject."""
    box = mailbox.mbox(path, create=False)
    texts: list[str] = []
    missed: list[str] = []
    known: list[str] = []
    n_quoted = 0
    with reading_parts() as parts:
        for number, key in enumerate(box.iterkeys()):
            if number == MAX_PARTS:
                missed.append(f"messages after the first {MAX_PARTS:,} were not read: there are too many")
                break
            content, n_left_out = _told(message_from_bytes(box.get_bytes(key), policy=_POLICY), known)
            n_quoted += n_left_out
            known.append(folded(content.text))
            texts.append(f"# {content.title or '(no subject)'}\n\n{demoted(content.text, 1)}")
            missed += content.report.unread_parts
    box.close()
    if not texts:
        return read_mail(path)
    report = parts.content().report.with_parts(missed)
    report = report.with_left_out(f"quoted replies ({n_quoted:,} characters)" if n_quoted else "")
    return Content("\n\n".join(texts), report=report)


def read_web_archive(path: Path) -> Content:
    """Return the page that a browser saved with its pictures in one file."""
    message = message_from_bytes(path.read_bytes(), policy=_POLICY)
    pages = [
        part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")
    ]
    contents = [_page(page) for page in pages]
    if not any(content.text for content in contents):
        return _content(message)
    first = contents[0]
    text = "\n\n".join(content.text for content in contents if content.text)
    return Content(text, first.title or _header(message, "Subject"), first.metadata, report=first.report)


def _content(message: Message) -> Content:
    return _told(message, ())[0]


def _told(message: Message, known: Collection[str]) -> tuple[Content, int]:
    """Return a message, and how much of it was left out since it is `known`."""
    subject = _header(message, "Subject")
    head = "\n".join(f"{name}: {value}" for name in _SHOWN if (value := _header(message, name)))
    with reading_parts() as parts:
        text = "\n\n".join(_texts(message, parts))
        who, when = parseaddr(_header(message, "From")), _header(message, "Date")
        plain = cleaned(text)
        told, n_left_out = with_quotes_first(plain, who=who[0] or who[1], when=when, known=known)
        text = text if told == plain else told
        if not text.strip() and not parts.texts:
            for part in message.walk():
                if part.get_content_maintype() == "image":
                    parts.add(str(part.get_filename() or "picture.png"), _bytes(part))
        metadata = {"author": _header(message, "From"), "created": _header(message, "Date")}
        content = parts.content("\n\n".join(filter(None, (head, text))), title=subject)
    held = {name: value for name, value in metadata.items() if value}
    return Content(content.text, subject, held, report=content.report), n_left_out


def _header(message: Message, name: str) -> str:
    """Return a header in one line, decoded; '' for one that is missing or cannot be parsed."""
    try:
        value = message.get(name)
    except (ValueError, IndexError, AttributeError, TypeError, LookupError):  # the parser of hostile headers
        value = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    return " ".join(str(value or "").encode("utf-8", "replace").decode().split())


def _texts(part: Message, parts: Parts) -> Iterator[str]:
    """Yield the texts of a message in order; what is attached goes to `parts`."""
    kind = part.get_content_type()
    if kind == "multipart/alternative" and isinstance(part.get_payload(), list):
        for chosen in _alternatives(part):
            yield from _texts(chosen, parts)
    elif part.is_multipart() and kind != "message/rfc822":
        for inner in part.get_payload():
            if isinstance(inner, Message):
                yield from _texts(inner, parts)
    elif kind == "message/rfc822" or part.get_content_disposition() == "attachment" or part.get_filename():
        _attach(part, parts)
    elif kind in ("text/html", "application/xhtml+xml"):
        yield _page(part).text
    elif kind.startswith(("text/", "message/")):
        yield _decoded(part)
    elif not kind.startswith("image/") or part.get_content_disposition():
        _attach(part, parts)


def _alternatives(part: Message) -> list[Message]:
    """Return the alternatives to read: the plain one, the page if it says more, both where they differ."""
    inner = [other for other in part.get_payload() if isinstance(other, Message)]
    plain = next((other for other in inner if other.get_content_type() == "text/plain"), None)
    rich = next((other for other in reversed(inner) if other is not plain), None)
    if plain is None or rich is None:
        return [other for other in (plain, rich) if other is not None]
    if rich.get_content_type() != "text/html":
        return [rich] if rich.is_multipart() else [plain]
    in_plain, in_rich = (
        Counter(_WORD.findall(text.casefold())) for text in (_decoded(plain), _page(rich).text)
    )
    if in_plain.total() < 0.6 * in_rich.total():
        return [rich]
    return [plain] if (in_rich & in_plain).total() >= 0.5 * in_rich.total() else [plain, rich]


def _page(part: Message) -> Content:
    return html_content(_bytes(part), declared=_charset(part))


def _attach(part: Message, parts: Parts) -> None:
    if part.get_content_type() == "message/rfc822":
        _attach_message(part, parts)
        return
    kind = part.get_content_type()
    name = str(part.get_filename() or "attachment" + _BY_TYPE.get(kind, ""))
    is_inline = part.get_content_disposition() != "attachment" or part.get("Content-ID")
    if kind.startswith("image/") and is_inline:
        return  # a logo or a signature, unless it is all there is
    parts.add(name, _bytes(part), kind=KINDS[".txt"] if kind.startswith("text/") else None)


def _attach_message(part: Message, parts: Parts) -> None:
    inner = part.get_payload()
    message = inner[0] if isinstance(inner, list) and inner else None
    if not isinstance(message, Message):
        return
    data = message.as_bytes(policy=policy.SMTP)
    if str(part.get("Content-Transfer-Encoding", "")).lower() == "base64":  # not allowed, but done
        with suppress(ValueError):
            data = b64decode(str(message.get_payload()))
    name = str(part.get_filename() or f"{_header(message, 'Subject') or 'message'}.eml")
    parts.add(name if name.lower().endswith(".eml") else f"{name}.eml", data)


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _charset(part: Message) -> str:
    try:
        return str(part.get_content_charset() or "")
    except (LookupError, UnicodeError):
        return ""


def _decoded(part: Message) -> str:
    try:
        return decode(_bytes(part), declared=_charset(part))
    except UnreadableDocument:
        return ""
