"""Texts that wait for an editor, and what is usual for a source."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "quarantine",
        sa.Column("article", KEY, nullable=False),
        sa.Column("digest", KEY, nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("urgent", sa.Integer(), server_default="0", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("because", sa.JSON(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("domains", sa.JSON(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_quarantine_article_articles"),
        sa.PrimaryKeyConstraint("article", "digest", name="pk_quarantine"),
    )
    op.create_index("ix_quarantine_state_at", "quarantine", ["state", "at"], unique=False)
    op.create_table(
        "habits",
        sa.Column("source", KEY, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("count", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("source", "kind", "name", name="pk_habits"),
    )
    op.create_index("ix_visits_source_ended_at", "visits", ["source", "ended_at"], unique=False)
