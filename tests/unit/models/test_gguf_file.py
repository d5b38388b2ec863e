"""What a GGUF file says about itself."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lorewright.errors import UnknownModel
from lorewright.models import GgufFacts, read_gguf_facts


def test_a_file_says_what_it_is_without_being_loaded(
    tmp_path: Path, write_gguf: Callable[[Path], Path]
) -> None:
    path = write_gguf(tmp_path / "tiny.gguf")

    assert read_gguf_facts(path) == GgufFacts(
        kind="model",
        architecture="llama",
        name="Tiny",
        licence="mit",
        context_tokens=512,
        n_parameters=16,
        n_layers=2,
        size_bytes=path.stat().st_size,
        chat_template="{{ messages }}",
        weight_types=frozenset({0}),
        shape={"context_length": 512, "block_count": 2},
    )


def test_a_file_that_was_cut_short_is_refused_wherever_it_was_cut(
    tmp_path: Path, write_gguf: Callable[[Path], Path]
) -> None:
    whole = write_gguf(tmp_path / "whole.gguf").read_bytes()
    cut = tmp_path / "cut.gguf"
    for n_bytes in range(4, len(whole) - 48, 7):
        cut.write_bytes(whole[:n_bytes])
        with pytest.raises(UnknownModel, match="damaged") as caught:
            read_gguf_facts(cut)
        assert "download may be incomplete" in caught.value.hint


@pytest.mark.parametrize("content", [b"", b"GG", b"<html>Not found</html>", b"PK\x03\x04"])
def test_another_kind_of_file_is_refused(tmp_path: Path, content: bytes) -> None:
    page = tmp_path / "model.gguf"
    page.write_bytes(content)

    with pytest.raises(UnknownModel, match=r"model\.gguf is not a GGUF model file"):
        read_gguf_facts(page)


def test_a_header_that_promises_the_moon_is_refused(tmp_path: Path) -> None:
    """A hostile file must not take the memory or the hour that it asks for."""
    hostile = tmp_path / "hostile.gguf"
    hostile.write_bytes(b"GGUF" + (3).to_bytes(4, "little") + b"\xff" * 64)

    with pytest.raises(UnknownModel, match="damaged"):
        read_gguf_facts(hostile)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownModel, match=r"Model file not found: .*gone\.gguf"):
        read_gguf_facts(tmp_path / "gone.gguf")
