"""One page of a PDF as a picture, drawn in a process of its own: a hostile file can only break that."""

import base64
import subprocess
import sys
from pathlib import Path

SECONDS = 20.0
MEMORY_BYTES = 1024**3
_DRAW = """
import resource, sys
resource.setrlimit(resource.RLIMIT_DATA, (int(sys.argv[3]), int(sys.argv[3])))
import pypdfium2
page = pypdfium2.PdfDocument(sys.argv[1])[int(sys.argv[2]) - 1]
scale = min(1.6, 1600 / max(page.get_size()))
from lorewright.documents.png import png
bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
drawn = png(bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels, bytes(bitmap.buffer))
sys.stdout.buffer.write(drawn)
"""


def page_image(path: Path, page: int) -> str:
    """Return a page (counted from 1) as a PNG in a `data:` address; '' where it cannot be drawn."""
    command = [sys.executable, "-c", _DRAW, str(path), str(page), str(MEMORY_BYTES)]
    try:
        drawn = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return ""
    if drawn.returncode != 0 or not drawn.stdout:
        return ""
    return f"data:image/png;base64,{base64.b64encode(drawn.stdout).decode()}"
