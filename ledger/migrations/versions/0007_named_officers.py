"""work that is handed to one officer by name.

Revision 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("hand_offs", sa.Column("officer", sa.String(length=128), nullable=True))
