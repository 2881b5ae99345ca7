"""PostgreSQL: nobody waits for a machine that has died, nor two for each other."""

from __future__ import annotations

import asyncio
import hashlib

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ledger import enclosures
from ledger.database import LIMITS
from ledger.work import Ledger
from schemas.attachment import AttachedFile
from tests import files
from tests.conftest import ClockThatIsSet

FILE = AttachedFile(
    name="ก.pdf", media_type="application/pdf", size=len(files.PDF), sha256=hashlib.sha256(files.PDF).hexdigest()
)


async def test_what_a_machine_holds_that_has_died_is_freed(postgres: AsyncEngine) -> None:
    async with postgres.connect() as connection:
        said = {name: await connection.scalar(text(f"SHOW {name}")) for name in LIMITS}
    assert said["idle_in_transaction_session_timeout"] == "1min"
    assert said["tcp_keepalives_idle"] == "30"


async def test_one_who_attaches_a_file_and_one_who_takes_it_out_do_not_wait_for_each_other(
    postgres: AsyncEngine, clock: ClockThatIsSet
) -> None:
    ledger = Ledger(postgres, clock)

    async def attach() -> None:
        for _ in range(40):
            await enclosures.add(ledger, "page", "suda", "files", FILE, files.PDF)

    async def take_out() -> None:
        for _ in range(40):
            await enclosures.remove(ledger, "page", "suda", "files", FILE.sha256)

    await attach()
    await asyncio.gather(attach(), take_out())  # a deadlock would be an error in one of them
