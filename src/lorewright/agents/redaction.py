"""Secrets that must not reach a prompt, a trace or another program."""

import re
from collections.abc import Iterable

HIDDEN = "[secret removed]"
_LEAST_CHARACTERS = 6
_KEYS = re.compile(
    r"\blw-[A-Za-z0-9_-]{20,}|\bsk-[A-Za-z0-9_-]{20,}|\bghp_[A-Za-z0-9]{30,}|\bAKIA[0-9A-Z]{16}\b"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    re.DOTALL,
)
"""What looks like a key of ours or of a well-known provider."""


class Redactor:
    """Takes known secrets, and what has the form of a key, out of texts."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = sorted(
            {secret for secret in secrets if len(secret) >= _LEAST_CHARACTERS}, key=len, reverse=True
        )
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        """Return a text without secrets."""
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        return _KEYS.sub(HIDDEN, text)
