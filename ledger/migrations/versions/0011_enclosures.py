"""files chosen on a page that starts something and was not sent yet.

Revision 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op


revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "enclosures",
        sa.Column("page", sa.String(length=64), nullable=False),
        sa.Column("officer", sa.String(length=128), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["documents.sha256"], name="fk_enclosures_sha256_documents"),
        sa.PrimaryKeyConstraint("page", "officer", "field", "sha256", name="pk_enclosures"),
    )
    op.create_index("ix_enclosures_sha256", "enclosures", ["sha256"])
    op.create_index("ix_enclosures_at", "enclosures", ["at"])
