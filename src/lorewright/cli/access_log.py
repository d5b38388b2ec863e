"""The lines about requests, on standard error."""

import logging


def write_access_log() -> None:
    """Let the lines about requests reach standard error as they are."""
    log = logging.getLogger("lorewright.access")
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
