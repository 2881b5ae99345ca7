"""the security log holds no link with which somebody could come in.

Revision 0010, after 0009.
"""

from hashlib import sha256

import sqlalchemy as sa
from alembic import op


revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

PREFIXES = ("/l/", "/invitation/")


def upgrade() -> None:
    log = sa.table("security_events", sa.column("id"), sa.column("path"))
    for prefix in PREFIXES:
        kept = op.get_bind().execute(sa.select(log.c.id, log.c.path).where(log.c.path.startswith(prefix))).all()
        for number, path in kept:
            fingerprint = sha256(path.removeprefix(prefix).encode()).hexdigest()[:12]
            op.execute(sa.update(log).where(log.c.id == number).values(path=f"{prefix}…{fingerprint}"))
