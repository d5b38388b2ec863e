"""Sessions: who has logged in, as a signed token that ends with the logout or by itself."""

import errno
import os
import secrets
from pathlib import Path
from uuid import uuid4

from itsdangerous import BadSignature, URLSafeSerializer

from lorewright.errors import NotFound
from lorewright.storage import Database, Records

KIND = "session"
KEY_KIND = "session_key"


class Sessions:
    """The sessions of one server; `lasts_seconds` after the login they are over."""

    def __init__(self, database: Database, signing_key: bytes, *, lasts_seconds: float) -> None:
        self._records = Records(database, KIND)
        self._clock = database.clock
        self._signer = URLSafeSerializer(signing_key, salt="lorewright session")
        self.lasts_seconds = lasts_seconds

    def begin(self, user_id: str) -> str:
        """Return the token of a new session of a user."""
        for old in self._records.all(parent=user_id):
            if self._is_over(old.created_at):
                self._records.remove(old.id)
        session = self._records.add(f"session_{uuid4().hex}", {}, parent=user_id)
        token = self._signer.dumps(session.id)
        assert isinstance(token, str), "signed without bytes"
        return token

    def user_of(self, token: str) -> str | None:
        """Return the id of the user whose session this is, or `None` for a token that is over or false."""
        session_id = self._read(token)
        record = self._records.find(session_id) if session_id else None
        return None if record is None or self._is_over(record.created_at) else record.parent

    def end(self, token: str) -> None:
        """End a session; its token is worth nothing from here on."""
        session_id = self._read(token)
        if session_id:
            try:
                self._records.remove(session_id)
            except NotFound:
                return  # ended already

    def end_all(self, user_id: str) -> None:
        """End every session of a user."""
        self._records.remove_all(parent=user_id)

    def _read(self, token: str) -> str:
        try:
            return str(self._signer.loads(token))
        except BadSignature:
            return ""

    def _is_over(self, begun_at: float) -> bool:
        """Return whether a session's time is up, or it begins so late that the clock must have been wrong."""
        return abs(self._clock() - begun_at) >= self.lasts_seconds


def signing_key(path: Path, database: Database) -> bytes:
    """Return the bytes that sessions are signed with, made on the first start, for the owner's eyes only.

    Servers that share a database share them, through it. Where they cannot be kept they are new with
    every start.
    """
    if database.is_shared:
        made = path.read_bytes() if path.is_file() else secrets.token_bytes(32)
        kept = Records(database, KEY_KIND).put(KEY_KIND, lambda body: body or {"hex": made.hex()})
        return bytes.fromhex(kept.body["hex"])
    while True:
        try:
            return path.read_bytes()
        except FileNotFoundError:
            new = secrets.token_bytes(32)
            try:
                _write_once(path, new)
            except OSError as error:
                if error.errno in (errno.EROFS, errno.EACCES):
                    return new
                raise


def _write_once(path: Path, content: bytes) -> None:
    """Write a file whole, unless another process was faster."""
    draft = path.with_name(f"{path.name}.{uuid4().hex}")
    draft.touch(mode=0o600)
    try:
        draft.write_bytes(content)
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
