"""Award money (P10): every satang of the pots goes to somebody, before an objection and after it."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from engine import actions
from ledger import reading
from ledger.canonical import sha256
from ledger.cases import CaseView
from ledger.hand_offs import HandOff
from rules.errors import NotAdmitted
from schemas.award import Award, AwardUnit, PersonGroup
from schemas.award_case import AwardCase, AwardLine, AwardOutcome, StaffRecords
from schemas.kpi import OwnerRole
from schemas.organisation import Duty
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.people import at, do, open_work, papers_of, pass_to, settle, work_about
from tests.reports import pdf

CASE = "award-2555-cdd"
COMMUNITY, FINANCE, WISDOM = "cdd-community", "cdd-finance", "cdd-wisdom"
POTS = {"operators": Decimal("1000000.01"), "executives": Decimal("100000.00")}
AMOUNTS: dict[str, Any] = {
    "operators": "1,000,000.01", "executives": "๑๐๐,๐๐๐", "reference": "นร 1203/ว 8", "notified_on": "3 มิ.ย. 2556",
}  # fmt: skip
APPROVED: dict[str, Any] = {"decision": "approve"}
NO_OBJECTION: dict[str, Any] = {"wish": "none"}


def line(who: str, salary: str, months: int = 12, role: OwnerRole | None = None, **more: Any) -> AwardLine:
    return AwardLine(
        id=who, name=f"นาย{who}", group=more.pop("group", PersonGroup.CIVIL_SERVANT), salary=Decimal(salary),
        months=months, role=role, **more,
    )  # fmt: skip


STAFF = {
    COMMUNITY: (
        line("c-head", "52000", executive=True),
        line("c-1", "31450.50", role=OwnerRole.MAIN_OWNER),
        line("moved", "22000", 8, OwnerRole.CO_OWNER),
        line("left", "27300", 5),
        line("short", "18000", 3),
    ),
    FINANCE: (
        line("f-head", "48000", executive=True),
        line("f-1", "25555.55", role=OwnerRole.SUPPORTER),
        line("moved", "22000", 4),
        line("hired", "15000", group=PersonGroup.GOVERNMENT_EMPLOYEE),
    ),
    WISDOM: (line("w-1", "30000", role=OwnerRole.MAIN_OWNER),),
}
DATA = AwardCase(
    agency="cdd", fiscal_year=2555, total=Decimal("3.8100"),
    units=(
        AwardUnit(id=COMMUNITY, score=Decimal("4.2000")), AwardUnit(id=FINANCE, score=Decimal("3.5000")),
        AwardUnit(id=WISDOM, score=Decimal("2.5000")),
    ),
)  # fmt: skip


@pytest.fixture
def june(clock: ClockThatIsSet) -> ClockThatIsSet:
    """จันทร์ 3 มิถุนายน 2556 เวลา 9.00 น."""
    clock.moment = at("2013-06-03")
    return clock


async def opened(stage: Stage, data: AwardCase = DATA) -> None:
    await actions.start_case(
        stage.runtime, "award-allocation", data, case_id=CASE, title="เงินรางวัล 2555", units=("cdd",), actor=ACTOR
    )
    await settle(stage)


async def begun(stage: Stage) -> None:
    """Opened, with the personnel records."""
    await opened(stage)
    await actions.send_message(stage.runtime, CASE, StaffRecords(staff=STAFF), sender="cdd-personnel", actor=ACTOR)
    await settle(stage)


async def case_now(stage: Stage) -> CaseView:
    async with stage.runtime.ledger.read() as connection:
        return await reading.case(connection, CASE)


async def holders(stage: Stage) -> set[tuple[str, str]]:
    return {(h.element, h.unit) for h in await work_about(stage, CASE)}


async def propose(stage: Stage, unit: str, *lines: AwardLine) -> HandOff:
    """A unit hands in its list; without one, as it was filled in beforehand."""
    asked = await open_work(stage, CASE, "propose", unit=unit)
    persons = [each.model_dump(mode="json") for each in lines] or asked.context.prefill["persons"]
    return await do(stage, CASE, "propose", as_a_page_sends(persons), unit=unit)


def as_a_page_sends(persons: list[dict[str, Any]]) -> dict[str, Any]:
    """Flat names, blank lines among them, unticked boxes left out."""
    cells: dict[str, Any] = {}
    for place, person in enumerate(persons):
        for column, value in person.items():
            if value is not False:
                cells[f"persons.{2 * place}.{column}"] = (
                    "" if value is None else "true" if value is True else str(value)
                )
        cells |= {f"persons.{2 * place + 1}.{column}": "" for column in ("id", "name", "group", "salary", "months")}
    return cells


async def proposed(stage: Stage) -> None:
    await begun(stage)
    await do(stage, CASE, "amounts", AMOUNTS)
    await propose(stage, COMMUNITY)
    await propose(stage, FINANCE)


async def announced(stage: Stage) -> None:
    await proposed(stage)
    await do(stage, CASE, "check", APPROVED)
    await do(stage, CASE, "approve", APPROVED)


async def paid(stage: Stage) -> AwardOutcome:
    due = await open_work(stage, CASE, "pay")
    answer = {"paid_on": "28/6/2556", "amount": due.context.limits["amount"], "reference": "ฎ. 120/2556"}
    await do(stage, CASE, "pay", answer)
    ended = await case_now(stage)
    assert ended.state == "completed"
    return AwardOutcome.model_validate(ended.result)


def assert_exact(award: Award) -> None:
    """Σ shares = pot, Σ of a unit = its quota: to the satang."""
    for pool in award.pools:
        shares = [share.amount for share in award.persons if share.pool == pool.pool]
        assert sum(shares) == pool.distributed == pool.amount == POTS[pool.pool]
        assert pool.undistributed == 0
    for unit in award.units:
        of_unit = [s.amount for s in award.persons if (s.pool, s.unit) == (unit.pool, unit.unit)]
        assert sum(of_unit) == unit.amount
    assert all(share.amount == round(share.amount, 2) for share in award.persons)


async def test_from_the_pots_to_the_payment_every_satang_is_accounted_for(
    department: Stage, june: ClockThatIsSet
) -> None:
    await begun(department)
    amounts = await open_work(department, CASE, "amounts")
    assert amounts.unit == "cdd-psdg"
    await do(department, CASE, "amounts", AMOUNTS)
    # The third unit scored below 3.0000: nothing to propose.
    assert await holders(department) == {("propose", COMMUNITY), ("propose", FINANCE)}
    asked = await open_work(department, CASE, "propose", unit=FINANCE)
    assert [person["id"] for person in asked.context.prefill["persons"]] == ["f-head", "f-1", "moved", "hired"]
    await propose(department, COMMUNITY)
    await propose(department, FINANCE)
    check = await open_work(department, CASE, "check")
    assert check.unit == "cdd-personnel"
    await do(department, CASE, "check", APPROVED | {"comment": "ตรงกับทะเบียน"})
    approval = await open_work(department, CASE, "approve")
    assert (approval.unit, approval.duty) == ("cdd", Duty.HEAD)
    assert ("ความเห็นของผู้ตรวจ", "ตรงกับทะเบียน") in approval.context.facts
    await do(department, CASE, "approve", APPROVED)
    assert await holders(department) == {("object", COMMUNITY), ("object", FINANCE)}
    await do(department, CASE, "object", NO_OBJECTION, unit=COMMUNITY)
    await do(department, CASE, "object", NO_OBJECTION, unit=FINANCE)
    assert await holders(department) == {("pay", "cdd-finance")}
    june.moment = at("2013-06-28")
    outcome = await paid(department)
    assert outcome.order is not None
    assert_exact(outcome.order.award)
    assert (str(outcome.paid_on), outcome.order.reference) == ("2013-06-28", "นร 1203/ว 8")
    assert (await case_now(department)).phase == "ordered"
    assert outcome.order.names["moved"] == "นายmoved"
    papers = await papers_of(department, CASE)
    printed, book = papers["คำสั่งจ่ายเงินรางวัล-2555.pdf"], papers["คำสั่งจ่ายเงินรางวัล-2555.xlsx"]
    shares = [row[-1].value for row in load_workbook(BytesIO(book))["รายบุคคล"].iter_rows()]
    written = sum(Decimal(str(share)) for share in shares if isinstance(share, int | float))
    assert written == 3 * Decimal("1100000.01"), "every person, the sum of each pot, the sum of all"
    assert sha256(printed) == outcome.order.pdf
    order = pdf.text(printed)
    for said in ("กรมการพัฒนาชุมชน", "ตามหนังสือที่นร๑๒๐๓/ว๘ลงวันที่๓มิถุนายน๒๕๕๖", "๑,๑๐๐,๐๐๐.๐๑", "กองคลัง", "นายmoved"):
        assert said in order


async def test_who_moved_has_a_share_in_each_unit_and_who_left_one_by_the_months_served(
    department: Stage, june: ClockThatIsSet
) -> None:
    await announced(department)
    await do(department, CASE, "object", NO_OBJECTION, unit=COMMUNITY)
    await do(department, CASE, "object", NO_OBJECTION, unit=FINANCE)
    june.moment = at("2013-06-28")
    order = (await paid(department)).order
    assert order is not None
    assert [(share.unit, share.months) for share in order.award.of("moved")] == [(COMMUNITY, 8), (FINANCE, 4)]
    # The higher part counts in both units.
    assert {share.role_factor for share in order.award.of("moved")} == {Decimal("0.75")}
    (left,), (full,) = order.award.of("left"), order.award.of("c-1")
    expected = full.amount * (27300 * 5 * Decimal("0.25")) / (Decimal("31450.50") * 12)
    assert abs(left.amount - expected) < Decimal("0.02")
    out = {(each.person, each.reason.value) for each in order.award.left_out}
    assert out == {("short", "months"), ("hired", "group"), ("w-1", "unit_score")}


async def test_an_agency_below_the_threshold_ends_with_the_reason_and_bothers_nobody(
    department: Stage, june: ClockThatIsSet
) -> None:
    await opened(department, DATA.replace(total=Decimal("2.9999")))
    ended = await case_now(department)
    outcome = AwardOutcome.model_validate(ended.result)
    assert (ended.state, outcome.order, outcome.eligibility.eligible) == ("completed", None, False)
    assert outcome.eligibility.th == "คะแนนรวม 2.9999 น้อยกว่า 3.0000 ไม่มีสิทธิได้รับเงินรางวัล"
    async with department.runtime.ledger.read() as connection:
        assert await reading.mails_of_case(connection, CASE) == ()


async def test_who_has_another_part_in_the_kpis_than_the_table_of_owners_says_is_named(
    department: Stage, june: ClockThatIsSet
) -> None:
    """The table links the persons to the money (S1 slide 15): who checks sees where a list departs from it."""
    roles = {
        "c-1": OwnerRole.CO_OWNER,
        "left": OwnerRole.SUPPORTER,
        "f-1": OwnerRole.SUPPORTER,
        "nobody": OwnerRole.MAIN_OWNER,
    }
    await opened(department, DATA.replace(roles=roles))
    await actions.send_message(department.runtime, CASE, StaffRecords(staff=STAFF), sender="cdd-personnel", actor=ACTOR)
    await settle(department)
    await do(department, CASE, "amounts", AMOUNTS)
    asked = dict((await open_work(department, CASE, "propose", unit=COMMUNITY)).context.facts)
    assert asked["ผู้รับผิดชอบตัวชี้วัด (O&S)"] == "นายc-1 (เจ้าภาพรอง) และ นายleft (ผู้สนับสนุน)"
    await propose(department, COMMUNITY)
    await propose(department, FINANCE)
    check = dict((await open_work(department, CASE, "check")).context.facts)
    assert check["สำนักเสริมสร้างความเข้มแข็งชุมชน ต่างจากตาราง O&S"] == (
        "นายc-1: ตาราง O&S เจ้าภาพรอง บัญชี เจ้าภาพหลัก; นายleft: ตาราง O&S ผู้สนับสนุน บัญชี ไม่มี"
    )
    assert not any("กองคลัง" in label and "O&S" in label for label in check)


async def test_an_objection_opens_one_unit_again_and_no_share_elsewhere_moves_by_a_satang(
    department: Stage, june: ClockThatIsSet
) -> None:
    await announced(department)
    before = {h.unit: dict(h.context.facts)["การจัดสรรของหน่วยงาน"] for h in await work_about(department, CASE)}
    objection = {"wish": "object", "person": "นายleft", "reasons": "ปฏิบัติงาน 7 เดือน ไม่ใช่ 5 เดือน"}
    await do(department, CASE, "object", objection, unit=COMMUNITY)
    await do(department, CASE, "object", NO_OBJECTION, unit=FINANCE)
    assert await holders(department) == {("propose", COMMUNITY)}
    again = await open_work(department, CASE, "propose")
    assert again.context.note == "ข้อโต้แย้งของนายleft: ปฏิบัติงาน 7 เดือน ไม่ใช่ 5 เดือน"
    corrected = [each.replace(months=7) if each.id == "left" else each for each in STAFF[COMMUNITY]]
    await propose(department, COMMUNITY, *corrected)
    check = await open_work(department, CASE, "check")
    assert check.context.choices["units"] == ((COMMUNITY, "สำนักเสริมสร้างความเข้มแข็งชุมชน"),)
    assert ("สำนักเสริมสร้างความเข้มแข็งชุมชน ต่างจากทะเบียนบุคคล", "นายleft: เดือนที่ปฏิบัติงาน 5 เป็น 7") in check.context.facts
    await do(department, CASE, "check", APPROVED)
    await do(department, CASE, "approve", APPROVED)
    june.moment = at("2013-06-28")
    order = (await paid(department)).order
    assert order is not None
    assert_exact(order.award)
    assert order.objections == ((COMMUNITY, "นายleft: ปฏิบัติงาน 7 เดือน ไม่ใช่ 5 เดือน"),)
    (left,) = order.award.of("left")
    assert left.months == 7
    assert f"{left.amount:,.2f} บาท" not in before[COMMUNITY]
    for share in order.award.persons:
        if share.unit == FINANCE:
            assert f"{order.names[share.person]} {share.amount:,.2f} บาท" in before[FINANCE]


async def test_when_nobody_answers_in_the_days_for_objections_the_money_is_ordered(
    department: Stage, june: ClockThatIsSet
) -> None:
    await announced(department)
    asked = await open_work(department, CASE, "object", unit=FINANCE)
    assert asked.due_at == at("2013-06-18", "23:59:59")
    await pass_to(department, june, at("2013-06-18", "23:59:58"))
    assert {element for element, _ in await holders(department)} == {"object"}
    await pass_to(department, june, at("2013-06-19"))
    assert {element for element, _ in await holders(department)} == {"pay"}
    order = (await paid_on(department, june)).order
    assert order is not None
    assert_exact(order.award)


async def paid_on(stage: Stage, clock: ClockThatIsSet) -> AwardOutcome:
    clock.moment = at("2013-06-28")
    return await paid(stage)


async def test_the_check_and_the_committee_send_back_only_the_lists_they_name(
    department: Stage, june: ClockThatIsSet
) -> None:
    await proposed(department)
    with pytest.raises(NotAdmitted) as refused:
        await do(department, CASE, "check", {"decision": "return"})
    assert {problem.field for problem in refused.value.problems} == {"units", "comment"}
    await do(department, CASE, "check", {"decision": "return", "units": [FINANCE], "comment": "ขาดผู้โอนมา"})
    assert await holders(department) == {("propose", FINANCE)}
    assert (await open_work(department, CASE, "propose")).context.note == "กองการเจ้าหน้าที่ ส่งคืนแก้ไข: ขาดผู้โอนมา"
    await propose(department, FINANCE)
    await do(department, CASE, "check", APPROVED)
    await do(department, CASE, "approve", {"decision": "return", "units": COMMUNITY, "comment": "ทบทวนบทบาท"})
    assert await holders(department) == {("propose", COMMUNITY)}
    again = await open_work(department, CASE, "propose")
    assert again.context.note == "กรมการพัฒนาชุมชน ส่งคืนแก้ไข: ทบทวนบทบาท"
    await propose(department, COMMUNITY)
    await do(department, CASE, "check", APPROVED)
    await do(department, CASE, "approve", APPROVED)
    assert {element for element, _ in await holders(department)} == {"object"}


async def test_lists_that_do_not_agree_about_a_person_cannot_be_approved(
    department: Stage, june: ClockThatIsSet
) -> None:
    await begun(department)
    await do(department, CASE, "amounts", AMOUNTS)
    await propose(department, COMMUNITY)
    longer = [each.replace(months=5, salary=Decimal(23000)) if each.id == "moved" else each for each in STAFF[FINANCE]]
    await propose(department, FINANCE, *longer)
    check = await open_work(department, CASE, "check")
    assert "นายmoved: เงินเดือนในบัญชีของแต่ละหน่วยงานไม่ตรงกัน" in check.context.note
    assert "นายmoved: รวมทุกหน่วยงาน 13 เดือน เกิน 12 เดือน" in check.context.note
    with pytest.raises(NotAdmitted) as refused:
        await do(department, CASE, "check", APPROVED)
    assert [problem.field for problem in refused.value.problems] == ["decision"]
    await do(department, CASE, "check", {"decision": "return", "units": [FINANCE], "comment": "ตรวจสอบ"})
    await propose(department, FINANCE, *STAFF[FINANCE])
    await do(department, CASE, "check", APPROVED)


async def test_a_list_that_would_leave_money_over_or_names_a_person_twice_is_refused(
    department: Stage, june: ClockThatIsSet
) -> None:
    await begun(department)
    await do(department, CASE, "amounts", AMOUNTS)
    with pytest.raises(NotAdmitted) as nobody:
        await propose(department, FINANCE, line("f-head", "48000", executive=True))
    assert [(p.field, "ไม่มีผู้ปฏิบัติงานที่มีสิทธิ" in p.th) for p in nobody.value.problems] == [("persons", True)]
    with pytest.raises(NotAdmitted) as twice:
        await propose(department, FINANCE, *STAFF[FINANCE], line("f-1", "1000"))
    assert [problem.field for problem in twice.value.problems] == ["persons.4.id"]
    broken = as_a_page_sends([each.model_dump(mode="json") for each in STAFF[FINANCE]])
    with pytest.raises(NotAdmitted) as cell:
        await do(department, CASE, "propose", broken | {"persons.2.months": "13"}, unit=FINANCE)
    assert [(p.field, p.th) for p in cell.value.problems] == [
        ("persons.1.months", "«เดือนที่ปฏิบัติงาน (ลำดับที่ 2)» ต้องไม่เกิน 12")
    ]


async def test_what_is_paid_is_what_was_ordered(department: Stage, june: ClockThatIsSet) -> None:
    await announced(department)
    await do(department, CASE, "object", NO_OBJECTION, unit=COMMUNITY)
    await do(department, CASE, "object", NO_OBJECTION, unit=FINANCE)
    with pytest.raises(NotAdmitted) as refused:
        await do(department, CASE, "pay", {"paid_on": "3/6/2556", "amount": "1,100,000.00", "reference": "ฎ. 1"})
    assert [problem.th for problem in refused.value.problems] == ["จำนวนเงินไม่ตรงกับคำสั่งจ่าย (1,100,000.01 บาท)"]
