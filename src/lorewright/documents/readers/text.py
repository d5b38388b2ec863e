"""Plain text, and source code as one fenced block."""

from pathlib import Path

from lorewright.documents.content import Content
from lorewright.encoding import decode


def read_text(path: Path) -> Content:
    """Return the text as it stands."""
    return Content(decode(path.read_bytes()))


def read_code(path: Path) -> Content:
    """Return source code or a settings file as a fenced block: its comments are no headings."""
    code = decode(path.read_bytes()).strip("\r\n")
    fence = "```" if "```" not in code else "~~~~"
    return Content(f"{fence}\n{code}\n{fence}" if code.strip() else "")
