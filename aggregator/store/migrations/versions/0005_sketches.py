"""Sketches: which articles share something. Filled by refine, at the first visit after the upgrade."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "sketches",
        sa.Column("article", KEY, nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_sketches_article_articles"),
        sa.PrimaryKeyConstraint("article", name="pk_sketches"),
    )
    op.create_index("ix_sketches_place", "sketches", ["place"], unique=False)
    op.create_table(
        "sketch_keys",
        sa.Column("key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "place", name="pk_sketch_keys"),
        sqlite_with_rowid=False,
    )
