"""What Alembic runs for every command: on the connection, and in the transaction, that `data.store.migrate` hands over."""

from __future__ import annotations

from alembic import context

from data.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a table by making it anew
)
context.run_migrations()
