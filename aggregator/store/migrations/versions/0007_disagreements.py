"""What two tellings of a story say differently. Older links say it in their reason alone, until compared again."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("links", sa.Column("differing", sa.JSON(), server_default="[]", nullable=False))
