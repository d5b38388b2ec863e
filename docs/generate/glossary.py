"""The glossary as the studio shows it: one text a term, made of the page."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "glossary.md"
COPY = ROOT / "src" / "lorewright" / "studio" / "static" / "glossary.json"
_LINK = re.compile(r"\[([^]]+)\]\([^)]+\)")


def as_json() -> str:
    """Return every term with its text, without the marks of the page."""
    entries = re.findall(r"^### (.+)\n\n(.+)\n", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    plain = {term: _LINK.sub(r"\1", text).replace("`", "") for term, text in entries}
    return json.dumps(plain, indent=1, ensure_ascii=False) + "\n"


def write_copy() -> bool:
    """Write the copy that is shipped; return whether it was another one."""
    text = as_json()
    if COPY.exists() and COPY.read_text(encoding="utf-8") == text:
        return False
    COPY.write_text(text, encoding="utf-8")
    return True
