"""Anchors are made when they are due, and the outside keeper gets the latest once a day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from engine.anchoring import anchor_when_due
from engine.mail_out import MailOut
from engine.runtime import Runtime
from engine.settings import ClockKind, Settings
from ledger import anchors, findings, tables
from ledger.anchor_key import make_key
from ledger.errors import AnchorKeyIsMissing, AnchorsBeginAnew
from ledger.findings import REGISTER
from ledger.restore import differences_everywhere
from notifications.mailbox import Mailbox
from notifications.mailer import Mailer, MailServer
from schemas.actor import Actor, ActorKind
from schemas.mail import MESSAGES
from schemas.organisation import Duty
from tests.conftest import ClockThatIsSet
from tests.engine.driver import SETTINGS, Stage
from tests.engine.processes import Brief
from tests.ledger.anchored import rewrite


@pytest.fixture
def keeping(stage: Stage, tmp_path: Path) -> Runtime:
    make_key(tmp_path / "anchor.pem")
    stage.runtime.settings = Settings(
        secret_key=SecretStr("k" * 40), anchor_key=tmp_path / "anchor.pem", anchor_keeper="keeper@audit.example",
        _env_file=None,
    )  # fmt: skip
    return stage.runtime


async def mails(runtime: Runtime, folder: str) -> list[Any]:
    m = tables.mails
    async with runtime.ledger.read() as connection:
        return list(await connection.execute(select(m).where(m.c.folder == folder).order_by(m.c.once)))


async def test_an_anchor_is_made_when_due_and_mailed_once_a_day(
    stage: Stage, keeping: Runtime, clock: ClockThatIsSet
) -> None:
    assert await anchor_when_due(keeping) == 0, "nothing has happened yet"
    await stage.open("trial-sequence", Brief())
    assert await anchor_when_due(keeping) == 1
    await stage.open("trial-sequence", Brief(), case_id="case-2")
    assert await anchor_when_due(keeping) == 0, "the last one is not an hour old"
    clock.advance(minutes=60)
    assert [await anchor_when_due(keeping), await anchor_when_due(keeping)] == [1, 0]
    assert [mail.once for mail in await mails(keeping, "anchor")] == ["anchor:1"]
    clock.advance(hours=23)
    assert await anchor_when_due(keeping) == 0, "no case has changed"
    assert [mail.once for mail in await mails(keeping, "anchor")] == ["anchor:1", "anchor:2"]
    clock.advance(hours=48)
    await anchor_when_due(keeping)
    assert len(await mails(keeping, "anchor")) == 2, "the keeper has the latest"
    async with keeping.ledger.read() as connection:
        second = await anchors.numbered(connection, 2)
    message = MESSAGES["anchor"].model_validate_json((await mails(keeping, "anchor"))[1].context)
    assert "".join(message.groups) == second.hash  # type: ignore[attr-defined]


async def test_a_moment_of_posting_that_is_still_to_come_keeps_no_mail_back(
    stage: Stage, keeping: Runtime, clock: ClockThatIsSet
) -> None:
    await stage.open("trial-sequence", Brief())
    await anchor_when_due(keeping)
    async with keeping.ledger.begin() as work:
        never = clock.moment + timedelta(days=36500)
        await work.connection.execute(update(tables.anchors).values(posted_at=never))
        await work.commit()
    await stage.open("trial-sequence", Brief(), case_id="case-2")
    clock.advance(hours=25)
    await anchor_when_due(keeping)
    assert [mail.once for mail in await mails(keeping, "anchor")] == ["anchor:1", "anchor:2"]


async def test_without_a_key_no_anchor_is_made_and_a_missing_one_is_named(stage: Stage, keeping: Runtime) -> None:
    await stage.open("trial-sequence", Brief())
    assert keeping.settings.anchor_key is not None
    keeping.settings.anchor_key.unlink()
    with pytest.raises(AnchorKeyIsMissing):
        await anchor_when_due(keeping)
    keeping.settings = SETTINGS
    assert await anchor_when_due(keeping) == 0


async def test_an_old_history_without_an_anchor_gets_none_unasked(
    stage: Stage, keeping: Runtime, clock: ClockThatIsSet
) -> None:
    """Its anchors may have been taken away; a simulated clock alone goes on for days at once."""
    await stage.open("trial-sequence", Brief())
    clock.advance(days=2)
    with pytest.raises(AnchorsBeginAnew):
        await anchor_when_due(keeping)
    keeping.settings = keeping.settings.model_copy(update={"clock": ClockKind.SIMULATED})
    assert await anchor_when_due(keeping) == 1


async def test_the_keepers_mail_leaves_and_belongs_to_no_case(stage: Stage, keeping: Runtime, tmp_path: Path) -> None:
    await stage.open("trial-sequence", Brief())
    await anchor_when_due(keeping)
    kinds = await stage.kinds()
    mailbox = Mailbox(tmp_path / "mail")
    try:
        async with Mailer(MailServer(host="127.0.0.1", port=mailbox.start()), connections=1) as mailer:
            assert await MailOut(keeping, mailer).once() == 1
    finally:
        mailbox.stop()
    assert [letter.subject for letter in mailbox.list()] == ["หมุดหลักฐานที่ 1: หน่วย moj"]
    (mail,) = await mails(keeping, "anchor")
    assert (mail.state, mail.case_id, mail.email) == ("sent", "", "keeper@audit.example")
    assert await stage.kinds() == kinds, "no history is changed by it"


async def forged(stage: Stage, keeping: Runtime, clock: ClockThatIsSet) -> None:
    """A case that the first anchor has seen is rewritten; another one is there for the next to see."""
    await stage.open("trial-sequence", Brief())
    await anchor_when_due(keeping)
    await rewrite(keeping.ledger, "case-1", 1, '{"forged":true}')
    clock.advance(hours=2)
    await stage.open("trial-sequence", Brief(), case_id="case-2")


async def refused_once(stage: Stage, keeping: Runtime) -> None:
    async with keeping.ledger.read() as connection:
        assert (await anchors.numbered(connection, 2)).refused == ("case-1",)
    assert (await stage.kinds()).count("mail:skip") == 1, "no planning officer is an administrator or auditor here"


async def test_a_case_that_an_anchor_refuses_is_told_to_administrators_and_auditors_once(
    stage: Stage, keeping: Runtime, clock: ClockThatIsSet
) -> None:
    await forged(stage, keeping, clock)
    await anchor_when_due(keeping)
    await refused_once(stage, keeping)
    clock.advance(hours=2)
    assert await anchor_when_due(keeping) == 0


async def test_an_alarm_that_could_not_be_queued_is_raised_by_the_next_anchor(
    stage: Stage, keeping: Runtime, clock: ClockThatIsSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process may die between an anchor and its alarm: then there is neither."""
    await forged(stage, keeping, clock)
    with monkeypatch.context() as broken:
        broken.setattr(keeping.post, "send", None)
        with pytest.raises(TypeError):
            await anchor_when_due(keeping)
    assert await anchor_when_due(keeping) == 1
    await refused_once(stage, keeping)


