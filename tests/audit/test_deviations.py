"""A flow that departs from its approved model is found out, at the first event that the model does not allow."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

import flows.directive
import flows.sar
from audit.verdict import Why
from engine.case import Case
from engine.waits import Lane
from ledger.work import Ledger
from rules.sar import active_kpis
from schemas.deadline import At
from schemas.directive import Receipt
from schemas.kpi import Round
from schemas.organisation import Duty
from schemas.printout import PrintoutCase, PrintoutCheck, PrintoutOutcome, PrintoutReceipt
from tasks.office import look_up_office
from tasks.printout import build_table, print_table
from tests.audit.judging import carried_out_by, departure, told
from tests.conftest import ClockThatIsSet
from tests.engine.driver import Stage, stage_on
from tests.flows import province
from tests.flows.agreement import CERTIFIED, SAID, open_round
from tests.flows.people import at, do, pass_to, register, week_open
from tests.flows.test_printout import ordered
from tests.flows.test_sar import hand_in, reported

PrintoutFlow = Callable[[Case[PrintoutCase]], Awaitable[PrintoutOutcome]]


class Parts:
    """The steps of a print-out, one by one, for flows that put them together otherwise."""

    def __init__(self, case: Case[PrintoutCase]) -> None:
        self.case = case

    async def begin(self, *, after: timedelta = timedelta(0)) -> Any:
        office = await self.case.step("look_up", look_up_office, self.case.data.agency)
        await self.case.until("day_before", self.case.data.prepare_at + after)
        return office

    async def build(self) -> Any:
        return await self.case.step("build", build_table, self.case.data)

    async def check(self, unit: str | Lane) -> Any:
        return await self.case.hand_off("check", to=unit, form=PrintoutCheck, due=At(moment=self.case.data.due))

    async def print(self, table: Any) -> PrintoutOutcome:
        return await self.case.step("print", print_table, table)

    async def acknowledge(self) -> None:
        head = Lane(unit=self.case.data.agency, duty=Duty.HEAD)
        await self.case.hand_off("acknowledge", to=head, form=PrintoutReceipt)


async def nobody_checks(case: Case[PrintoutCase]) -> PrintoutOutcome:
    parts = Parts(case)
    await parts.begin()
    printed = await parts.print(await parts.build())
    await parts.acknowledge()
    return printed


async def printed_before_it_is_checked(case: Case[PrintoutCase]) -> PrintoutOutcome:
    parts = Parts(case)
    office = await parts.begin()
    printed = await parts.print(await parts.build())
    await parts.check(office.planning_unit)
    await parts.acknowledge()
    return printed


async def looked_up_twice(case: Case[PrintoutCase]) -> PrintoutOutcome:
    parts = Parts(case)
    office = await parts.begin()
    table = await parts.build()
    await parts.check(office.planning_unit)
    await case.step("look_up", look_up_office, case.data.agency)
    printed = await parts.print(table)
    await parts.acknowledge()
    return printed


async def an_element_of_its_own(case: Case[PrintoutCase]) -> PrintoutOutcome:
    parts = Parts(case)
    office = await parts.begin()
    table = await parts.build()
    await parts.check(office.planning_unit)
    await case.step("archive", look_up_office, case.data.agency)
    printed = await parts.print(table)
    await parts.acknowledge()
    return printed


async def printed_though_sent_back(case: Case[PrintoutCase]) -> PrintoutOutcome:
    parts = Parts(case)
    office = await parts.begin()
    table = await parts.build()
    await parts.check(office.planning_unit)  # whatever is said
    printed = await parts.print(table)
    await parts.acknowledge()
    return printed


async def checked_by_a_division(case: Case[PrintoutCase]) -> PrintoutOutcome:
    parts = Parts(case)
    await parts.begin()
    table = await parts.build()
    await parts.check("dept-div-a")
    printed = await parts.print(table)
    await parts.acknowledge()
    return printed


async def checked_by_the_head(case: Case[PrintoutCase]) -> PrintoutOutcome:
    parts = Parts(case)
    office = await parts.begin()
    table = await parts.build()
    await parts.check(Lane(unit=office.planning_unit, duty=Duty.HEAD))
    printed = await parts.print(table)
    await parts.acknowledge()
    return printed


async def checked_by_one_officer_only(case: Case[PrintoutCase]) -> PrintoutOutcome:
    parts = Parts(case)
    office = await parts.begin()
    table = await parts.build()
    only = Lane(unit=office.planning_unit, officer="dept-plan.1")
    await case.hand_off("check", to=only, form=PrintoutCheck, due=At(moment=case.data.due))
    printed = await parts.print(table)
    await parts.acknowledge()
    return printed


async def a_day_too_late(case: Case[PrintoutCase]) -> PrintoutOutcome:
    parts = Parts(case)
    office = await parts.begin(after=timedelta(days=1))
    table = await parts.build()
    await parts.check(office.planning_unit)
    printed = await parts.print(table)
    await parts.acknowledge()
    return printed


async def nobody_gets_it(case: Case[PrintoutCase]) -> PrintoutOutcome:
    parts = Parts(case)
    office = await parts.begin()
    table = await parts.build()
    await parts.check(office.planning_unit)
    return await parts.print(table)


@pytest.mark.parametrize(
    ("flow", "element", "why", "expected"),
    [
        (nobody_checks, "print", Why.NOT_NOW, ("check",)),
        (printed_before_it_is_checked, "print", Why.NOT_NOW, ("check",)),
        (looked_up_twice, "look_up", Why.NOT_NOW, ("print",)),
        (an_element_of_its_own, "archive", Why.UNKNOWN, ("print",)),
        (printed_though_sent_back, "print", Why.NOT_NOW, ("build",)),
        (checked_by_a_division, "check", Why.OTHER_UNIT, ("check",)),
        (checked_by_the_head, "check", Why.OTHER_DUTY, ("check",)),
        (checked_by_one_officer_only, "check", Why.OTHER_OFFICER, ("check",)),
        (a_day_too_late, "day_before", Why.OTHER_MOMENT, ("day_before",)),
        (nobody_gets_it, "close", Why.NOT_AT_THE_END, ("acknowledge",)),
    ],
    ids=lambda value: value.__name__ if callable(value) else None,
)
async def test_a_printout_that_is_made_otherwise_is_found_out(
    ministry: Stage, monday: ClockThatIsSet, flow: PrintoutFlow, element: str, why: Why, expected: tuple[str, ...]
) -> None:
    sent_back = flow is printed_though_sent_back
    verdict = {"decision": "return", "comment": "ขาดหนึ่งเรื่อง"} if sent_back else {"decision": "approve"}
    with carried_out_by("meeting-printout", flow):
        await week_open(ministry)
        case = await ordered(ministry, "2018-02-20")
        await pass_to(ministry, monday, at("2018-02-20", "09:00"))
        for form, data in (("check", verdict), ("acknowledge", {})):
            if any(form in key for key in await ministry.open_work(case)):
                await do(ministry, case, form, data)
    assert told(await departure(ministry.runtime.ledger, case)) == (element, why, expected)


async def test_a_persons_own_form_that_any_colleague_could_sign_is_found_out(
    ledger: Ledger, clock: ClockThatIsSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The model names the person (decision 40)."""
    clock.moment = province.BEGINS
    stage = await stage_on(ledger, *province.organisation())
    monkeypatch.setattr(
        "flows.agency_cascade.Lane", lambda unit, officer=None, duty=Duty.OFFICER: Lane(unit=unit, duty=duty)
    )
    async with stage.intake:
        await province.opened(stage)
        await province.agencies_signed(stage)
        group = f"{province.TREASURY}-g1"
        await province.all_do(stage, "share", province.GROUP, unit=group)
        await province.all_do(stage, "sign_group", {"decision": "sign"})
    found = await departure(ledger, province.agency_case(province.TREASURY))
    assert told(found) == ("agree", Why.OTHER_OFFICER, ("agree",))


