"""what stands above a form is read from the event that asked for it; hand_offs keep no copy.

Revision 0012, after 0011.
"""

from alembic import op


revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("hand_offs", "context")
