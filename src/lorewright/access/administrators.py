"""The last administrator stays: somebody must be able to let others in."""

from collections.abc import Iterable

from lorewright.access.keys import ApiKey
from lorewright.access.users import User
from lorewright.errors import InUse


def administrators(users: Iterable[User], keys: Iterable[ApiKey]) -> set[str]:
    """Return the ids of the users and the keys without a user that can always come in and may do everything.

    A user can come in with a password or an administrator's key; a key that expires does not count.
    """
    lasting = [key for key in keys if key.is_admin and key.expires_at is None]
    with_key = {key.user for key in lasting}
    return {key.id for key in lasting if not key.user} | {
        user.id
        for user in users
        if user.is_active and user.role == "administrator" and (user.password_hash or user.id in with_key)
    }


def need_one_left(before: set[str], after: set[str], name: str) -> None:
    """Raise `InUse` where nobody would be left to administrate."""
    if before and not after:
        raise InUse(
            f"{name} is the last administrator.",
            hint="Add another administrator first: a user, or a key that does not expire.",
        )
