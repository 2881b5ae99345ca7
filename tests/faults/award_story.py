"""Two scores of the Community Development Department, an appeal on one of them, and the award money that follows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from engine import actions
from ledger import reading
from ledger.errors import UnknownCase
from schemas.appeal import AppealKind, appeal_case_id
from schemas.award_case import StaffRecords, award_case_id
from schemas.base import Record
from tests.engine.driver import ACTOR
from tests.faults.office import Office
from tests.faults.story import Act, Story, form, nothing, together
from tests.flows.agreement import department
from tests.flows.test_appeal import APPEAL, NO_APPEAL, scores
from tests.flows.test_award import AMOUNTS, APPROVED, COMMUNITY, DATA, FINANCE, NO_OBJECTION, STAFF

APPEALS, AWARD = appeal_case_id("cdd", 2555, AppealKind.SCORE), award_case_id("cdd", 2555)

TWO_SCORES = scores().replace(kpis=scores().kpis[1:])


def at(month: int, day: int, time: str = "10:00") -> datetime:
    """A moment of 2556 in Bangkok."""
    return datetime.fromisoformat(f"2013-{month:02d}-{day:02d}T{time}+07:00").astimezone(UTC)


def opened(process: str, case_id: str, data: Record) -> Callable[[Office], Awaitable[None]]:
    """Whoever is not sure that the case was opened looks first."""

    async def open_it(office: Office) -> None:
        async with office.runtime.ledger.read() as connection:
            try:
                await reading.case(connection, case_id)
            except UnknownCase:
                pass
            else:
                return
        await actions.start_case(
            office.runtime, process, data, case_id=case_id, title="ปีงบประมาณ 2555", units=("cdd",), actor=ACTOR
        )

    return open_it


async def records_handed_in(office: Office) -> None:
    """By whoever is not sure that they arrived: the same form again is no second message."""
    sent = StaffRecords(staff=STAFF)
    await actions.send_message(office.runtime, AWARD, sent, sender="cdd-personnel", actor=ACTOR, order="records:1")


def listed(unit: str, **changes: int) -> Callable[[Office], Awaitable[None]]:
    """The unit's list, with other months for some of its persons; the second time as well."""
    persons = [each.replace(months=changes.get(each.id, each.months)).model_dump(mode="json") for each in STAFF[unit]]
    return form(AWARD, "propose", unit=unit, again=bool(changes), persons=persons)


def judged(element: str, *, again: bool = False) -> Callable[[Office], Awaitable[None]]:
    return form(AWARD, element, again=again, **APPROVED)


OBJECTION: dict[str, Any] = {"wish": "object", "person": "นายleft", "reasons": "ปฏิบัติงาน 7 เดือน"}
ACTS = (
    Act("two scores are announced", at(2, 28, "09:00"), opened("appeal", APPEALS, TWO_SCORES)),
    Act("one unit does not appeal", at(3, 1), form(APPEALS, "draft", unit=FINANCE, **NO_APPEAL)),
    Act("the other does", at(3, 4), form(APPEALS, "draft", unit=COMMUNITY, **APPEAL)),
    Act("กพร. checks", at(3, 5), form(APPEALS, "check", decision="approve")),
    Act("the director-general signs", at(3, 6), form(APPEALS, "sign", decision="sign")),
    Act("the window is over", at(3, 16), nothing),
    Act("it is decided", at(3, 20), form(APPEALS, "decide", verdict="accept", reasons="ครบถ้วน")),
    Act("award money is opened", at(6, 3, "09:00"), opened("award-allocation", AWARD, DATA)),
    Act("the personnel records are handed in", at(6, 3, "09:30"), records_handed_in),
    Act("the pots are keyed in", at(6, 3), form(AWARD, "amounts", **AMOUNTS)),
    Act("two units propose", at(6, 4), together(listed(COMMUNITY), listed(FINANCE))),
    Act("the lists are checked", at(6, 5), judged("check")),
    Act("the shares are approved", at(6, 6), judged("approve")),
    Act("one objects", at(6, 7), form(AWARD, "object", unit=COMMUNITY, **OBJECTION)),
    Act("the other does not", at(6, 10), form(AWARD, "object", unit=FINANCE, **NO_OBJECTION)),
    Act("the list is corrected", at(6, 11), listed(COMMUNITY, left=7)),
    Act("it is checked again", at(6, 12), judged("check", again=True)),
    Act("it is approved again", at(6, 13), judged("approve", again=True)),
    Act("it is paid", at(6, 28), form(
        AWARD, "pay", paid_on="28/6/2556", amount="1,100,000.01", reference="ฎ. 120/2556",
    )),
)  # fmt: skip


def appeal_and_award() -> Story:
    return Story(*department(), ACTS, every=4)
