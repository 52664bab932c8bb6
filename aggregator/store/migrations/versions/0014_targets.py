"""Where campaigns lead, and how it was found to stand. Nothing is known of it before the first look."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.schema import Utc, key_type

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "targets",
        sa.Column("campaign", key_type(), nullable=False),
        sa.Column("url", key_type(), nullable=False),
        sa.Column("finding", key_type(), nullable=False),
        sa.Column("checked_at", Utc(), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("good_at", Utc(), nullable=True),
        sa.Column("because", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("campaign", "url", name=op.f("pk_targets")),
    )
