"""What identifies weights."""

from collections.abc import Mapping
from hashlib import sha256


def sha256_of_all(files: Mapping[str, str]) -> str:
    """Return one sha256 for files given as name -> sha256: of a single file its own."""
    if len(files) == 1:
        return next(iter(files.values()))
    return sha256(
        "".join(f"{digest}  {name}\n" for name, digest in sorted(files.items())).encode()
    ).hexdigest()
