"""What those who did something are called."""

from lorewright.access import LOCAL
from lorewright.studio.i18n import t


def person_name(name: str) -> str:
    """Return what somebody is called; where nobody logs in, it was whoever sits at this machine."""
    return t("This machine") if name == LOCAL.name else name
