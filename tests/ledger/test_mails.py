"""Mail leaves after commit, once: claimed by one sender, settled once, tried again later."""

from __future__ import annotations

import asyncio
from datetime import time, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from ledger import mails, reading, tables
from ledger.canonical import canonical_octets, octets_of_record
from ledger.clock import machine_now
from ledger.mails import QueuedMail, Settled
from ledger.work import Ledger
from schemas.base import Record
from schemas.mail import Attachment, Notice, Recipient
from tests.ledger.scene import DIRECTIVE, SWEEP, kinds, opened, rows, statements
from tests.notifications.samples import SAMPLES

SUDA = Recipient(name="นางสาวสุดา แก้วใส", email="suda@division.example.go.th", officer="suda")
NOTICE = Notice(subject="แจ้งให้ทราบ", body="เรื่องถูกยกเลิก", title="เร่งรัดการใช้จ่ายงบประมาณ", link="https://example.go.th/c")


class OpeningHours(Record):
    opens: time = time(8, 30)


PDF = Attachment(name="รายงาน.pdf", media_type="application/pdf", sha256="0" * 64)


def test_a_stored_mail_has_every_column_of_its_table_but_those_of_the_queue() -> None:
    columns = {column.name for column in tables.mails.columns}
    assert columns - set(mails.MailRow._fields) == {"attempts", "available_at", "claimed_by", "claimed_until"}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_mail_is_kept_as_its_own_model_writes_it(name: str) -> None:
    message = SAMPLES[name]
    assert octets_of_record(message) == canonical_octets(message.model_dump(mode="json"))


def test_what_has_no_place_in_a_mail_is_refused() -> None:
    with pytest.raises(TypeError):
        octets_of_record(OpeningHours())


async def queued(ledger: Ledger, *occasions: str) -> None:
    async with ledger.begin() as work:
        for once in occasions:
            mails.queue(work, once=once, case_id=DIRECTIVE, message=NOTICE, recipient=SUDA, attachments=(PDF,))
        await work.commit()


async def claimed(ledger: Ledger, *, by: str = "a", limit: int = 10, seconds: int = 60) -> list[QueuedMail]:
    found = await mails.claim(ledger, claimed_by=by, limit=limit, seconds=seconds)
    assert found.unreadable == []
    return found.mails


async def settled(ledger: Ledger, outcome: str, *found: QueuedMail) -> None:
    async with ledger.begin() as work:
        told = [Settled(mail=mail, outcome=outcome, reason="", subject="แจ้ง", message_id="<1@x>") for mail in found]
        await mails.settle(work, told, actor=SWEEP)
        await work.commit()


async def test_a_mail_is_claimed_as_it_was_queued(ledger: Ledger) -> None:
    await opened(ledger)
    await queued(ledger, "notice/1")
    (mail,) = await claimed(ledger)
    assert (mail.once, mail.case_id, mail.message, mail.recipient, mail.attachments, mail.attempts) == (
        "notice/1", DIRECTIVE, NOTICE, SUDA, (PDF,), 0,
    )  # fmt: skip


async def test_a_mail_of_a_unit_of_work_that_is_not_committed_never_leaves(ledger: Ledger) -> None:
    await opened(ledger)
    async with ledger.begin() as work:
        mails.queue(work, once="notice/1", case_id=DIRECTIVE, message=NOTICE, recipient=SUDA)
    assert await claimed(ledger) == []


async def test_a_second_mail_for_one_occasion_cannot_be_queued(ledger: Ledger) -> None:
    await opened(ledger)
    await queued(ledger, "notice/1")
    with pytest.raises(IntegrityError):
        await queued(ledger, "notice/2", "notice/1")
    assert await rows(ledger, tables.mails, "once") == [("notice/1",)]


async def test_claims_are_exclusive_under_concurrency(ledger: Ledger) -> None:
    await opened(ledger)
    await queued(ledger, *(f"notice/{n}" for n in range(30)))
    shares = await asyncio.gather(*(claimed(ledger, by=f"sender-{n}", limit=6) for n in range(6)))
    taken = [mail.once for share in shares for mail in share]
    assert len(taken) == len(set(taken)) > 0
    rest = await claimed(ledger, limit=100)
    assert sorted([*taken, *(mail.once for mail in rest)]) == sorted(f"notice/{n}" for n in range(30))


