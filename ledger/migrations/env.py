"""Alembic's entry; it runs on the connection that `ledger.migrate` hands over, within its transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from ledger.column_types import UtcMoment
from ledger.tables import metadata


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Revisions stand on their own: they name no type of ours, which may change after them."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcMoment) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    compare_server_default=connection.dialect.name == "postgresql",
    render_item=render,
    # SQLite cannot alter most of a table; Alembic then makes it anew and copies.
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
