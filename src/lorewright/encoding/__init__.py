"""Bytes to text, whatever wrote them."""

from lorewright.encoding.decoding import decode

__all__ = ["decode"]
