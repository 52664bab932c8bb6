"""The answers that texts were read from, and where their bytes are kept."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.schema import key_type

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = key_type()


def upgrade() -> None:
    op.create_table(
        "responses",
        sa.Column("article", KEY, nullable=False),
        sa.Column("digest", KEY, nullable=False),
        sa.Column("method", sa.Text(), server_default="", nullable=False),
        sa.Column("asked", sa.Text(), server_default="", nullable=False),
        sa.Column("sent", sa.Text(), server_default="", nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("hops", sa.JSON(), nullable=False),
        sa.Column("status", sa.Integer(), server_default="0", nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.Column("record_file", sa.Text(), server_default="", nullable=False),
        sa.Column("record_offset", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("record_length", sa.Integer(), server_default="0", nullable=False),
        sa.Column("because", sa.Text(), server_default="", nullable=False),
        sa.Column("lead", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_responses_article_articles"),
        sa.PrimaryKeyConstraint("article", "digest", name="pk_responses"),
    )
    op.create_index("ix_responses_fetched_at", "responses", ["fetched_at"], unique=False)
