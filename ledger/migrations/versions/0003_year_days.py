"""hand-offs and timers that are due on a named day of an agreement year's calendar.

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("hand_offs", "waits"):
        op.add_column(table, sa.Column("year", sa.String(length=160), nullable=True))
        op.create_index(
            f"ix_{table}_year", table, ["year"],
            postgresql_where=sa.text("year IS NOT NULL"), sqlite_where=sa.text("year IS NOT NULL"),
        )
