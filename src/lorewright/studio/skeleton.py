"""What a page shows while its scripts and its first content are on their way: its own outline."""

from functools import cache
from pathlib import Path
from urllib.parse import quote

from lorewright.studio import ROOT

N_LINKS, N_BLOCKS = 9, 3
_DOORS = ("/login", "/welcome", "/invitation")
_FILES = Path(__file__).parent / "look"
# A file of the studio is there as soon as the server is; a page would be built for nobody.
_AGAIN = """
(async function again() {
  const before = location.pathname.replace(/\\/(studio(\\/.*)?)?$/, "");
  for (;;) {
    try {
      await fetch(before + "/studio/look/favicon.svg", { cache: "no-store" });
      return location.reload();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
})();
"""


def skeleton(*, is_dark: bool | None, is_door: bool = False) -> str:
    """Return the outline of the frame as HTML, which needs no file; `None` follows the device.

    It is drawn as soon as the page arrives, and its look hides it once the page itself is there. That of
    a door has one card in the middle: who is not known yet sees nothing else.
    """
    look = {True: " lw-skeleton-dark", False: " lw-skeleton-light", None: ""}[is_dark]
    links, blocks = "<i></i>" * N_LINKS, "<b></b>" * N_BLOCKS
    inside = f'<div class="lw-skeleton-nav">{links}</div><div class="lw-skeleton-main"><i></i>{blocks}</div>'
    if is_door:
        look, inside = f"{look} lw-skeleton-door", "<b></b>"
    style = f"<style>{_file('skeleton.css')}</style>"
    return f'{style}<div class="lw-skeleton{look}" aria-hidden="true">{inside}</div>'


def starting_page(path: str) -> str | None:
    """Return the page at a path of a server that still starts; it is loaded again once that is there.

    `None` where the studio has no page.
    """
    if path != "/" and f"{ROOT}/" not in f"{path}/":
        return None
    outline = skeleton(is_dark=None, is_door=path.endswith(_DOORS))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Lorewright</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:image/svg+xml,{quote(_file("favicon.svg"))}">'
        '<noscript><meta http-equiv="refresh" content="2"></noscript></head>'
        f'<body>{outline}<p role="status" class="lw-skeleton-said">Lorewright is starting …</p>'
        f"<script>{_AGAIN}</script></body></html>"
    )


@cache
def _file(name: str) -> str:
    return (_FILES / name).read_text(encoding="utf-8")
