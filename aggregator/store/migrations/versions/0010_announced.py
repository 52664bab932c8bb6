"""Notices of correction, linked to what they correct. Those stored before are linked when they are next revised."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.schema import key_type

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "announced",
        sa.Column("article", key_type(), nullable=False),
        sa.Column("corrected", key_type(), nullable=True),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name=op.f("fk_announced_article_articles")),
        sa.ForeignKeyConstraint(["corrected"], ["articles.id"], name=op.f("fk_announced_corrected_articles")),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_announced")),
    )
    op.create_index(op.f("ix_announced_corrected"), "announced", ["corrected"])
