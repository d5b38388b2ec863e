"""Text in pictures: by tesseract where it is installed, else by rapidocr (the extra `ocr`)."""

import logging
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from lorewright.documents.content import Content
from lorewright.errors import UnreadableDocument

OCR_HINT = "Install it (Debian: apt install tesseract-ocr), or rapidocr (pip install 'lorewright[ocr]')."


def read_image(path: Path) -> Content:
    """Return the text in a picture."""
    return Content(recognised(path.read_bytes()))


def recognised(picture: bytes) -> str:
    """Return the text in a picture (PNG, JPEG, TIFF, PNM and others)."""
    program = shutil.which("tesseract")
    if program is None:
        return _by_rapidocr(picture)
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


def _by_rapidocr(picture: bytes) -> str:
    engine = _rapidocr()
    if engine is None:
        raise UnreadableDocument("reading text in pictures needs tesseract", hint=OCR_HINT)
    try:
        seen = engine(picture)
    except _unopenable() as error:
        raise UnreadableDocument(f"it is damaged or not a picture ({error})") from error
    if seen.txts is None:
        return ""
    lines = zip(seen.txts, seen.boxes, strict=True)
    return "\n".join(_line(row) for row in _rows(list(lines)))


@cache
def _rapidocr() -> Any:
    """Return the engine, whose models come inside its wheel; `None` where it is not installed."""
    try:
        from rapidocr import RapidOCR
    except ModuleNotFoundError:
        return None
    logging.disable(logging.INFO)
    return RapidOCR()


def _unopenable() -> type[Exception]:
    from rapidocr.utils.load_image import LoadImageError

    unopenable: type[Exception] = LoadImageError
    return unopenable


def _rows(words: list[tuple[str, Any]]) -> list[list[tuple[str, Any]]]:
    """Return what was seen in lines from the top, each from the left: rapidocr gives boxes of text."""
    rows: list[list[tuple[str, Any]]] = []
    for text, box in sorted(words, key=lambda seen: float(seen[1][:, 1].mean())):
        middle, height = float(box[:, 1].mean()), float(box[:, 1].max() - box[:, 1].min())
        if rows and middle - float(rows[-1][0][1][:, 1].mean()) < height / 2:
            rows[-1].append((text, box))
        else:
            rows.append([(text, box)])
    return rows


def _line(row: list[tuple[str, Any]]) -> str:
    return " ".join(text for text, _ in sorted(row, key=lambda seen: float(seen[1][:, 0].min())))
