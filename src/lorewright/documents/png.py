"""Pixels as a PNG file: enough of the format to show a page, without a library for images."""

import struct
import zlib


def png(width: int, height: int, stride: int, n_channels: int, pixels: bytes) -> bytes:
    """Return a PNG of `height` rows of `stride` bytes each, grey (1), RGB (3) or RGBA (4 channels)."""
    colour = {1: 0, 3: 2, 4: 6}[n_channels]
    rows = b"".join(b"\0" + pixels[row * stride : row * stride + width * n_channels] for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(rows, 6))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
