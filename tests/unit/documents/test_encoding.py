"""Text from bytes of any origin."""

import codecs

import pytest

from lorewright.documents.encoding import decode
from lorewright.errors import UnreadableDocument

RUSSIAN = "Однажды, в студеную зимнюю пору, я из лесу вышел; был сильный мороз. Поднимается медленно"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_with_and_without_a_mark(encoding: str) -> None:
    text = "Grüße, naïve ≠ 日本 and enough plain letters to tell the zeros apart."

    assert decode(text.encode(encoding)) == text


def test_older_encodings_are_guessed() -> None:
    """Exports of old systems are what many folders hold."""
    assert decode(RUSSIAN.encode("cp1251")) == RUSSIAN
    assert decode("Größe und Übermaß: 30 €, Straße".encode("cp1252")) == "Größe und Übermaß: 30 €, Straße"


def test_a_declared_encoding_is_believed_where_it_works() -> None:
    assert decode("ñandú".encode("latin-1"), declared="latin-1") == "ñandú"
    assert decode("ñandú".encode(), declared="no-such-encoding") == "ñandú"


@pytest.mark.parametrize("data", [b"\x7fELF\x02\x01\x01\x00\x00\x00\x80", bytes(range(256)) * 4])
def test_binary_data_is_refused(data: bytes) -> None:
    """Noise in the index is found by somebody's question."""
    with pytest.raises(UnreadableDocument, match="it is binary"):
        decode(data)


def test_a_mark_alone_is_an_empty_text() -> None:
    assert decode(codecs.BOM_UTF8) == ""
