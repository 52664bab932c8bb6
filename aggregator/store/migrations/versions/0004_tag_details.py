"""What a tag says beyond its name (a notice, a document, a place that is no more), and which tagger gave the tags."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tags", sa.Column("detail", sa.JSON(), nullable=True))
    op.add_column("articles", sa.Column("rule", sa.Text(), server_default="", nullable=False))
