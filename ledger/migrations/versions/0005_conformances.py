"""how cases keep to their approved models.

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "conformances",
        sa.Column("case_id", sa.String(length=128), nullable=False),
        sa.Column("head_seq", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("deviation", sa.Text(), nullable=True),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_conformances_case_id_cases"),
        sa.PrimaryKeyConstraint("case_id", name="pk_conformances"),
    )
