"""What a page shows while its scripts and its first content are on their way: its own outline."""

N_LINKS, N_BLOCKS = 9, 3


def skeleton(*, is_dark: bool | None) -> str:
    """Return the outline of the frame as HTML, which needs no script; `None` follows the device.

    It is drawn as soon as the page arrives, and its look hides it once the page itself is there.
    """
    look = {True: " lw-skeleton-dark", False: " lw-skeleton-light", None: ""}[is_dark]
    links, blocks = "<i></i>" * N_LINKS, "<b></b>" * N_BLOCKS
    return (
        f'<div class="lw-skeleton{look}" aria-hidden="true"><div class="lw-skeleton-nav">{links}</div>'
        f'<div class="lw-skeleton-main"><i></i>{blocks}</div></div>'
    )
