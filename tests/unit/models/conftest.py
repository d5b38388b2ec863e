"""GGUF files without sense: a header and a few numbers."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

WriteGguf = Callable[[Path], Path]


@pytest.fixture
def write_gguf() -> WriteGguf:
    """Return a function that writes the smallest model file that has something to say."""

    def write(path: Path) -> Path:
        texts = {
            "general.architecture": "llama",
            "general.name": "Tiny",
            "general.license": "mit",
            "tokenizer.chat_template": "{{ messages }}",
        }
        fields = [_text(key) + struct.pack("<I", 8) + _text(value) for key, value in texts.items()]
        fields.append(_text("llama.context_length") + struct.pack("<II", 4, 512))
        words = b"".join(map(_text, ("a", "b", "c")))
        fields.append(_text("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, 3) + words)
        scores = struct.pack("<3f", 1, 2, 3)
        fields.append(_text("tokenizer.ggml.scores") + struct.pack("<IIQ", 9, 6, 3) + scores)
        fields.append(_text("llama.block_count") + struct.pack("<II", 4, 2))
        tensors = _text("token_embd.weight") + struct.pack("<IQQIQ", 2, 4, 3, 0, 0)
        tensors += _text("output_norm.weight") + struct.pack("<IQIQ", 1, 4, 0, 64)
        header = b"GGUF" + struct.pack("<IQQ", 3, 2, len(fields)) + b"".join(fields) + tensors
        path.write_bytes(header + bytes(31) + bytes(64 + 16))
        return path

    return write


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text)) + text.encode()
