"""Why a link joins no two stories, and who was silent when a story was last joined: what spares looking again.

Of what was grouped before it is not known: it is found anew when it is next needed.
"""

import sqlalchemy as sa
from alembic import op

from aggregator.store.schema import key_type

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("links", sa.Column("bar_a", key_type(), nullable=True))
    op.add_column("links", sa.Column("bar_b", key_type(), nullable=True))
    op.add_column("members", sa.Column("silent", sa.Boolean(), server_default=sa.false(), nullable=False))
