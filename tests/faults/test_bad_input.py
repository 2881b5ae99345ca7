"""Bad input: a sentence in Thai and in English that names what is wrong, and nothing is changed."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

import flows
from engine import actions
from engine.links import LinkRefused
from engine.mail_out import MailOut
from flows import starting
from ledger import organisations, reading
from ledger.errors import LedgerError
from ledger.hand_offs import HandOff
from ledger.work import Ledger
from notifications.mailer import Mailer, MailServer
from rules.admission import admit
from rules.errors import BrokenFile, NotAdmitted, RuleError
from rules.organisation_file import load_organisation
from schemas.actor import system
from schemas.directive import Registration
from schemas.form import FormContext
from schemas.policy import Policy
from schemas.printout import PrintoutOrder
from tests.conftest import FRIDAY_NOON, ClockThatIsSet
from tests.engine.driver import ACTOR, Stage, stage_on
from tests.faults.ledger_state import Kept, counts_and_heads, keep
from tests.faults.sink import Sink
from tests.flows.people import SIX, TWO, accepted, do, open_work, register, settle

assert flows.__all__  # the processes enter the register
SAMPLE = Path(__file__).parents[2] / "deployments" / "ministries" / "sample.yaml"
DIVISION, PLANNING = "dept-div-a.1", "dept-plan.1"
TEN_MEGABYTES = "ก" * (10_000_000 // 3)


@dataclass(frozen=True)
class Scene:
    """A ministry in which a report is due, an acknowledgement was given and another was withdrawn."""

    stage: Stage
    report: HandOff
    """Last week's level was «ต่อเนื่อง»."""
    assignment: HandOff
    answered: HandOff
    withdrawn: HandOff

    async def submit(self, work: HandOff | str, officer: str, **data: Any) -> object:
        hand_off = work if isinstance(work, str) else work.id
        return await self.stage.intake.submit(hand_off, data, officer=officer, through="test")

    async def store(self, text: str) -> None:
        """What `sangkan organisation load` does."""
        organisation = load_organisation(text)
        async with self.stage.runtime.ledger.begin() as work:
            await organisations.store(work, organisation, Policy(), actor=system("test"), reason="test")
            await work.commit()


_SET: list[tuple[Kept, dict[str, HandOff]]] = []
"""The scene, set once; afterwards it is only brought back."""


@pytest_asyncio.fixture
async def scene(ledger: Ledger, clock: ClockThatIsSet) -> AsyncIterator[Scene]:
    stage = await stage_on(ledger, load_organisation(SAMPLE.read_text()))
    async with stage.intake:
        if not _SET:
            clock.moment = FRIDAY_NOON - timedelta(days=11)  # Monday 9 April, a week before
            work = await _work_of_a_week(stage, clock)
            _SET.append((await keep(ledger.engine), work))
        kept, work = _SET[0]
        await kept.bring_back(ledger.engine)
        clock.moment = FRIDAY_NOON
        yield Scene(stage, **work)


async def _work_of_a_week(stage: Stage, clock: ClockThatIsSet) -> dict[str, HandOff]:
    await starting.ensure_week_open(stage.runtime, actor=ACTOR)
    (case, other, third) = await register(stage, "dept", "oja", "dept2")
    answered, withdrawn = await open_work(stage, case, "receive"), await open_work(stage, other, "receive")
    await do(stage, third, "receive", {"decision": "accept"})
    await accepted(stage, case)
    await do(stage, case, "report", {"level": "continuous", **SIX})
    await do(stage, case, "check", {"decision": "approve"})
    await actions.cancel_case(stage.runtime, other, reason="รัฐมนตรียกเลิกข้อสั่งการ", actor=ACTOR)
    clock.moment = FRIDAY_NOON
    await stage.sweep()
    await settle(stage)
    assignment, report = await open_work(stage, third, "assign"), await open_work(stage, case, "report")
    return {"report": report, "assignment": assignment, "answered": answered, "withdrawn": withdrawn}


Attempt = Callable[[Scene], Awaitable[object]]


async def unknown_agency(s: Scene) -> object:
    form = Registration(title="ก", text="ก", ordered_by="ก", ordered_on="2018-04-02", agencies=("dept", "nowhere"))
    return await starting.register_directive(s.stage.runtime, form, actor=ACTOR)


