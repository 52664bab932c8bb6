"""Whether an article is watched well enough to be shown, and how many were looked at again in a visit."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("articles", sa.Column("watch", sa.Text(), server_default="", nullable=False))
    op.add_column("visits", sa.Column("checks", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_articles_watch_source", "articles", ["watch", "source"])
    op.create_index("ix_articles_misses", "articles", ["misses"])
