"""The scenes of the year FY2555, in the order of their days."""

from __future__ import annotations

from collections.abc import Mapping

from deployments.demo.year_data import Answer, drafted_book, year_data
from deployments.demo.year_officer import table_as_sent
from deployments.demo.year_story import (
    AWARD,
    KEEPER_OF_THE_YEAR,
    NEGOTIATION_APPEAL,
    SCORE_APPEAL,
    YEAR,
    Teller,
    YearCompany,
    follow_up,
    sar,
    visit,
)
from schemas.agreement import SurveyScored
from schemas.award_case import AwardLine

CERTIFIED_BY = ("certify_supervisor", "certify_psdg")
LATE_KPI, REFUSED_KPI, RETURNED_KPI = "3.1", "4.3", "6"
"""Reported after the day of the book; refused by กพร. at first; sent back by the director-general."""


async def play(company: YearCompany) -> None:
    """From October 2554 to the payment of June 2556."""
    teller = Teller(company)
    await negotiated(teller)
    await signed_and_detailed(teller)
    await first_half(teller)
    await report_of_six_months(teller)
    await first_visit(teller)
    await report_of_nine_months(teller)
    await survey_and_evidence(teller)
    await report_of_twelve_months(teller)
    await second_visit(teller)
    await announced(teller)
    await rewarded(teller)


async def negotiated(year: Teller) -> None:
    """October to December 2554: baselines, choice, consultation, negotiation, and an appeal on a target."""
    await year.on("2011-10-03", "09:00", "กพร. เปิดรอบปีด้วยตัวชี้วัด 15 ตัวตามเอกสาร · หน่วยงานรวบรวมข้อมูลพื้นฐาน")
    await year.company.open_year(drafted_book(), officer=KEEPER_OF_THE_YEAR)
    await year.on("2011-10-06", "10:00")
    await year.done(YEAR, "baselines")
    await year.on("2011-10-19", "14:00", "คณะทำงานเลือกตัวชี้วัด แล้วหารือนอกรอบ")
    await year.done(YEAR, "choose")
    await year.on("2011-11-03", "10:00")
    await year.done(YEAR, "consult")
    await year.on("2011-11-16", "16:00", "เจรจากับสำนักงาน ก.พ.ร. · น้ำหนักที่เอกสารไม่ระบุตกลงกันแล้ว รวมได้ร้อยละ 92")
    await year.done(YEAR, "negotiate")
    await year.on("2011-11-25", "14:00", "สำนักงาน ก.พ.ร. แจ้งผลการเจรจา · อุทธรณ์ได้ 15 วัน")
    await year.done(YEAR, "notify_result")
    await year.on("2011-12-01", "10:00", "สสช. อุทธรณ์ค่าเป้าหมายตัวชี้วัดที่ 1.1.1 · กค. ไม่ตอบ · หน่วยงานอื่นไม่ประสงค์อุทธรณ์")
    appealed: Answer = {
        "wish": "appeal", "requested": "80", "reasons": "อุทกภัย พ.ศ. 2554 ทำให้จัดเวทีประชาคมได้ช้ากว่าแผน",
        "evidence": "ประกาศเขตพื้นที่ประสบสาธารณภัยของจังหวัด",
    }  # fmt: skip
    await year.done(NEGOTIATION_APPEAL, "draft", but=["7"], saying={"1.1.1": appealed})
    await year.on("2011-12-02", "10:00")
    await year.done(NEGOTIATION_APPEAL, "check")
    await year.on("2011-12-06", "10:00")
    await year.done(NEGOTIATION_APPEAL, "sign")
    await year.on("2011-12-19", "10:00", "สำนักงาน ก.พ.ร. รับอุทธรณ์บางส่วน ค่าเป้าหมายจาก 85 เป็น 82")
    partly: Answer = {
        "verdict": "partly",
        "value": "82",
        "reasons": "ลดให้ตามสัดส่วนพื้นที่ประสบภัย",
        "reference": "นร 1204/512",
    }
    await year.done(NEGOTIATION_APPEAL, "decide", saying={"": partly})


