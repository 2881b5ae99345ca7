"""reminders holds the rungs that are still to be taken, and no others.

Revision 0008, after 0007.
"""

from alembic import op


revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_reminders_due", table_name="reminders")
    op.execute("DELETE FROM reminders WHERE state <> 'pending'")
    op.drop_column("reminders", "state")
    op.create_index("ix_reminders_due", "reminders", ["at"])