async def printout_of_nobody(s: Scene) -> object:
    form = PrintoutOrder(meeting_on="2018-04-30")
    return await starting.order_printout(s.stage.runtime, form, agency="nowhere", actor=ACTOR)


async def naive_moment(s: Scene) -> object:
    return admit("Receipt", {"decision": "accept"}, FormContext(), now=datetime(2018, 4, 20, 12, 0))  # noqa: DTZ001


async def forged_link(s: Scene) -> object:
    link = s.stage.runtime.links.form(s.report.id, DIVISION, issued_at=FRIDAY_NOON)
    payload, _, signature = link.rpartition("/")[2].rpartition(".")
    return s.stage.runtime.links.read(f"{payload}.{signature[::-1]}", now=FRIDAY_NOON)


async def expired_link(s: Scene) -> object:
    link = s.stage.runtime.links.form(s.report.id, DIVISION, issued_at=FRIDAY_NOON - timedelta(days=31))
    return s.stage.runtime.links.read(link.rpartition("/")[2], now=FRIDAY_NOON)


def organisation_with(old: str, new: str) -> Attempt:
    """The sample ministry's file with one mistake."""
    text = SAMPLE.read_text()
    assert old in text
    return lambda s: s.store(text.replace(old, new, 1))


DELEGATED_NAIVELY = """ministry: moj
units: [{id: moj, th: กระทรวงยุติธรรม, role: ministry}]
officers: [{id: moj.1, unit: moj, name: ก, email: moj.1@moj.example}]
delegations:
  - officer: moj.1
    unit: moj
    instrument: คำสั่งที่ 1
    valid_from: "2018-04-01T08:30:00"
    valid_to: "2018-05-01T08:30:00+07:00"
"""

TABLE: dict[str, tuple[Attempt, str, str]] = {
    "a unit that is not of the agency": (
        lambda s: s.submit(s.assignment, "dept2-plan.1", divisions=["dept-div-a"], lead="dept-div-a"),
        "สำนัก/กองที่รับผิดชอบ", "Responsible divisions",
    ),
    "an unknown agency beside a known one": (unknown_agency, "ไม่พบหน่วยงาน «nowhere»", "no unit «nowhere»"),
    "a print-out for an unknown unit": (printout_of_nobody, "ไม่พบหน่วยงาน «nowhere»", "no unit «nowhere»"),
    "an unknown officer": (
        lambda s: s.submit(s.report, "nobody.1", level="continuous", **SIX), "เจ้าหน้าที่ «nobody.1»", "officer «nobody.1»",
    ),
    "an officer of another unit": (
        lambda s: s.submit(s.report, "dept2-div-a.1", level="continuous", **SIX), "กอง (ตัวอย่าง ก)", "you may not act",
    ),
    "ten megabytes of text": (
        lambda s: s.submit(s.report, DIVISION, level="continuous", **(SIX | {"goal": TEN_MEGABYTES})),
        "«4.1 เป้าหมายการดำเนินงาน» ยาวได้ไม่เกิน 20,000 ตัวอักษร", "“4.1 Goal” may have at most 20,000 characters",
    ),
    "ten megabytes under an unknown name": (
        lambda s: s.submit(s.report, DIVISION, **{"level": "continuous", **SIX, "x" * 1_000: TEN_MEGABYTES}),
        "ไม่รู้จักช่อง", "There is no field",
    ),
    "a level that goes back": (
        lambda s: s.submit(s.report, DIVISION, level="general", **SIX), "ต่อเนื่อง", "Continuous",
    ),
    "a level that does not exist": (
        lambda s: s.submit(s.report, DIVISION, level="finished", **SIX), "«ระดับข้อสั่งการ»", "“Level”",
    ),
    "completed without a day": (
        lambda s: s.submit(s.report, DIVISION, level="completed", **SIX), "วันที่แล้วเสร็จ", "Give the completion date",
    ),
    "a day that is no day": (
        lambda s: s.submit(s.report, DIVISION, level="completed", **SIX, completed_on="30 กุมภาพันธ์ 2561"),
        "«วันที่แล้วเสร็จ»", "“Completed on”",
    ),
    "work that was withdrawn": (
        lambda s: s.submit(s.withdrawn, "oja-plan.1", decision="accept"),
        "งานนี้ยกเลิกแล้ว ไม่ต้องดำเนินการต่อ: รัฐมนตรียกเลิกข้อสั่งการ", "This work was withdrawn",
    ),
    "work that was answered otherwise": (
        lambda s: s.submit(s.answered, PLANNING, decision="not_ours", reason="ไม่ใช่ภารกิจ"),
        "งานนี้มีผู้ส่งแล้วโดย", "This work was already submitted by",
    ),
    "work that never was": (
        lambda s: s.submit("0" * 20, DIVISION, level="general"), "ไม่พบงานที่ส่งมอบ «00000000000000000000»", "no hand-off",
    ),
    "a forged link": (forged_link, "ลิงก์นี้ไม่ถูกต้อง", "not genuine"),
    "an expired link": (expired_link, "หมดอายุ", "expired"),
    "a moment without its zone": (naive_moment, "ไม่ได้ระบุเขตเวลา", "does not say its time zone"),
    "a delegation without its zone": (
        lambda s: s.store(DELEGATED_NAIVELY), "delegations[1].valid_from", "delegations[1].valid_from",
    ),
    "an organisation with a dangling parent": (
        organisation_with("parent: dept-sec", "parent: dept-gone"),
        "units[dept-plan].parent: ไม่พบหน่วยงาน «dept-gone»", "units[dept-plan].parent: unknown unit 'dept-gone'",
    ),
    "an organisation with an unknown role": (
        organisation_with("role: secretariat", "role: secretary"), "units[ops-psd].role", "units[ops-psd].role",
    ),
    "an organisation with a bad address": (
        organisation_with("moj.minister@moj.example", "moj.minister"),
        "officers[moj.minister].email", "officers[moj.minister].email",
    ),
    "an organisation that is no YAML": (organisation_with("units:", "units: ["), "บรรทัดที่", "line"),
}  # fmt: skip


