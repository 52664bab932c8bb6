"""What comparing needs of a text, kept. Older articles get theirs when they are next compared."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.schema import key_type

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gists",
        sa.Column("article", key_type(), nullable=False),
        sa.Column("glance", sa.LargeBinary(), nullable=False),
        sa.Column("sentences", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_gists_article_articles"),
        sa.PrimaryKeyConstraint("article", name="pk_gists"),
    )
