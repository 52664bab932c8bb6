"""What a source's visits usually bring, and the addresses that `auto` found best."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("profile", "chosen"):
        op.add_column("sources", sa.Column(name, sa.JSON(), server_default="{}", nullable=False))