async def signed_and_detailed(year: Teller) -> None:
    """December 2554 and January 2555: both sign, owners write the details, the book goes out."""
    await year.on("2011-12-26", "10:00", "อธิบดีและปลัดกระทรวงลงนามคำรับรอง")
    await year.done(YEAR, "sign_maker", saying={"": {"signed_on": "26 ธันวาคม 2554"}})
    await year.on("2011-12-28", "10:00")
    await year.done(YEAR, "sign_receiver", saying={"": {"signed_on": "28 ธันวาคม 2554"}})
    await year.on("2012-01-09", "10:00", "หน่วยงานจัดทำรายละเอียดตัวชี้วัด · กพร. ส่งคืนตัวชี้วัดที่ 12 ซึ่งไม่มีสูตรการคำนวณ")
    await year.done(YEAR, "write_details", saying={"12": {"formula": ""}})
    await year.on("2012-01-11", "14:00")
    await year.done(YEAR, "check_details", saying={"12": {"decision": "return", "comment": "ขอให้ระบุสูตรการคำนวณ"}})
    await year.on("2012-01-13", "10:00")
    await year.done(YEAR, "write_details")
    await year.on("2012-01-16", "10:00")
    await year.done(YEAR, "check_details")


async def first_half(year: Teller) -> None:
    """January to March 2555: book, briefing, budgets, follow-ups, and a change of details in time."""
    await year.on("2012-01-20", "10:00", "สำนัก/กองและจังหวัดรับเอกสารรายละเอียดตัวชี้วัด")
    await year.done(YEAR, "receive_book")
    await year.followed_up("2012-02", on="2012-02-02", said="การติดตามประจำเดือนเริ่มขึ้น")
    await year.on("2012-02-09", "15:00", "ประชุมชี้แจงทาง Web Conference แล้วจัดสรรงบประมาณให้จังหวัด")
    await year.done(YEAR, "brief")
    await year.on("2012-02-15", "10:00")
    await year.done(YEAR, "budget")
    await year.followed_up("2012-03", on="2012-03-02")
    await year.on("2012-03-15", "10:00", "สทอ. ขอเปลี่ยนเกณฑ์ตัวชี้วัดที่ 4.1 ทันกำหนด สำนักงาน ก.พ.ร. อนุมัติ")
    levels = {f"level_{n}": value for n, value in enumerate(("1000", "1200", "1400", "1600", "1800"), start=1)}
    wanted = {"kpi": "4.1", **levels, "reason": "กลุ่มในพื้นที่อุทกภัยพักการดำเนินงาน"}
    await year.company.request_change(wanted, officer="cdd-funds.1")
    await year.on("2012-03-16", "10:00")
    await year.done(YEAR, "check_change")
    await year.on("2012-03-20", "10:00")
    await year.done(YEAR, "decide_change")
    await year.followed_up("round-6", on="2012-03-30")


async def report_of_six_months(year: Teller) -> None:
    """April 2555: a change that comes too late, a refused certification, a report after the day of the book."""
    await year.on("2012-04-03", "09:30", "สภว. ขอเปลี่ยนค่าเป้าหมายตัวชี้วัดที่ 5 หลังวันสิ้นสุด (2 เมษายน) · ระบบไม่รับและแจ้งเหตุผล")
    late = {"kpi": "5", "target": "70", "reason": "ยอดจำหน่ายไตรมาสแรกต่ำกว่าคาด"}
    await year.company.request_change(late, officer="cdd-wisdom.1")
    await year.followed_up("2012-04", on="2012-04-03")
    await year.on("2012-04-05", "10:00", "SAR รอบ 6 เดือน: ทุกหน่วยงานรายงาน ยกเว้นตัวชี้วัดที่ 3.1 ของ กผ.")
    await year.done(sar(6), "keep", but=[LATE_KPI])
    await year.done(sar(6), "certify_supervisor")
    await year.on("2012-04-10", "10:00", "กพร. ไม่รับรองตัวชี้วัดที่ 4.3 · สสช. แก้ไขและได้รับการรับรองในวันรุ่งขึ้น")
    refused: Answer = {"decision": "refuse", "remark": "จำนวนผู้นำที่ผ่านเกณฑ์ไม่ตรงกับทะเบียน"}
    await year.done(sar(6), "certify_psdg", saying={REFUSED_KPI: refused})
    await year.on("2012-04-11", "10:00")
    await year.done(sar(6), "keep", of=[REFUSED_KPI], saying={REFUSED_KPI: {"obstacles": "ทะเบียนเดิมนับซ้ำ แก้ไขแล้ว"}})
    await year.done(sar(6), *CERTIFIED_BY)
    await year.on("2012-04-25", "10:00", "ถึงวันเสนออธิบดี (3 วันทำการก่อนส่ง) · SAR เสนอไปโดยไม่มีตัวชี้วัดที่ 3.1")
    await year.done(sar(6), "approve", saying={"": {"decision": "return", "remark": "ขอให้เร่งรัดตัวชี้วัดที่ 3.1"}})
    await year.done(sar(6), "revise", saying={"": {"kpis": [LATE_KPI], "comment": "รายงานและแนบหลักฐานโดยด่วน"}})
    await year.on("2012-04-26", "10:00", "อธิบดีส่งคืนให้เร่งรัด กผ. รายงานตัวชี้วัดที่ 3.1 ล่าช้า ยังทันก่อนส่งรายงาน")
    await year.done(sar(6), "keep", *CERTIFIED_BY, of=[LATE_KPI])
    await year.on("2012-04-27", "10:00")
    await year.done(sar(6), "approve")
    await year.done(sar(6), "send", saying={"": {"reference": "มท 0409.2/812"}})
    await year.followed_up("2012-05", on="2012-05-02")
    await year.done(sar(6), "acknowledge")