async def test_a_deviation_names_the_event_its_moment_and_who_acted(ministry: Stage, monday: ClockThatIsSet) -> None:
    with carried_out_by("meeting-printout", nobody_checks):
        await week_open(ministry)
        case = await ordered(ministry, "2018-02-20")
        await pass_to(ministry, monday, at("2018-02-19", "09:00"))
    found = await departure(ministry.runtime.ledger, case)
    assert (found.kind, found.key, found.at, found.actor.through) == ("step:done", "print", at("2018-02-19"), "flow")
    assert (found.element_th, found.expected[0].th) == ("พิมพ์เอกสาร", "ตรวจตาราง")
    assert found.th == "«พิมพ์เอกสาร»: แบบจำลองยังไม่ถึงขั้นตอนนี้ หรือผ่านขั้นตอนนี้ไปแล้ว (ขั้นตอนที่แบบจำลองรออยู่: ตรวจตาราง)"


async def test_a_kpi_that_the_psdg_does_not_certify_is_found_out(
    department: Stage, clock: ClockThatIsSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The supervisor certifies, and the round goes on as if กพร. had as well (P7 step 4)."""
    certify = flows.sar.certify

    def only_the_supervisor(case: Any, element: str, *args: Any, **more: Any) -> Any:
        return certify(case, "certify_supervisor" if element == "certify_psdg" else element, *args, **more)

    monkeypatch.setattr(flows.sar, "certify", only_the_supervisor)
    clock.moment = at("2012-04-02")
    case = await open_round(department, Round.SIX)
    await reported(department, case)
    await hand_in(department, case, "cards[1.1.1]/certify_supervisor", CERTIFIED)
    found = await departure(department.runtime.ledger, case)
    assert told(found) == ("certify_supervisor", Why.NOT_NOW, ("certify_psdg",))
    assert found.key == "cards[1.1.1]/certify_supervisor#2"


async def test_the_psdg_before_the_supervisor_is_found_out(
    department: Stage, clock: ClockThatIsSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    certify = flows.sar.certify
    swapped = {"certify_supervisor": "certify_psdg", "certify_psdg": "certify_supervisor"}
    monkeypatch.setattr(
        flows.sar, "certify", lambda case, element, *args, **more: certify(case, swapped[element], *args, **more)
    )
    clock.moment = at("2012-04-02")
    case = await open_round(department, Round.SIX)
    await reported(department, case)
    found = await departure(department.runtime.ledger, case)
    assert told(found) == ("certify_psdg", Why.NOT_NOW, ("certify_supervisor",))


async def test_a_kpi_that_is_not_asked_for_is_found_out_when_the_round_is_closed(
    department: Stage, clock: ClockThatIsSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of three KPIs is forgotten; the model waits for all, so the round cannot be scored before the book day."""
    monkeypatch.setattr(flows.sar, "active_kpis", lambda book, round_: active_kpis(book, round_)[:1])
    clock.moment = at("2012-04-02")
    case = await open_round(department, Round.SIX)
    await hand_in(department, case, "keep[1.1.1]", SAID | {"value": "72"})
    await hand_in(department, case, "certify_supervisor", CERTIFIED)
    await hand_in(department, case, "certify_psdg", CERTIFIED)
    found = await departure(department.runtime.ledger, case)
    assert (found.element, found.why, found.kind) == ("certified_or_book_day", Why.NOT_NOW, "gate:decide")


async def test_work_that_goes_on_though_the_planning_unit_said_not_ours_is_found_out(
    ministry: Stage, monday: ClockThatIsSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def whatever_is_said(case: Any, office: Any) -> None:
        await case.hand_off("receive", to=office.planning_unit, form=Receipt, due=office.acknowledge)

    monkeypatch.setattr(flows.directive, "acknowledged_or_rerouted", whatever_is_said)
    (case,) = await register(ministry)
    await do(ministry, case, "receive", {"decision": "not_ours", "reason": "เป็นภารกิจของหน่วยงานอื่น"})
    assert told(await departure(ministry.runtime.ledger, case)) == ("assign", Why.NOT_NOW, ("reroute",))
