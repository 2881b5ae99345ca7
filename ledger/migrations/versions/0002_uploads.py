"""files attached to forms that are not handed in yet.

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("hand_off_id", sa.String(length=32), nullable=False),
        sa.Column("officer", sa.String(length=128), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["hand_off_id"], ["hand_offs.id"], name="fk_uploads_hand_off_id_hand_offs"),
        sa.ForeignKeyConstraint(["sha256"], ["documents.sha256"], name="fk_uploads_sha256_documents"),
        sa.PrimaryKeyConstraint("hand_off_id", "officer", "field", "sha256", name="pk_uploads"),
    )
    op.create_index("ix_uploads_sha256", "uploads", ["sha256"])
    op.create_index("ix_case_documents_sha256", "case_documents", ["sha256"])
