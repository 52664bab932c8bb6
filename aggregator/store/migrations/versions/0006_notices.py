"""What an urgent notice says, beside the tag that marks it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tags", sa.Column("notice", sa.JSON(), nullable=True))
