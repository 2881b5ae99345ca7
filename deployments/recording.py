"""Cases that are read by a command stand among the readings, as those do that are read in the portal."""

from __future__ import annotations

import os
import pwd
from collections.abc import Collection

from sqlalchemy.exc import DBAPIError

from deployments.wording import say
from ledger import readings
from ledger.work import Ledger

LONGEST = 128


async def record_readings(ledger: Ledger, case_ids: Collection[str] | None, what: str) -> None:
    """Before their content is shown or written: who reads these cases, all by default.

    An account that may only read the database reads all the same, and is told that nothing says so there: whoever has
    its password needs none of these commands.

    :param what: one of `ledger.readings.WHAT`.
    """
    try:
        async with ledger.begin() as work:
            await readings.note_all(work, officer=reader(), case_ids=case_ids, what=what)
            await work.commit()
    except DBAPIError as refused:
        say("reading_not_recorded", {"why": refused.orig})


def reader() -> str:
    """The account of the machine; of the superuser the one that asked sudo for it."""
    asked = os.environ.get("SUDO_USER", "") if os.geteuid() == 0 else ""
    try:
        account = asked or pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # an account without a name, as in some containers
        account = str(os.getuid())
    return f"{readings.BY_COMMAND}{account}"[:LONGEST]
