"""Every table of the workspace database."""

from sqlalchemy import (
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

metadata = MetaData()

document = Table(
    "document",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("text_hash", String(64), nullable=False),
    Column("file_hash", String(64), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("page_starts", Text, nullable=False),
    Column("metadata", Text, nullable=False),
    Column("n_versions", Integer, nullable=False),
    Column("indexed_hash", String(64), nullable=False),  # text_hash the index holds; '' while missing
    Column("added_at", Float, nullable=False),
    Column("updated_at", Float, nullable=False),
)

_WAITING = text("text_hash != indexed_hash")
Index("document_to_index", document.c.id, sqlite_where=_WAITING, postgresql_where=_WAITING)

document_change = Table(
    "document_change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document_id", Text, nullable=False),
    Column("kind", String(10), nullable=False),  # new, changed, removed
    Column("text_hash", String(64), nullable=False),
    Column("at", Float, nullable=False),
)
Index("document_change_at", document_change.c.at)

run = Table(
    "run",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("adapter", String(20), nullable=False),  # bare or context
    Column("state", String(20), nullable=False),  # running, finished, failed
    Column("recipe", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),  # what it was trained on
    Column("metrics", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("started_at", Float, nullable=False),
    Column("finished_at", Float),
)

comparison = Table(
    "comparison",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("created_at", Float, nullable=False),
    Column("body", Text, nullable=False),
)

job = Table(
    "job",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("order_json", Text, nullable=False),
    Column("state", String(20), nullable=False),  # queued, running, finished, failed, cancelled
    Column("attempt", Integer, nullable=False),
    Column("pid", Integer),
    Column("pid_started", Float),  # start time of that process: pids are reused
    Column("lease_until", Float),
    Column("is_cancel_wanted", Boolean, nullable=False),
    Column("error", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("finished_at", Float),
)

Index("job_kind_state", job.c.kind, job.c.state)

job_step = Table(
    "job_step",
    metadata,
    Column("job_id", String(32), ForeignKey("job.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("result", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("finished_at", Float, nullable=False),
)

job_event = Table(
    "job_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job_id", String(32), ForeignKey("job.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(20), nullable=False),  # progress, line
    Column("body", Text, nullable=False),
    Column("at", Float, nullable=False),
    UniqueConstraint("job_id", "id"),
)

record = Table(
    "record",
    metadata,
    Column("seq", Integer, primary_key=True),  # order of creation: two records of one second have one
    Column("id", String(80), nullable=False, unique=True),
    Column("kind", String(40), nullable=False),
    Column("parent", String(80), nullable=False),  # id of the record it is a part of, or ''
    Column("owner", String(80), nullable=False),  # id of the key or user who made it, or ''
    Column("label", String(200), nullable=False),  # what lists are filtered by: a state, a purpose, a hash
    Column("version", Integer, nullable=False),  # counts changes: nobody overwrites what he has not read
    Column("created_at", Float, nullable=False),
    Column("updated_at", Float, nullable=False),
    Column("body", Text, nullable=False),
    sqlite_autoincrement=True,
)
Index("record_kind_parent", record.c.kind, record.c.parent, record.c.seq)
Index("record_kind_label", record.c.kind, record.c.label)
