"""P11: the cascade of a province's KPIs to persons, its rounds, remedies, duties and ranking (S2, FY2553)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from flows.cascade_opening import open_cascade
from ledger import organisations
from ledger.errors import NotTheHolder
from ledger.hand_offs import HandOff
from ledger.work import Ledger
from rules.errors import NotAdmitted
from schemas.actor import system
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.conftest import staged
from tests.flows.people import at, case_of, do, mails_of, papers_of, pass_to, settle
from tests.flows.province import (
    AGENCIES,
    BEGINS,
    CASE,
    GOVERNOR,
    KPIS,
    OFFICE,
    ORDER,
    OWN,
    STATISTICS,
    STEPS,
    TREASURY,
    agencies_signed,
    agency_case,
    all_do,
    asked,
    everyone_signed,
    key_kpis_approved,
    line,
    opened,
    organisation,
    reached,
    report,
    until,
)
from tests.reports import pdf


@pytest_asyncio.fixture
async def province(ledger: Ledger, clock: ClockThatIsSet) -> AsyncIterator[Stage]:
    """จันทร์ 10 พฤษภาคม 2553 เวลา 9.00 น.: the cascade has begun."""
    clock.moment = BEGINS
    async with staged(ledger, *organisation()) as made:
        await opened(made)
        yield made
        await settle(made)


# --- agreements --------------------------------------------------------------------------------------------


async def test_the_governor_returns_the_key_kpis_and_approves_them_the_second_time(province: Stage) -> None:
    proposing = (await asked(province, "propose"))[0]
    assert (proposing.unit, proposing.case_id) == (OFFICE, CASE)
    await do(province, CASE, "propose", {"kpis": [{**KPIS[-1], "weight": "100"}]})
    await do(province, CASE, "settle", {"decision": "return", "comment": "ขาดตัวชี้วัดการเบิกจ่าย"})
    (again,) = await asked(province, "propose")
    assert again.context.note == "ผู้ว่าราชการจังหวัดส่งคืน: ขาดตัวชี้วัดการเบิกจ่าย"
    assert [kpi["number"] for kpi in again.context.prefill["kpis"]] == ["2.7"]
    await key_kpis_approved(province)
    assert {work.case_id for work in await asked(province, "propose")} == {agency_case(unit) for unit in AGENCIES}


async def test_each_agency_signs_with_the_governor_and_none_waits_for_another(province: Stage) -> None:
    await key_kpis_approved(province)
    case = agency_case(TREASURY)
    await all_do(province, "propose", lambda work: dict(work.context.prefill), case=case)
    (signing,) = await asked(province, "sign")
    assert (signing.unit, signing.title) == (GOVERNOR, "ลงนามคำรับรองของสำนักงานคลังจังหวัดพระนครศรีอยุธยา")
    await do(province, case, "sign", {"decision": "return", "remark": "ขอระดับเป้าหมาย 5"})
    await all_do(province, "propose", lambda work: dict(work.context.prefill), case=case)
    await do(province, case, "sign", {"decision": "sign"})
    assert {work.unit for work in await asked(province, "share")} == {f"{TREASURY}-g1", f"{TREASURY}-g2"}
    assert {work.unit for work in await asked(province, "propose")} == {OFFICE, STATISTICS}
    papers = await papers_of(province, case)
    text = pdf.text(papers["คำรับรอง-สำนักงานคลังจังหวัดพระนครศรีอยุธยา-2553.pdf"])
    for said in ("ผู้ทำคำรับรอง", "ผู้ว่าราชการจังหวัดพระนครศรีอยุธยา", "๑๐๐", "๒.๖"):
        assert said in text, said


async def test_a_person_signs_for_himself_and_the_supervisor_returns_it_with_a_remark(province: Stage) -> None:
    await agencies_signed(province)
    await all_do(province, "share", {"kpis": [{"number": "2.5", "weight": "100"}]}, unit=f"{TREASURY}-g1")
    await all_do(province, "sign_group", {"decision": "sign"})
    own = {work.officer: work for work in await asked(province, "agree")}
    assert set(own) == {f"{TREASURY}-g1.head", f"{TREASURY}-g1.1"}
    work = own[f"{TREASURY}-g1.1"]
    for other in (f"{TREASURY}-g1.head", f"{TREASURY}.head", f"{GOVERNOR}.head"):
        with pytest.raises(NotTheHolder):
            await province.intake.submit(work.id, OWN, officer=other, through="test")
    wrong = {**OWN, "kpis": [{**OWN["kpis"][0], "parent": "2.7", "weight": "90"}]}
    with pytest.raises(NotAdmitted) as refused:
        await province.intake.submit(work.id, wrong, officer=f"{TREASURY}-g1.1", through="test")
    assert {problem.field for problem in refused.value.problems} == {"kpis", "kpis.0.parent"}
    await all_do(province, "agree", OWN)
    supervisors = {work.unit for work in await asked(province, "endorse")}
    assert supervisors == {f"{TREASURY}-g1", TREASURY}  # the head of the group is supervised by the head of the agency
    await all_do(province, "endorse", {"decision": "return", "remark": "เพิ่มงาน"}, unit=f"{TREASURY}-g1")
    (again,) = await asked(province, "agree")
    assert (again.officer, again.context.note) == (f"{TREASURY}-g1.1", "ผู้บังคับบัญชาส่งคืน: เพิ่มงาน")
    await all_do(province, "agree", OWN)
    await all_do(province, "endorse", {"decision": "sign"})
    papers = await papers_of(province, agency_case(TREASURY))
    assert {name for name in papers if "รายบุคคล" in name} == {
        f"ตัวชี้วัดรายบุคคล-{person}กลุ่มงานยุทธศาสตร์-สคจ.อย.-2553.pdf" for person in ("เจ้าหน้าที่", "หัวหน้า")
    }
    text = pdf.text(papers["ตัวชี้วัดรายบุคคล-เจ้าหน้าที่กลุ่มงานยุทธศาสตร์-สคจ.อย.-2553.pdf"])
    for said in ("เจ้าภาพหลัก", "ผู้บังคับบัญชา", "จัดวางระบบควบคุมภายใน"):
        assert said in text, said


async def test_the_work_of_a_person_who_has_left_is_taken_over_by_the_head_of_the_group(province: Stage) -> None:
    await agencies_signed(province)
    await all_do(province, "share", {"kpis": [{"number": "2.5", "weight": "100"}]}, unit=f"{TREASURY}-g1")
    await all_do(province, "sign_group", {"decision": "sign"})
    staff = province.runtime.directory.organisation
    gone = tuple(o.replace(active=False) if o.id == f"{TREASURY}-g1.1" else o for o in staff.officers)
    async with province.runtime.ledger.begin() as work:
        await organisations.store(
            work, staff.replace(officers=gone), province.runtime.policy, actor=system("test"), reason="โอนย้าย"
        )
        await work.commit()
    await province.runtime.refresh(at_once=True)
    (left,) = [each for each in await asked(province, "agree") if each.officer == f"{TREASURY}-g1.1"]
    assert [o.id for o in province.runtime.post.holders_of(left)] == [f"{TREASURY}-g1.head"]
    await all_do(province, "agree", OWN)
    await all_do(province, "endorse", {"decision": "sign"})
    assert not await asked(province, "agree")


async def test_at_the_end_of_the_year_a_person_says_what_was_reached_and_the_supervisor_confirms_it(
    province: Stage, clock: ClockThatIsSet
) -> None:
    await everyone_signed(province)
    assert not await asked(province, "assess_own"), "the year is not over"
    await until(province, clock, "2010-10-04")
    person, group = f"{TREASURY}-g1.1", f"{TREASURY}-g1"
    (work,) = [each for each in await asked(province, "assess_own") if each.officer == person]
    assert ("ข้อ 1", f"จัดวางระบบควบคุมภายในของกลุ่มงาน · น้ำหนัก 100 · ระดับ 1–5: {STEPS}") in work.context.facts
    with pytest.raises(NotTheHolder):
        await province.intake.submit(work.id, reached(5), officer=f"{group}.head", through="test")
    await all_do(province, "assess_own", reached(5))
    (confirming,) = await asked(province, "confirm_own", unit=group)
    assert {"ผลข้อ 1": "ระดับ 5 · วางระบบแล้ว", "คะแนนรวม": "5.0000"}.items() <= dict(confirming.context.facts).items()
    await all_do(province, "confirm_own", {"decision": "return", "comment": "ยังไม่ประเมินผล"}, unit=group)
    (again,) = await asked(province, "assess_own")
    assert (again.officer, again.context.note) == (person, "ผู้บังคับบัญชาส่งคืน: ยังไม่ประเมินผล")
    assert again.context.prefill["lines"] == reached(5)["lines"]
    await all_do(province, "assess_own", reached(4))
    await all_do(province, "confirm_own", {"decision": "approve"})
    papers = await papers_of(province, agency_case(TREASURY))
    text = pdf.text(papers["ประเมินผลรายบุคคล-เจ้าหน้าที่กลุ่มงานยุทธศาสตร์-สคจ.อย.-2553.pdf"])
    for said in ("๔.๐๐๐๐", "วางระบบแล้ว", "ผู้ประเมิน"):
        assert said in text, said


# --- rounds ------------------------------------------------------------------------------------------------


async def test_a_low_score_is_planned_assessed_again_and_rechecked_by_the_host(
    province: Stage, clock: ClockThatIsSet
) -> None:
    await everyone_signed(province)
    await until(province, clock, "2010-06-02")
    low = {OFFICE: report(4, 950, 4), TREASURY: report(3, 900, 2), STATISTICS: report(3, 700, 3)}
    await all_do(province, "self_assess", lambda work: low[work.unit])
    case = agency_case(TREASURY)
    (plan,) = await asked(province, "plan")
    assert plan.case_id == case
    assert ("คะแนนรอบ 6 เดือน", "2.0000 น้อยกว่า 2.5") in plan.context.facts
    await do(province, case, "plan", {"cause": "ยังไม่ถ่ายทอด", "actions": "เร่งลงนาม", "recheck_on": "2010-06-22"})
    await until(province, clock, "2010-06-21")
    assert not await asked(province, "reassess")
    await until(province, clock, "2010-06-22", "10:00")
    await do(province, case, "reassess", {"kpis": [line("2.7", 3)], "done": "ลงนามครบทุกกลุ่ม"})
    (check,) = await asked(province, "recheck")
    assert check.unit == OFFICE  # the host of the KPI
    await do(province, case, "recheck", {"decision": "return", "comment": "ขาดหลักฐาน"})
    await do(province, case, "reassess", {"kpis": [line("2.7", 2)], "done": "ลงนามบางส่วน"})
    await do(province, case, "recheck", {"decision": "approve"})
    (second,) = await asked(province, "plan")
    assert second.context.note == "ประเมินซ้ำแล้วได้ 2.0000 ยังน้อยกว่า 2.5"
    await do(province, case, "plan", {"cause": "ยังไม่ครบ", "actions": "เร่งอีก", "recheck_on": "2010-07-01"})
    await until(province, clock, "2010-07-01", "10:00")
    await do(province, case, "reassess", {"kpis": [line("2.7", 4)], "done": "ลงนามครบ"})
    await do(province, case, "recheck", {"decision": "approve"})
    assert not await asked(province, "plan")


async def test_a_ratio_is_refused_without_its_formula_and_values_and_where_they_do_not_agree(
    province: Stage, clock: ClockThatIsSet
) -> None:
    await agencies_signed(province)
    await until(province, clock, "2010-06-02")
    (work,) = await asked(province, "self_assess", unit=TREASURY)
    officer = province.runtime.post.holders_of(work)[0].id

    async def refused(**ratio: str) -> set[str]:
        said = {"kpis": [line("2.5", 3), {**line("2.6", paid=900), **ratio}, line("2.7", 3)]}
        with pytest.raises(NotAdmitted) as found:
            await province.intake.submit(work.id, said, officer=officer, through="test")
        return {problem.field for problem in found.value.problems}

    assert await refused(formula="", numerator="", denominator="", value="") == {
        f"kpis.1.{name}" for name in ("formula", "numerator", "denominator", "value")
    }
    assert await refused(value="91") == {"kpis.1.value"}
    assert await refused(denominator="0") == {"kpis.1.denominator"}
    await all_do(province, "self_assess", report(3, 900, 3), unit=TREASURY)


async def test_the_meeting_waits_neither_for_the_late_nor_for_the_hosts_and_attendance_is_not_membership(
    province: Stage, clock: ClockThatIsSet
) -> None:
    await agencies_signed(province)
    await until(province, clock, "2010-06-03")
    await all_do(province, "self_assess", lambda work: None if work.unit == STATISTICS else report(2, 800, 2))
    await until(province, clock, "2010-06-08")
    (meeting,) = await asked(province, "meet")
    facts = dict(meeting.context.facts)
    assert facts["รายงานแล้ว"] == "2 จาก 3 หน่วยงาน"
    assert facts["ยังไม่รายงาน"] == "สำนักงานสถิติจังหวัดพระนครศรีอยุธยา"
    assert facts["คะแนนรวม"] == "ตั้งแต่ 2.4000 ถึง 2.4000"
    comments = await asked(province, "comment")
    assert sorted((work.key, work.unit) for work in comments) == [
        ("meetings[6]/comments[2.5]/comment", OFFICE), ("meetings[6]/comments[2.6]/comment", TREASURY),
        ("meetings[6]/comments[2.7]/comment", OFFICE),
    ]  # fmt: skip
    await all_do(province, "comment", {"comment": "เขียนสูตรและใส่ค่าให้ละเอียด"}, unit=TREASURY)
    minutes = {
        "held_on": "2010-06-08", "attended": [OFFICE, TREASURY], "resolution": "ให้ส่งรอบ 9 เดือนภายใน 16 กรกฎาคม 2553",
    }  # fmt: skip
    await do(province, CASE, "meet", minutes)
    assert not await asked(province, "comment")
    papers = await papers_of(province, CASE)
    summary = pdf.text(papers["สรุปผลรอบ-6-เดือน-2553.pdf"])
    for said in ("ต้องจัดทำแผนปรับปรุงตัวชี้วัดที่๒.๗", "ยังไม่รายงาน", "๒.๔๐๐๐"):
        assert said in summary, said
    told = pdf.text(papers["รายงานการประชุมรอบ-6-เดือน-2553.pdf"])
    for said in ("เข้าร่วมประชุม๒จาก๓หน่วยงาน", "เขียนสูตรและใส่ค่าให้ละเอียด", "๑๖กรกฎาคม๒๕๕๓"):
        assert said in told, said
    assert {mail.officer for mail in await mails_of(province, CASE, "notice")} == {f"{unit}.head" for unit in AGENCIES}
    await all_do(province, "self_assess", report(3, 700, 3), unit=STATISTICS)  # late, and still taken


async def test_a_nine_month_score_below_the_target_warns_and_blocks_nothing(
    province: Stage, clock: ClockThatIsSet
) -> None:
    await agencies_signed(province)
    await until(province, clock, "2010-06-03")
    await all_do(province, "self_assess", report(4, 1000, 4))
    await until(province, clock, "2010-07-14")
    # 40 of 100 on 83.75 per cent (3.3750), and 4 on the rest: 3.7500, «ไม่ต่ำกว่า»; a hundredth less is below.
    paid = {OFFICE: ("837.5", "83.75"), STATISTICS: ("837.4", "83.74"), TREASURY: ("1000", "100")}

    def nine(work: HandOff) -> dict[str, Any]:
        numerator, value = paid[work.unit]
        ratio = {**line("2.6", paid=0), "numerator": numerator, "value": value}
        return {"kpis": [line("2.5", 4), ratio, line("2.7", 4)]}

    await all_do(province, "self_assess", nine)
    for agency, warned in ((OFFICE, False), (TREASURY, False), (STATISTICS, True)):
        notices = await mails_of(province, agency_case(agency), "notice")
        assert [mail.officer for mail in notices] == ([f"{agency}.head"] if warned else []), agency
    await until(province, clock, "2010-07-19")
    (meeting,) = [work for work in await asked(province, "meet") if work.key.startswith("meetings[9]")]
    assert dict(meeting.context.facts)["ต่ำกว่าเป้าหมายรอบ 9 เดือน"] == "สำนักงานสถิติจังหวัดพระนครศรีอยุธยา"
    assert not await asked(province, "plan")


# --- what all agencies do besides --------------------------------------------------------------------------


async def test_the_cleaning_day_lies_before_payday_and_a_month_without_one_passes(
    province: Stage, clock: ClockThatIsSet
) -> None:
    await key_kpis_approved(province)
    await until(province, clock, "2010-05-10", "09:30")
    (setting,) = await asked(province, "set_day")
    assert setting.context.limits["payday"] == "2010-05-25"
    with pytest.raises(NotAdmitted) as refused:
        await province.intake.submit(setting.id, {"on": "2010-05-25"}, officer=f"{OFFICE}.1", through="test")
    assert [problem.field for problem in refused.value.problems] == ["on"]
    await all_do(province, "set_day", {"on": "2010-05-24"})
    await until(province, clock, "2010-05-10", "09:31")
    case = "cleaning-ayutthaya-2010-05"
    cleaning = await asked(province, "report", case=case)
    assert {work.due_at for work in cleaning} == {at("2010-05-25", "08:30")}
    await until(province, clock, "2010-05-24", "15:00")
    done = {"done_on": "2010-05-24", "result": "ทำความสะอาดอาคารและบริเวณ"}
    await all_do(province, "report", lambda work: None if work.unit == TREASURY else done, case=case)
    await until(province, clock, "2010-05-25", "10:00")
    await all_do(province, "report", done, unit=TREASURY, case=case)
    await all_do(province, "compile", {"summary": "ครบทุกหน่วยงาน"})
    ended = await case_of(province, case)
    assert ended.state == "completed"
    assert (ended.result["missing_at_first"], ended.result["final"]["late"]) == ([TREASURY], [TREASURY])
    await until(province, clock, "2010-07-01")  # nobody set a day in June
    assert [work.key for work in await asked(province, "set_day")] == ["months[2010-07]/set_day"]


async def test_satisfaction_goes_to_the_treasury_questionnaires_to_statistics_and_control_is_due_in_september(
    province: Stage, clock: ClockThatIsSet
) -> None:
    await key_kpis_approved(province)
    await until(province, clock, "2010-08-30")
    done = {"done_on": "2010-08-27", "result": "ร้อยละ 85 พึงพอใจ"}
    for kind, collector in (("satisfaction", TREASURY), ("questionnaire", STATISTICS), ("anti_corruption", OFFICE)):
        case = f"duty-ayutthaya-2553-{kind}"
        reported = await all_do(province, "report", done, case=case)
        assert {work.duty for work in reported} == {"head" if kind == "satisfaction" else "officer"}
        (compiling,) = await asked(province, "compile", case=case)
        assert compiling.unit == collector
        await all_do(province, "compile", {"summary": "ภาพรวมร้อยละ 85"}, case=case)
        assert (await case_of(province, case)).state == "completed"
    await until(province, clock, "2010-09-29")
    control = await asked(province, "report", case="duty-ayutthaya-2553-internal_control")
    assert {work.due_at for work in control} == {at("2010-09-30", "23:59").replace(second=59)}


# --- the end of the year -----------------------------------------------------------------------------------


async def test_a_whole_year_ends_with_the_ranking_in_which_equals_share_a_rank(
    province: Stage, clock: ClockThatIsSet
) -> None:
    await everyone_signed(province)
    paid = {OFFICE: 950, TREASURY: 950, STATISTICS: 900}

    async def duties(day: str) -> None:
        for case in {work.case_id for work in await asked(province, "report") if work.case_id.startswith("duty")}:
            await all_do(province, "report", {"done_on": day, "result": "เรียบร้อย"}, case=case)
        for work in await asked(province, "compile"):
            await all_do(province, "compile", {"summary": "ครบ"}, case=work.case_id)

    for round_, day, held in (
        (6, "2010-06-03", "2010-06-08"),
        (9, "2010-07-14", "2010-07-20"),
        (12, "2010-10-13", "2010-10-20"),
    ):
        await until(province, clock, day)
        for agency in AGENCIES:
            await all_do(province, "self_assess", report(4, paid[agency], 4), case=agency_case(agency))
        await duties(day)
        await until(province, clock, held)
        await duties(held)
        minutes = {"held_on": held, "attended": list(AGENCIES), "resolution": f"รับทราบรอบ {round_} เดือน"}
        await all_do(province, "meet", minutes)
    await all_do(province, "assess_own", reached(4))
    await all_do(province, "confirm_own", {"decision": "approve"})
    (announcing,) = await asked(province, "announce")
    assert (announcing.unit, dict(announcing.context.facts)["อันดับ 3"]) == (
        GOVERNOR, "สำนักงานสถิติจังหวัดพระนครศรีอยุธยา ร้อยละ 90.00",
    )  # fmt: skip
    await all_do(province, "announce", {"on": "2010-10-21"})
    ended = await case_of(province, CASE)
    assert ended.state == "completed"
    assert [(each["unit"], each["rank"]) for each in ended.result["ranking"]["places"]] == [
        (OFFICE, 1), (TREASURY, 1), (STATISTICS, 3),
    ]  # fmt: skip
    assert [len(each["attended"]) for each in ended.result["meetings"]] == [3, 3, 3]
    announced = pdf.text((await papers_of(province, CASE))["ประกาศผลการจัดอันดับ-2553.pdf"])
    for said in ("อันดับ๑สำนักงานจังหวัด", "อันดับ๓", "๙๕.๐๐", "ประกาศณวันที่๒๑ตุลาคมพ.ศ.๒๕๕๓"):
        assert said in announced, said
    of_agency = await case_of(province, agency_case(TREASURY))
    assert of_agency.state == "completed"
    assert [Decimal(each["total"]) for each in of_agency.result["rounds"]] == [Decimal("4.2000")] * 3
    scores = [person["assessed"] for group in of_agency.result["groups"] for person in group["persons"]]
    assert [(each["total"], each["levels"], each["returned"]) for each in scores] == [("4.0000", [4], 0)] * 3


async def test_a_cascade_that_is_ordered_before_its_year_begins_has_the_months_of_its_own_year(
    province: Stage, clock: ClockThatIsSet
) -> None:
    """Both years' cascades would otherwise ask for the cleaning day of September, and call the same case."""
    await pass_to(province, clock, at("2010-09-06"))
    order = ORDER.replace(
        fiscal_year=2554, sar_6_due=date(2011, 4, 4), sar_9_due=date(2011, 7, 18), sar_12_due=date(2011, 10, 14),
        seminar_on=date(2011, 6, 30), surveys_due=date(2011, 8, 31), control_due=date(2011, 9, 30),
    )  # fmt: skip
    case = await open_cascade(province.runtime, order, province=GOVERNOR, actor=ACTOR)
    months = [month["name"] for month in (await case_of(province, case)).data["months"]]
    assert (months[0], months[-1], len(months)) == ("2010-10", "2011-09", 12)