def sentences(error: Exception) -> tuple[str, str]:
    """The Thai and the English sentence of an error of any floor."""
    if isinstance(error, NotAdmitted | BrokenFile):
        assert all(problem.th and problem.en for problem in error.problems)
    if isinstance(error, LedgerError):
        return error.message_th, error.message_en
    assert isinstance(error, RuleError | LinkRefused), f"not an error for people: {error!r}"
    return error.th, error.en


@pytest.mark.parametrize("what", TABLE)
async def test_bad_input_is_named_in_both_languages_and_changes_nothing(scene: Scene, what: str) -> None:
    attempt, th, en = TABLE[what]
    engine = scene.stage.runtime.ledger.engine
    before, began = await counts_and_heads(engine), time.monotonic()
    with pytest.raises(Exception) as refused:  # noqa: PT011 - its kind is checked by what it says
        await attempt(scene)
    said_th, said_en = sentences(refused.value)
    assert th in said_th
    assert en in said_en
    assert len(said_th) < 2_000, "what was typed is not repeated"
    assert time.monotonic() - began < 5
    assert await counts_and_heads(engine) == before
    # The next good form goes in as if nothing had been.
    receipt = await scene.submit(scene.report, DIVISION, level="in_progress", **TWO)
    assert receipt


async def test_an_address_that_bounces_is_told_to_the_secretariat_and_the_work_stays_open(scene: Scene) -> None:
    server = Sink()
    server.start()
    server.bounces = {"dept-div-a.1@moj.example"}
    ledger = scene.stage.runtime.ledger
    try:
        async with Mailer(MailServer(host="127.0.0.1", port=server.port)) as mailer:
            mail_out = MailOut(scene.stage.runtime, mailer)
            while await mail_out.once():
                pass
    finally:
        server.stop()
    async with ledger.read() as connection:
        mails = [m for case in (scene.report.case_id,) for m in await reading.mails_of_case(connection, case)]
        work = await reading.hand_off(connection, scene.report.id)
        events = await reading.history(connection, scene.report.case_id)
    failed = [m for m in mails if m.state == "failed"]
    assert {m.email for m in failed} == {"dept-div-a.1@moj.example"}
    assert all("550" in m.reason and "no such user" in m.reason for m in failed)
    told = [m for m in mails if m.folder == "undeliverable"]
    assert {m.officer for m in told} == {"ops-psd.head"}
    assert len(told) == len(failed)
    assert [e.kind for e in events].count("mail:fail") == len(failed)
    assert work.state == "open"