async def test_a_claim_that_ran_out_is_taken_over(ledger: Ledger) -> None:
    await opened(ledger)
    await queued(ledger, "notice/1")
    await claimed(ledger, by="dead", seconds=60)
    assert await claimed(ledger, by="b") == []
    await queued(ledger, "notice/2")
    await claimed(ledger, by="dead", seconds=-1)
    assert [mail.once for mail in await claimed(ledger, by="b")] == ["notice/2"]


@pytest.mark.parametrize(("outcome", "state"), [("send", "sent"), ("skip", "skipped"), ("fail", "failed")])
async def test_what_became_of_a_mail_is_in_the_history_and_in_its_row(ledger: Ledger, outcome: str, state: str) -> None:
    await opened(ledger)
    await queued(ledger, "notice/1")
    await settled(ledger, outcome, *await claimed(ledger))
    async with ledger.read() as connection:
        (mail,) = await reading.mails_of_case(connection, DIRECTIVE)
        event = (await reading.history(connection, DIRECTIVE))[-1]
    assert (mail.state, mail.attempts, mail.email) == (state, 1, SUDA.email)
    assert (event.kind, event.key, event.content["to"]) == (f"mail:{outcome}", "notice/1", SUDA.email)
    assert await claimed(ledger) == []


SPOILED = [
    "context = '{}'", "context = 'x'", "folder = 'no-such-folder'", "attachments = '7'", "attachments = '[{}]'",
    "email = 'nobody'",
]  # fmt: skip


@pytest.mark.parametrize("column", SPOILED)
async def test_a_mail_that_cannot_be_read_is_set_apart_and_the_others_are_claimed(ledger: Ledger, column: str) -> None:
    await opened(ledger)
    await queued(ledger, "notice/1", "notice/2", "notice/3")
    await written_into(ledger, f"UPDATE mails SET {column} WHERE once = 'notice/2'")
    found = await mails.claim(ledger, claimed_by="a", limit=10, seconds=60)
    assert [mail.once for mail in found.mails] == ["notice/1", "notice/3"]
    (apart,) = found.unreadable
    assert (apart.once, apart.case_id, "Error: " in apart.trouble) == ("notice/2", DIRECTIVE, True)


async def test_a_mail_of_a_case_that_does_not_exist_stops_no_other_from_being_settled(ledger: Ledger) -> None:
    await opened(ledger)
    await queued(ledger, "notice/1", "notice/2")
    await written_into(ledger, "UPDATE mails SET case_id = 'no-such-case' WHERE once = 'notice/1'")
    await settled(ledger, "send", *await claimed(ledger))
    assert await rows(ledger, tables.mails, "state") == [("sent",), ("sent",)]
    assert await kinds(ledger) == ["case:open", "mail:send"]


async def written_into(ledger: Ledger, statement: str) -> None:
    async with ledger.engine.begin() as connection:
        await connection.execute(text(statement))


async def test_a_mail_is_settled_once_whoever_else_believes_to_hold_it(ledger: Ledger) -> None:
    await opened(ledger)
    await queued(ledger, "notice/1")
    found = await claimed(ledger, by="slow", seconds=-1)
    await settled(ledger, "send", *await claimed(ledger, by="fast"))
    await settled(ledger, "fail", *found)
    await mails.postpone(ledger, found[0], until=machine_now(), reason="ช้า")
    assert await rows(ledger, tables.mails, "state", "reason") == [("sent", "")]
    assert await kinds(ledger) == ["case:open", "mail:send"]


async def test_a_postponed_mail_waits_for_its_time_and_counts_its_attempts(ledger: Ledger) -> None:
    await opened(ledger)
    await queued(ledger, "notice/1")
    (mail,) = await claimed(ledger)
    await mails.postpone(ledger, mail, until=machine_now() + timedelta(hours=1), reason="421 busy")
    assert await claimed(ledger) == []
    await mails.postpone(ledger, mail, until=machine_now(), reason="421 busy")
    assert [again.attempts for again in await claimed(ledger)] == [1]


@pytest.mark.parametrize("number", [1, 40])
async def test_settling_takes_five_statements_whatever_the_number(
    ledger: Ledger, database: AsyncEngine, number: int
) -> None:
    await opened(ledger)
    await queued(ledger, *(f"notice/{n}" for n in range(number)))
    found = await claimed(ledger, limit=100)
    with statements(database) as sent:
        await settled(ledger, "send", *found)
    assert len(sent) == 5
