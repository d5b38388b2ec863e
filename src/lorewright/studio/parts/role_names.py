"""What the roles of people are called."""

from lorewright.studio.i18n import t


def role_name(role: str) -> str:
    """Return what a role is called."""
    return {"administrator": t("Administrator"), "editor": t("Editor"), "reader": t("Reader")}[role]
