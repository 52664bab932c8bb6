"""What a row of a list says of a story, and what each shelf lies below; filled by the rebuild after an upgrade."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.schema import Utc, key_type

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    texts = ("path", "title", "label", "precision", "flag", "topic")
    op.create_table(
        "lines",
        sa.Column("article", key_type(), nullable=False),
        sa.Column("story", key_type(), nullable=False),
        sa.Column("source", key_type(), nullable=False),
        sa.Column("speaks", sa.Integer(), server_default="0", nullable=False),
        sa.Column("published", Utc(), nullable=False),
        *(sa.Column(name, sa.Text(), server_default="", nullable=False) for name in texts),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name=op.f("fk_lines_article_articles")),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_lines")),
    )
    op.create_index(op.f("ix_lines_story_source"), "lines", ["story", "source"])
    op.add_column("shelves", sa.Column("parent", key_type(), server_default="", nullable=False))
    op.create_index(op.f("ix_shelves_parent_key"), "shelves", ["parent", "key"])
    op.create_index(op.f("ix_shelves_parent_newest"), "shelves", ["parent", "newest"])
