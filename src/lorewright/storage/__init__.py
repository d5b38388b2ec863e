"""One database (SQLite or PostgreSQL), its migrations, the index, and a folder of blobs."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lorewright.storage.blobs import Blob, Blobs
    from lorewright.storage.database import Database, sqlite_url
    from lorewright.storage.opening import open_database
    from lorewright.storage.records import Order, Page, Record, Records

__all__ = ["Blob", "Blobs", "Database", "Order", "Page", "Record", "Records", "open_database", "sqlite_url"]

_HOMES = {
    **dict.fromkeys(("Blob", "Blobs"), "blobs"),
    **dict.fromkeys(("Database", "sqlite_url"), "database"),
    "open_database": "opening",
    **dict.fromkeys(("Order", "Page", "Record", "Records"), "records"),
}


def __getattr__(name: str) -> Any:
    """Load SQLAlchemy only for those who open a database: models and the index keep files alone."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"lorewright.storage.{_HOMES[name]}"), name)
