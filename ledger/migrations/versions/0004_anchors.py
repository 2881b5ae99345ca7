"""anchors over the heads of all cases.

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "anchors",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("refused", sa.Text(), server_default="[]", nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("next_key", sa.String(length=64), server_default="", nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.Column("posted_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_anchors"),
    )
    op.create_table(
        "anchor_leaves",
        sa.Column("case_id", sa.String(length=128), nullable=False),
        sa.Column("anchor", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["anchor"], ["anchors.number"], name="fk_anchor_leaves_anchor_anchors"),
        sa.PrimaryKeyConstraint("case_id", "anchor", name="pk_anchor_leaves"),
    )
    op.create_index("ix_anchor_leaves_anchor", "anchor_leaves", ["anchor", "place"])
    op.create_table(
        "anchor_nodes",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("anchor", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["anchor"], ["anchors.number"], name="fk_anchor_nodes_anchor_anchors"),
        sa.PrimaryKeyConstraint("level", "place", "anchor", name="pk_anchor_nodes"),
    )
