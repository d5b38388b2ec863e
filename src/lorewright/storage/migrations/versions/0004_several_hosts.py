"""Several hosts: where a worker is; PostgreSQL keeps texts of any length in the order of their code points."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TEXTS = {
    "document": ("id", "title", "text", "text_hash", "file_hash", "media_type", "page_starts", "metadata",
                 "indexed_hash"),
    "document_change": ("document_id", "kind", "text_hash"),
    "run": ("id", "adapter", "state", "recipe", "fingerprint", "metrics", "path"),
    "comparison": ("id", "body"),
    "job": ("id", "kind", "order_json", "state", "error", "result"),
    "job_step": ("job_id", "name", "result"),
    "job_event": ("job_id", "kind", "body"),
    "record": ("id", "kind", "parent", "owner", "label", "body"),
}
COUNTED = {"document_change": "id", "job_event": "id", "record": "seq"}


def upgrade() -> None:
    """Add what several hosts need; earlier code neither sees nor misses it."""
    op.add_column("job", sa.Column("host", sa.Text(), nullable=True))
    if op.get_context().dialect.name != "postgresql":
        return
    for table, columns in TEXTS.items():
        changes = ", ".join(f'ALTER COLUMN "{column}" TYPE text COLLATE "C"' for column in columns)
        op.execute(f'ALTER TABLE "{table}" {changes}')
    op.execute('ALTER TABLE "job" ALTER COLUMN "host" TYPE text COLLATE "C"')
    for table, column in COUNTED.items():
        op.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE bigint')
        op.execute(f'ALTER SEQUENCE "{table}_{column}_seq" AS bigint')