async def first_visit(year: Teller) -> None:
    """May and June 2555: สำนักงาน ก.พ.ร. visits; one unit answers its request, another does not."""
    await year.on("2012-05-03", "10:00", "สำนักงาน ก.พ.ร. แจ้งกำหนดตรวจประเมินครั้งที่ 1 วันที่ 12–13 มิถุนายน")
    days = {"first_day": "12 มิถุนายน 2555", "last_day": "13 มิถุนายน 2555", "note": "ห้องประชุมกรมการพัฒนาชุมชน"}
    await year.done(visit("pre"), "schedule", saying={"": days})
    await year.on("2012-05-08", "10:00")
    await year.done(visit("pre"), "prepare")
    await year.on("2012-06-05", "10:00")
    await year.done(visit("pre"), "ready", "support")
    await june_with_a_late_report(year)
    await year.on("2012-06-13", "15:00", "บันทึกผลการตรวจประเมิน · ขอคำชี้แจงตัวชี้วัดที่ 4.3 และ 8")
    asked: Mapping[str, Answer] = {
        "4.3": {"request": "ขอทะเบียนผู้นำที่ผ่านเกณฑ์รายจังหวัด"},
        "8": {"request": "ขอนิยามวันเริ่มนับระยะเวลา", "proposed_score": "2.5"},
    }
    await year.done(visit("pre"), "record", saying=asked)
    await year.followed_up("round-9", on="2012-06-18")
    await year.on("2012-06-20", "10:00")
    await year.done(visit("pre"), "answer", of=["8"], saying={"": {"answer": "เริ่มนับจากวันที่รับเรื่องครบถ้วน"}})
    await year.on("2012-06-25", "10:00", "ครบ 7 วันทำการ ตัวชี้วัดที่ 4.3 ยังไม่ตอบ · สำนักงาน ก.พ.ร. ปิดการตรวจประเมิน")
    await year.done(visit("pre"), "close_visit")


async def june_with_a_late_report(year: Teller) -> None:
    """One owner reports progress after the due day; the department's meeting shows it as not reported."""
    await year.on("2012-06-05", "14:00", "การติดตามเดือนมิถุนายน: กผ. ไม่รายงานตัวชี้วัดที่ 9 ทันกำหนด ที่ประชุมเห็นเป็น «ไม่รายงาน»")
    await year.done(follow_up("2012-06"), "progress", but=["9"])
    await year.on("2012-06-08", "10:00")
    await year.done(follow_up("2012-06"), "progress")
    await year.met("2012-06", on="2012-06-08")


async def report_of_nine_months(year: Teller) -> None:
    """July 2555: an e-SAR card only, which needs no approval; it is keyed in a day late."""
    await year.followed_up("2012-07", on="2012-07-03")
    await year.on("2012-07-04", "10:00", "รอบ 9 เดือน: รายงานและรับรองครบทุกตัว")
    await year.done(sar(9), "keep", "certify_supervisor")
    await year.on("2012-07-06", "10:00")
    await year.done(sar(9), "certify_psdg")
    await year.on("2012-07-17", "10:00", "กพร. กรอก e-SAR Card หลังกำหนดหนึ่งวัน · ผู้กำกับดูแลได้รับแจ้งตอน 09.00 น.")
    await year.done(sar(9), "send", saying={"": {"reference": "e-SAR 2555/9-0409"}})
    await year.on("2012-07-19", "10:00")
    await year.done(sar(9), "acknowledge")


