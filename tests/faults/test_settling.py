"""What became of mails is settled once, whoever sent them; what cannot be settled stops its connection."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select, text

from audit.replay import replay_cases
from engine.mail_out import CLAIM_SECONDS, MailOut
from ledger import mails, tables
from ledger.work import Ledger
from notifications.mailer import Delivery, Mailer, MailServer, Outcome, RecipientResult
from schemas.mail import Notice
from tests.engine.driver import Stage, stage_on
from tests.engine.processes import Brief
from tests.faults.office import MachineClock


class Server(Mailer):
    """Takes every mail but those to an officer who has left. `meanwhile` happens before it answers."""

    def __init__(self, meanwhile: Callable[[], Awaitable[Any]] | None = None) -> None:
        super().__init__(MailServer(host="127.0.0.1", port=25))
        self.meanwhile = meanwhile
        self.asked: list[str] = []

    async def send(self, message: EmailMessage, recipients: Any) -> Delivery:
        self.asked += recipients
        if self.meanwhile is not None:
            await self.meanwhile()
        (email,) = recipients
        bounced = email.startswith("div-a@")
        result = RecipientResult(
            email=email, outcome=Outcome.REFUSED if bounced else Outcome.ACCEPTED, code=550 if bounced else 250
        )
        return Delivery(message_id=str(message["Message-ID"]), results=(result,))


@pytest_asyncio.fixture
async def stage(ledger: Ledger) -> AsyncIterator[Stage]:
    made = await stage_on(ledger)
    await made.open("trial-sequence", Brief())
    yield made


async def queue(stage: Stage, *officers: str) -> None:
    everybody = {o.id: o for o in stage.runtime.directory.organisation.officers}
    async with stage.runtime.ledger.begin() as work:
        await work.lock("case-1")
        for number, officer in enumerate(officers):
            notice = Notice(subject="ทดสอบ", body="ทดสอบ", title="เรื่อง", link="/cases/case-1")
            stage.runtime.post.send(work, "case-1", (everybody[officer],), f"trial:{number}", notice)
        await work.commit()


async def states(stage: Stage) -> Counter[tuple[str, str]]:
    m = tables.mails.c
    async with stage.runtime.ledger.read() as connection:
        return Counter((row.folder, row.state) for row in await connection.execute(select(m.folder, m.state)))


async def test_a_mail_that_bounced_for_two_senders_is_told_of_once(stage: Stage, machine: MachineClock) -> None:
    """The first has lost its claim while the database was away; both are told that nobody lives there."""
    await queue(stage, "div-a.1")
    second = MailOut(stage.runtime, Server())

    async def taken_over() -> None:
        machine.ahead += timedelta(seconds=CLAIM_SECONDS + 1)
        assert await second.once() == 1

    assert await MailOut(stage.runtime, Server(taken_over)).once() == 1
    assert await states(stage) == {("notice", "failed"): 1, ("undeliverable", "queued"): 1}
    assert (await stage.kinds()).count("mail:fail") == 1
    assert [one.same async for one in replay_cases(stage.runtime)] == [True], "the failure is the occasion of the other"


@pytest.mark.parametrize("column", ["context = '{}'", "case_id = 'no-such-case', context = '{}'", "email = 'nobody'"])
async def test_a_mail_that_cannot_be_read_fails_with_a_reason_and_stops_no_other(stage: Stage, column: str) -> None:
    await queue(stage, "div-b.1", "div-b.1", "div-b.1")
    async with stage.runtime.ledger.engine.begin() as connection:
        await connection.execute(text(f"UPDATE mails SET {column} WHERE once LIKE 'trial:1:%'"))
    server = Server()
    assert await MailOut(stage.runtime, server).once() == 3
    assert len(server.asked) == 2
    known = "no-such-case" not in column
    told = {("undeliverable", "queued"): 1} if known else {}
    assert await states(stage) == {("notice", "sent"): 2, ("notice", "failed"): 1, **told}
    m = tables.mails.c
    async with stage.runtime.ledger.read() as connection:
        reason = await connection.scalar(select(m.reason).where(m.state == "failed"))
    assert str(reason).startswith("อ่านอีเมลฉบับนี้ในฐานข้อมูลไม่ได้ จึงไม่ได้ส่ง: ValidationError")
    assert (await stage.kinds()).count("mail:fail") == known


async def test_no_connection_sends_on_when_what_it_sent_could_not_be_settled(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_database(*_: Any, **__: Any) -> list[mails.Settled]:
        raise OSError("the database is away")

    stage.runtime.settings = stage.runtime.settings.model_copy(update={"smtp_connections": 4})
    await queue(stage, *["div-b.1"] * 12)
    server = Server()
    monkeypatch.setattr(mails, "settle", no_database)
    with pytest.raises(OSError, match="the database is away"):
        await MailOut(stage.runtime, server).once()
    assert len(server.asked) == 4, "one for each connection of which the ledger does not know"


async def test_mails_that_are_ready_together_share_a_transaction(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    batches, settle = list[int](), mails.settle

    async def counted(work: Any, settled: Any, **how: Any) -> Any:
        batches.append(len(settled))
        return await settle(work, settled, **how)

    stage.runtime.settings = stage.runtime.settings.model_copy(update={"smtp_connections": 4})
    await queue(stage, *["div-b.1"] * 12)
    monkeypatch.setattr(mails, "settle", counted)
    assert await MailOut(stage.runtime, Server()).once() == 12
    assert sum(batches) == 12
    assert len(batches) < 12
    assert await states(stage) == {("notice", "sent"): 12}
