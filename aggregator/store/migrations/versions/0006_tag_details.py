"""What a tag says beyond its name: an urgent notice, a document, a place that is no more."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tags", sa.Column("detail", sa.JSON(), nullable=True))
