"""Indexes for what every small change asks: which documents wait for the index, which jobs are not over."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the indexes."""
    waiting = sa.text("text_hash != indexed_hash")
    op.create_index(
        "document_to_index", "document", ["id"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_index("job_kind_state", "job", ["kind", "state"])
