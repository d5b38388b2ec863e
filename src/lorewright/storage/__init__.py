"""One database (SQLite or PostgreSQL), its migrations, the index, and a folder of blobs."""

from lorewright.storage.database import Database, open_database, sqlite_url

__all__ = ["Database", "open_database", "sqlite_url"]
