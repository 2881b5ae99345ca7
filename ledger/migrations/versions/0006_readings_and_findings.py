"""what auditors read and found, and the indexes by which they search.

Revision 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OFFICER = {
    "sqlite": "CASE WHEN json_valid(actor) THEN json_extract(actor, '$.officer') END",
    "postgresql": """substring(actor, '"officer":"([^"]+)"')""",
}
"""As `ledger.dialect.officer_of` is written."""


def upgrade() -> None:
    op.create_table(
        "readings",
        sa.Column("id", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("officer", sa.String(length=128), nullable=False),
        sa.Column("case_id", sa.String(length=128), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("head_seq", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_readings"),
    )
    op.create_index("ix_readings_case_id", "readings", ["case_id", "id"])
    op.create_index("ix_readings_officer", "readings", ["officer", "id"])
    op.create_table(
        "findings",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("case_id", sa.String(length=128), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("judgement", sa.String(length=16), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("deviation", sa.Text(), nullable=True),
        sa.Column("head_seq", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_findings"),
    )
    op.create_index("ix_findings_case_id", "findings", ["case_id", "number"])
    op.create_index("ix_cases_opened_at", "cases", ["opened_at", "id"])
    deviates = sa.text("deviation IS NOT NULL")
    op.create_index(
        "ix_conformances_deviating", "conformances", ["checked_at"], postgresql_where=deviates, sqlite_where=deviates
    )
    officer = OFFICER[op.get_bind().dialect.name]
    op.execute(f"CREATE INDEX ix_events_officer ON events ({officer}, at) WHERE {officer} IS NOT NULL")
