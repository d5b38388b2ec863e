"""One database (SQLite or PostgreSQL), its migrations, the index, and a folder of blobs."""

from lorewright.storage.blobs import Blob, Blobs
from lorewright.storage.database import Database, open_database, sqlite_url
from lorewright.storage.records import Order, Page, Record, Records

__all__ = ["Blob", "Blobs", "Database", "Order", "Page", "Record", "Records", "open_database", "sqlite_url"]
