"""Every night the worker verifies all histories: damage is found without anybody asking, and is told at once."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Sequence
from datetime import datetime, time

from audit.checking import last_night
from engine.anchoring import guardians
from engine.runtime import Runtime
from ledger import mails
from ledger.anchor_key import public_keys
from ledger.dialect import reserve
from ledger.errors import LedgerError
from ledger.verify import verify_all
from schemas.mail import Notice

VERIFIED_AT = time(3, 0)
"""After the backup of the night and the models (`audit.checking.NIGHTLY_AT`) [DEFAULT]."""
NAMED = 10
"""Damages that the mail names; the command names them all."""

log = logging.getLogger("sangkan.audit")


class NightlyVerification:
    """What a worker does once a night; a worker that was started since waits for the next."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._night: datetime | None = None

    async def once(self) -> int:
        """One round. Returns 0: nothing is left to go on with at once.

        :raises AnchorKeyIsMissing, AnchorKeyIsNotReadable, AnchorKeyIsExposed, AnchorKeyIsUnusable:
        """
        night = last_night(await self._runtime.ledger.now(), VERIFIED_AT)
        if self._night is None or night <= self._night:
            self._night = night
            return 0
        key = self._runtime.settings.anchor_key
        found = await verify_all(self._runtime.ledger, ours=public_keys(key) if key else ())
        self._night = night
        for broken in found.broken:
            log.error("%s", broken.message_en)
        if found.broken:
            await self._tell(found.broken, night)
        else:
            log.info("%s events of %s cases are whole", found.events, found.cases)
        return 0

    async def _tell(self, broken: Sequence[LedgerError], night: datetime) -> None:
        """One mail to each administrator and auditor, however many workers have found it."""
        runtime = self._runtime
        await runtime.refresh()
        named = "\n".join(f"- {each.message_th}" for each in broken[:NAMED])
        rest = f"\nและอีก {len(broken) - NAMED} แห่ง" if len(broken) > NAMED else ""
        notice = Notice(
            subject=f"ประวัติถูกแก้ไขหรือเสียหาย {len(broken)} แห่ง", title="การตรวจสอบความถูกต้องประจำคืน", link="/audit",
            body=f"การตรวจสอบประจำคืนพบประวัติที่ถูกแก้ไขหรือเสียหาย ดังนี้\n{named}{rest}\n"
            "โปรดตรวจสอบด้วยคำสั่ง sangkan audit verify และเก็บสำเนาฐานข้อมูลไว้เป็นหลักฐานก่อนกู้คืน",
        )  # fmt: skip
        occasion = _occasion(night, runtime.settings.secret_key.get_secret_value())
        async with runtime.ledger.begin() as work:
            await reserve(work.connection, occasion)
            if await mails.has_occasion(work.connection, occasion):
                return
            runtime.post.send(work, "", guardians(runtime.directory), occasion, notice)
            await work.commit()


def _occasion(night: datetime, secret: str) -> str:
    """The name of the night's mails: who can only write to the database could take a name that is known beforehand."""
    day = f"{night:%Y-%m-%d}"
    return f"verified:{day}-{hmac.new(secret.encode(), f'verified {day}'.encode(), 'sha256').hexdigest()[:16]}"
