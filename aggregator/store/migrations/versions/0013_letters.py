"""Letters: bulletins by e-mail and the corrections that follow them, whom they tell of, and whom they reached."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.schema import key_type

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letters",
        sa.Column("day", key_type(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("composed_at", sa.BigInteger(), nullable=False),
        sa.Column("addressed", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("day", "number", name=op.f("pk_letters")),
    )
    op.create_table(
        "letter_items",
        sa.Column("article", key_type(), nullable=False),
        sa.Column("day", key_type(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("before", sa.Integer(), server_default="0", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("notices", sa.Integer(), server_default="0", nullable=False),
        sa.Column("gone", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name=op.f("fk_letter_items_article_articles")),
        sa.PrimaryKeyConstraint("article", "day", "number", name=op.f("pk_letter_items")),
    )
    op.create_index(op.f("ix_letter_items_day_number"), "letter_items", ["day", "number"])
    op.create_table(
        "deliveries",
        sa.Column("day", key_type(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recipient", key_type(), nullable=False),
        sa.Column("state", key_type(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("because", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("day", "number", "recipient", name=op.f("pk_deliveries")),
    )
    op.create_index(op.f("ix_deliveries_state_due"), "deliveries", ["state", "due"])
