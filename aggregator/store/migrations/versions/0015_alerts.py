"""Emergency notices: what people signed about each of them, which is their log as well."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.schema import key_type

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert_acts",
        sa.Column("alert", key_type(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", key_type(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.Text(), server_default="", nullable=False),
        sa.Column("key", key_type(), nullable=False),
        sa.Column("line", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("alert", "number", name=op.f("pk_alert_acts")),
    )
