"""Every table of the workspace database.

PostgreSQL keeps texts without a limit of their own, in the order of their code points, as SQLite does.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeEngine

metadata = MetaData()


def _text(n: int = 0) -> TypeEngine[str]:
    """Return the type of a text; in SQLite, what is `n` characters long at most is named so."""
    return (String(n) if n else Text()).with_variant(Text(collation="C"), "postgresql")


_Number = Integer().with_variant(BigInteger(), "postgresql")

document = Table(
    "document",
    metadata,
    Column("id", _text(), primary_key=True),
    Column("title", _text(), nullable=False),
    Column("text", _text(), nullable=False),
    Column("text_hash", _text(64), nullable=False),
    Column("file_hash", _text(64), nullable=False),
    Column("media_type", _text(100), nullable=False),
    Column("page_starts", _text(), nullable=False),
    Column("metadata", _text(), nullable=False),
    Column("n_versions", Integer, nullable=False),
    Column("indexed_hash", _text(64), nullable=False),  # text_hash the index holds; '' while missing
    Column("added_at", Float, nullable=False),
    Column("updated_at", Float, nullable=False),
)

_WAITING = text("text_hash != indexed_hash")
Index("document_to_index", document.c.id, sqlite_where=_WAITING, postgresql_where=_WAITING)

document_change = Table(
    "document_change",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("document_id", _text(), nullable=False),
    Column("kind", _text(10), nullable=False),  # new, changed, removed
    Column("text_hash", _text(64), nullable=False),
    Column("at", Float, nullable=False),
)
Index("document_change_at", document_change.c.at)

run = Table(
    "run",
    metadata,
    Column("id", _text(32), primary_key=True),
    Column("adapter", _text(20), nullable=False),  # bare or context
    Column("state", _text(20), nullable=False),  # running, finished, failed
    Column("recipe", _text(), nullable=False),
    Column("fingerprint", _text(64), nullable=False),  # what it was trained on
    Column("metrics", _text(), nullable=False),
    Column("path", _text(), nullable=False),
    Column("started_at", Float, nullable=False),
    Column("finished_at", Float),
)

comparison = Table(
    "comparison",
    metadata,
    Column("id", _text(32), primary_key=True),
    Column("created_at", Float, nullable=False),
    Column("body", _text(), nullable=False),
)

job = Table(
    "job",
    metadata,
    Column("id", _text(32), primary_key=True),
    Column("kind", _text(20), nullable=False),
    Column("order_json", _text(), nullable=False),
    Column("state", _text(20), nullable=False),  # queued, running, finished, failed, cancelled
    Column("attempt", Integer, nullable=False),
    Column("host", _text()),  # where that process is: pids mean nothing elsewhere
    Column("pid", Integer),
    Column("pid_started", Float),  # start time of that process: pids are reused
    Column("lease_until", Float),
    Column("is_cancel_wanted", Boolean, nullable=False),
    Column("error", _text(), nullable=False),
    Column("result", _text(), nullable=False),
    Column("created_at", Float, nullable=False),
    Column("finished_at", Float),
)

Index("job_kind_state", job.c.kind, job.c.state)

job_step = Table(
    "job_step",
    metadata,
    Column("job_id", _text(32), ForeignKey("job.id", ondelete="CASCADE"), primary_key=True),
    Column("name", _text(), primary_key=True),
    Column("result", _text(), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("finished_at", Float, nullable=False),
)

job_event = Table(
    "job_event",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("job_id", _text(32), ForeignKey("job.id", ondelete="CASCADE"), nullable=False),
    Column("kind", _text(20), nullable=False),  # progress, line
    Column("body", _text(), nullable=False),
    Column("at", Float, nullable=False),
    UniqueConstraint("job_id", "id"),
)

record = Table(
    "record",
    metadata,
    Column("seq", _Number, primary_key=True),  # order of creation: two records of one second have one
    Column("id", _text(80), nullable=False, unique=True),
    Column("kind", _text(40), nullable=False),
    Column("parent", _text(80), nullable=False),  # id of the record it is a part of, or ''
    Column("owner", _text(80), nullable=False),  # id of the key or user who made it, or ''
    Column("label", _text(200), nullable=False),  # what lists are filtered by: a state, a purpose, a hash
    Column("version", Integer, nullable=False),  # counts changes: nobody overwrites what he has not read
    Column("created_at", Float, nullable=False),
    Column("updated_at", Float, nullable=False),
    Column("body", _text(), nullable=False),
    sqlite_autoincrement=True,
)
Index("record_kind_parent", record.c.kind, record.c.parent, record.c.seq)
Index("record_kind_label", record.c.kind, record.c.label)