async def test_a_register_that_an_anchor_refuses_stops_nothing_and_is_told_to_whoever_there_is(
    stage: Stage, keeping: Runtime, clock: ClockThatIsSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.open("trial-sequence", Brief())
    await _sign(keeping, "ก่อน")
    await anchor_when_due(keeping)
    async with keeping.ledger.begin() as work:
        await work.connection.execute(tables.findings.update().values(remark="แก้ทีหลัง", hash="0" * 64))
        await work.commit()
    officer = keeping.directory.organisation.officers[0]
    monkeypatch.setattr(keeping.directory, "officers_with", lambda duty: (officer,) if duty is Duty.AUDITOR else ())
    clock.advance(hours=2)
    await stage.open("trial-sequence", Brief(), case_id="case-2")
    assert await anchor_when_due(keeping) == 1
    async with keeping.ledger.read() as connection:
        assert (await anchors.numbered(connection, 2)).refused == (REGISTER,)
    (mail,) = await mails(keeping, "notice")
    assert (mail.case_id, mail.officer) == ("", officer.id)
    assert len(await mails(keeping, "anchor")) == 1
    assert await differences_everywhere(keeping.ledger) == (), "neither of them belongs to a case, and rightly"


async def _sign(runtime: Runtime, remark: str) -> None:
    actor = Actor(kind=ActorKind.OFFICER, officer="audit.1", unit="audit", name="ผู้ตรวจสอบ")
    async with runtime.ledger.begin() as work:
        new = findings.NewFinding(
            case_id="case-1", judgement=findings.Judgement.REFER, remark=remark, deviation=None, head_seq=1,
            head_hash="0" * 64,
        )  # fmt: skip
        await findings.sign(work, new, actor=actor)
        await work.commit()
