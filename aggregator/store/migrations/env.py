"""Run by Alembic: the migrations, on the connection that store.database hands over, in its transaction.

A new one: `.venv/bin/alembic -c aggregator/store/migrations/alembic.ini revision --autogenerate -m "..."`.
"""

from alembic import context
from sqlalchemy import Connection, NullPool, create_engine

from aggregator.store.schema import metadata


def migrate(connection: Connection) -> None:
    """Run them; SQLite cannot alter a table in place, so it is rebuilt in a batch."""
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


handed_over = context.config.attributes.get("connection")
if handed_over is not None:
    migrate(handed_over)
else:
    url = context.config.get_main_option("sqlalchemy.url") or "sqlite://"
    with create_engine(url, poolclass=NullPool).connect() as own:
        migrate(own)