async def survey_and_evidence(year: Teller) -> None:
    """August and September 2555: the survey's score comes by letter, provinces hand in their evidence."""
    await year.followed_up("2012-08", on="2012-08-06")
    await year.on("2012-08-24", "10:00", "สำนักงานสถิติแห่งชาติแจ้งคะแนนสำรวจความพึงพอใจ 4.2150 (ตัวชี้วัดที่ 11)")
    scored = SurveyScored(kpi="11", score="4.2150", reference="ทก 0500/721")
    await year.company.record_survey(scored, officer="nso.1")
    await year.followed_up("2012-09", on="2012-09-04")
    await year.on("2012-09-14", "10:00")
    await year.done(YEAR, "gather_evidence")


async def report_of_twelve_months(year: Teller) -> None:
    """October 2555: the whole year; กพร. moves the divisions' day, the director-general sends one KPI back."""
    await year.followed_up("round-12", on="2012-10-02")
    await year.on("2012-10-02", "16:00", "กพร. เลื่อนวันจัดทำ SAR ของสำนัก/กองจาก 10 เป็น 17 ตุลาคม · ผู้ถืองานได้รับแจ้งทันที")
    later = {"day": "sar_12_internal", "due": "17 ตุลาคม 2555", "reason": "หนังสือกรม ที่ มท 0409.2/ว 2011"}
    await year.company.move_day(later, officer=KEEPER_OF_THE_YEAR)
    await year.on("2012-10-04", "10:00", "SAR รอบ 12 เดือน: รายงานและรับรองครบทุกตัว ทันวันที่เลื่อนไป")
    await year.done(sar(12), "keep", "certify_supervisor")
    await year.on("2012-10-12", "10:00")
    await year.done(sar(12), "certify_psdg")
    await year.on("2012-10-16", "10:00", "อธิบดีส่งคืน SAR ให้ทบทวนตัวชี้วัดที่ 6 แล้วอนุมัติ")
    await year.done(sar(12), "approve", saying={"": {"decision": "return", "remark": "ขอให้ทบทวนคู่มือประชาชน"}})
    await year.on("2012-10-17", "10:00")
    await year.done(sar(12), "revise", saying={"": {"kpis": [RETURNED_KPI], "comment": "ทบทวนขั้นตอนที่ 3 และหลักฐาน"}})
    await year.on("2012-10-17", "15:00")
    await year.done(sar(12), "keep", *CERTIFIED_BY)
    await year.on("2012-10-22", "10:00")
    await year.done(sar(12), "approve")
    await year.on("2012-10-26", "10:00")
    await year.done(sar(12), "send", saying={"": {"reference": "มท 0409.2/2207"}})
    await year.on("2012-10-31", "10:00")
    await year.done(sar(12), "acknowledge")


async def second_visit(year: Teller) -> None:
    """November and December 2555."""
    await year.on("2012-11-05", "10:00", "การตรวจประเมินครั้งที่ 2 วันที่ 12–13 ธันวาคม")
    days = {"first_day": "12 ธันวาคม 2555", "last_day": "13 ธันวาคม 2555"}
    await year.done(visit("post"), "schedule", saying={"": days})
    await year.on("2012-11-08", "10:00")
    await year.done(visit("post"), "prepare")
    await year.on("2012-12-04", "10:00")
    await year.done(visit("post"), "ready", "support")
    await year.on("2012-12-13", "15:00")
    await year.done(visit("post"), "record")
    await year.on("2012-12-18", "10:00")
    await year.done(visit("post"), "close_visit")


