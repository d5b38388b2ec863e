"""Text in pictures, where Debian's tesseract is installed."""

import os
import shutil
import subprocess
from pathlib import Path

from lorewright.documents.content import Content
from lorewright.errors import UnreadableDocument

OCR_HINT = "Install it (Debian: apt install tesseract-ocr)."


def read_image(path: Path) -> Content:
    """Return the text that tesseract sees in a picture."""
    return Content(recognised(path.read_bytes()))


def recognised(picture: bytes) -> str:
    """Return the text in a picture (PNG, JPEG, TIFF, PNM and others)."""
    program = shutil.which("tesseract")
    if program is None:
        raise UnreadableDocument("text in pictures needs tesseract", hint=OCR_HINT)
    # Several threads on one page cost ten times the time of one.
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(
        [program, "stdin", "stdout", "-l", "+".join(_languages(program))],
        input=picture,
        capture_output=True,
        env=environment,
    )
    if done.returncode:
        raise UnreadableDocument(f"tesseract failed on it ({done.stderr.decode(errors='replace').strip()})")
    return done.stdout.decode("utf-8", "replace")


def _languages(program: str) -> list[str]:
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True)
    return [name for name in listed.stdout.split("\n")[1:] if name and name != "osd"] or ["eng"]
