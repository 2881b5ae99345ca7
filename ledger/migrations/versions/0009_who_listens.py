"""the index by which a signal finds who listens.

Revision 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op


revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    listens = sa.text("state = 'open' AND kind = 'message'")
    op.create_index("ix_waits_name", "waits", ["name"], postgresql_where=listens, sqlite_where=listens)