async def announced(year: Teller) -> None:
    """February and March 2556: the scores, an appeal that is accepted in part, and one that is dismissed."""
    await year.on("2013-02-20", "10:00", "สำนักงาน ก.พ.ร. ประกาศคะแนน · ต่างจากผลประเมินตนเองสามตัว (4.1, 5 และ 8)")
    await year.done(YEAR, "announce")
    await year.on("2013-02-26", "10:00", "สภว. อุทธรณ์ตัวชี้วัดที่ 5 กผ. อุทธรณ์ตัวชี้วัดที่ 8 · หน่วยงานอื่นไม่ประสงค์อุทธรณ์")
    appeals: Mapping[str, Answer] = {
        "5": {"wish": "appeal", "requested": "3.8", "reasons": "ยอดจำหน่ายนอกระบบมีใบเสร็จครบถ้วน",
              "evidence": "ใบเสร็จ 1,204 ฉบับ"},
        "8": {"wish": "appeal", "requested": "3.6", "reasons": "วันที่ส่งกลับแก้ไขไม่ใช่เวลาของหน่วยงาน"},
    }  # fmt: skip
    await year.done(SCORE_APPEAL, "draft", saying=appeals)
    await year.on("2013-02-28", "10:00")
    await year.done(SCORE_APPEAL, "check")
    await year.on("2013-03-04", "10:00")
    await year.done(SCORE_APPEAL, "sign")
    await year.on("2013-03-18", "10:00", "รับอุทธรณ์ตัวชี้วัดที่ 5 บางส่วน (3.4000 เป็น 3.6500) · ยกอุทธรณ์ตัวชี้วัดที่ 8")
    decisions: Mapping[str, Answer] = {
        "5": {"verdict": "partly", "value": "3.65", "reasons": "รับเฉพาะยอดที่มีใบเสร็จ", "reference": "นร 1204/118"},
        "8": {"verdict": "dismiss", "reasons": "นิยามในคำรับรองนับรวมวันที่ส่งกลับ", "reference": "นร 1204/119"},
    }
    await year.done(SCORE_APPEAL, "decide", saying=decisions)


async def rewarded(year: Teller) -> None:
    """June 2556: pots, lists with one who has left, an objection, order and payment."""
    await year.on("2013-06-03", "10:00", "กจ. ส่งทะเบียนบุคลากร มีผู้ลาออกหนึ่งรายและผู้ย้ายหนึ่งราย · กพร. บันทึกวงเงินที่ได้รับแจ้ง")
    await year.company.hand_in_records(year_data().staff, officer="cdd-personnel.1")
    await year.on("2013-06-04", "10:00")
    pots = {
        "operators": "1,500,000.00",
        "executives": "240,000.00",
        "reference": "นร 1203/ว 8",
        "notified_on": "3 มิ.ย. 2556",
    }
    await year.done(AWARD, "amounts", saying={"": pots})
    await year.on("2013-06-06", "10:00")
    await year.done(AWARD, "propose")
    await year.on("2013-06-07", "10:00")
    await year.done(AWARD, "check")
    await year.on("2013-06-10", "10:00")
    await year.done(AWARD, "approve")
    await year.on("2013-06-14", "10:00", "สทอ. โต้แย้งว่านับเดือนของผู้ปฏิบัติงานรายหนึ่งขาดไป จึงเสนอบัญชีใหม่ · หน่วยงานอื่นไม่กระทบ")
    objection: Answer = {
        "wish": "object", "person": "นักวิชาการพัฒนาชุมชน 2 (สทอ.)", "reasons": "ปฏิบัติงาน 10 เดือน ไม่ใช่ 8 เดือน",
    }  # fmt: skip
    await year.done(AWARD, "object", saying={"cdd-funds": objection})
    await year.on("2013-06-17", "10:00")
    await year.done(AWARD, "propose", saying={"cdd-funds": table_as_sent("persons", corrected_list())})
    await year.on("2013-06-18", "10:00")
    await year.done(AWARD, "check")
    await year.on("2013-06-19", "10:00")
    await year.done(AWARD, "approve")
    await year.on("2013-06-26", "10:00", "กองคลังจ่ายเงินรางวัลตามคำสั่ง")
    paid: Answer = {"paid_on": "26 มิถุนายน 2556", "amount": "1,740,000.00", "reference": "ฎ. 412/2556"}
    await year.done(AWARD, "pay", saying={"": paid})
    await year.on("2013-06-26", "16:30", "สิ้นสุดรอบปี")


def corrected_list() -> list[Mapping[str, object]]:
    """The list of สทอ. with ten months for who objected."""
    lines: tuple[AwardLine, ...] = year_data().staff["cdd-funds"]
    corrected = (line.replace(months=10) if line.id == "funds-2" else line for line in lines)
    return [line.model_dump(mode="json") for line in corrected]
