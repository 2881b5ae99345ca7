"""The one door: what each form lets in, and what it says to what stays outside."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.admission import admit
from rules.calendar import bangkok_moment
from rules.errors import NaiveTime, NotAdmitted, UnknownForm
from rules.year_move import context_of_move
from schemas import form as form_module
from schemas.directive import Assignment, Level, Receipt, ReceiptDecision, Registration
from schemas.form import Form, FormContext, Problem, asked
from schemas.weekly import HEADINGS, ReportKeying, ReviewDecision
from schemas.year import YearCalendar, YearDay, YearEntry
from tests.rules.cascade_forms import CASCADE_ADMITTED, CASCADE_REFUSED

FORMS = {name: form for name, form in form_module.FORMS.items() if form.__module__.startswith("schemas.")}
"""The product's own forms; other tests register trial forms."""
NOW = bangkok_moment(date(2018, 4, 12), time(10, 0))  # Thursday
SIX = {field: th for field, th, _ in HEADINGS}
LIMITS = {"previous_level": "in_progress", "opens_on": "2018-04-05", "cut_off_on": "2018-04-12"}

REGISTRATION = {
    "title": "เร่งรัดคดีค้าง", "text": "ให้เร่งรัดคดีค้าง", "ordered_by": "รมว.ยธ.", "ordered_on": "8 ก.พ. 61",
    "nature": "general", "urgency": "urgent", "agencies": ["dept", "oja"],
}  # fmt: skip
ASSIGNMENT = {"divisions": ["dept-div-a", "dept-div-b"], "lead": "dept-div-a", "mode": "division_keys"}
REPORT = {"level": "in_progress", "goal": "ลดคดีค้าง", "plan": "ตั้งคณะทำงาน"}
COMPLETED = {**SIX, "level": "completed", "completed_on": "10 เมษายน 2561"}
EMPTY_UNITS = FormContext(
    choices={"divisions": (("dept-div-a", "กอง ก"), ("dept-div-b", "กอง ข"))}, limits={"unstaffed": ["dept-div-a"]}
)
FIRST_USER = {"extra_user_name": "เจ้าหน้าที่", "extra_user_email": "a@moj.example"}
DIVISIONS = FormContext(choices={"divisions": (("dept-div-a", "กอง ก"), ("dept-div-b", "กอง ข"))})
AGENCIES = FormContext(choices={"agencies": (("dept", "กรม"), ("oja", "สกธ."))})
WEEK = FormContext(limits=LIMITS)
NONE = FormContext()
FOLLOWED = FormContext(limits={"red_below": "25.00"})
MEETING = FormContext(limits={"opened_on": "2018-04-02"})
PERIOD = FormContext(limits={"first_day": "2018-05-01", "last_day": "2018-06-30"})
PROVINCES = FormContext(choices={"provinces": (("cdd-province-a", "จังหวัดตัวอย่าง ก"),)})
PROGRESS = {"percent": "๔๐.๕", "done": "จัดทำแผนแล้ว", "next_step": "เสนออนุมัติ"}
VISIT = {"first_day": "15 พฤษภาคม 2561", "last_day": "16 พ.ค. 61"}
PREPARATION = {"agenda": "09.00 น. รับฟังภาพรวม", "evidence": "แผนชุมชน", "provinces": ["cdd-province-a"]}
ANNOUNCED = FormContext(limits={"kind": "score", "noticed": "3.0000", "requested": "4.5", "may_lower": False})
NEGOTIATED = FormContext(limits={"kind": "negotiation", "noticed": "1200", "requested": None, "may_lower": False})
LEVELLED = NEGOTIATED.replace(limits={**NEGOTIATED.limits, "levels": "1000 / 1050 / 1100 / 1150 / 1200"})
LEVELS_ASKED = FormContext(
    limits={
        "kind": "negotiation", "noticed": "12", "requested": "9", "levels": "8 / 9 / 10 / 11 / 12",
        "requested_levels": "6 / 7 / 8 / 9 / 10",
    }
)  # fmt: skip
APPEAL = {"wish": "appeal", "requested": "4.5", "reasons": "หลักฐานครบถ้วน"}
DECISION = {"verdict": "partly", "value": "4.25", "reasons": "รับเฉพาะไตรมาส 4"}
PERSON = {"id": "c-1", "name": "นาย ก", "group": "civil_servant", "salary": "31,450.50", "months": "๑๒"}
LISTS = FormContext(choices={"units": (("cdd-finance", "กองคลัง"),)}, limits={"conflicts": []})
DISAGREE = LISTS.replace(limits={"conflicts": ["นาย ก: เงินเดือนไม่ตรงกัน"]})
POTS = {"operators": "1,000,000.01", "executives": "0", "reference": "นร 1203/ว 8", "notified_on": "2018-04-10"}
OWNERS = FormContext(choices={"owners": (("dept-div-a", "กอง ก"), ("dept-div-b", "กอง ข"))})
COUNTED, NOT_COUNTED = OWNERS.replace(limits={"counted": True}), OWNERS.replace(limits={"counted": False})
SIX_LINES = [
    {"source": source, "th": "ตามมาตรการ", "owner": "dept-div-a"}
    for source in ("paper", "it", "energy", "budget", "anti_corruption", "integration")
]
SIX_MORE = [{"source": "convenience", "th": f"ลดขั้นตอน {n}", "owner": "dept-div-b"} for n in range(6)]
MONTHS = {"months": (("2017-10", "ตุลาคม 2560"),)}
SAVES = FormContext(choices=MONTHS, limits={"saving_percent": "10"})
PLANNED = FormContext(choices={"activities": (("paper", "การลดกระดาษ"), ("chosen-1", "ลดขั้นตอน"))})
ENERGY = {"start": "2017-10", "output": "ลดการใช้", "indicator": "ปริมาณที่ใช้", "unit_of_measure": "หน่วย"}
ACTIVITY = {**ENERGY, "target": "๔"}
PAPER = {**ENERGY, "unit_of_measure": "รีม", "target": "10", "baselines": " / ".join(["1,200.5"] * 12)}
CRITERIA = {"reference": "นร 1200/ว 4", "on": "1 ก.พ. 61", "text": "คำนวณจากปริมาณที่จัดซื้อ"}
LETTER = {
    "no": "ยธ 0204/ว 120", "on": "๑๑ เม.ย. ๖๑", "subject": "สรุปผลการประชุม", "text": "ตามที่ได้ประชุม นั้น",
    "recipients": ["dept-div-a"],
}  # fmt: skip
USER = {"name": "นางสาวสมศรี ใจดี", "position": "นักวิชาการ", "email": "somsri@dept.example", "reason": "แทนผู้ย้าย"}
MEASURES = {
    **{name: value for name, value in LETTER.items() if name != "recipients"}, "fiscal_year": "๒๕๖๑",
    "plan_due_on": "15 พ.ค. 61", "energy_office": "dept-div-a",
}  # fmt: skip
YEAR = {
    "fiscal_year": "2562", "briefing_on": "12 เม.ย. 61", "workshop_from": "20 เม.ย. 61", "workshop_to": "27 เม.ย. 61",
}  # fmt: skip
FRAMEWORK = {
    "principles": "3–5 ตัวชี้วัด", "letter_no": "นร 1200/ว 1",
    "components": [{"component": "ภารกิจพื้นฐาน", "before": "4 ตัวชี้วัด", "now": "3–5 ตัวชี้วัด"}],
}  # fmt: skip
KPI_ROWS = [
    {"th": "รายได้จากการท่องเที่ยว", "unit_of_measure": "ล้านบาท", "years": "1", "targets": "1,200", "plan": "provincial"},
    {"th": "พื้นที่ป่า", "unit_of_measure": "ไร่", "years": "1", "targets": "๕๐๐"},
    {"th": "คุณภาพน้ำ", "unit_of_measure": "คะแนน", "years": "3", "targets": "80 / 85 / 90", "plan": "national"},
]
RECIPIENTS = FormContext(choices={"recipients": (("dept-div-a", "กอง ก"), ("dept-div-b", "กอง ข"))})
PAYMENT = {"paid_on": "2018-04-12", "amount": "1,000,000.01", "reference": "ฎ. 120/2556"}
ORDERED = FormContext(limits={"amount": "1000000.01"})
KPIS = FormContext(choices={"kpis": (("1.1", "ก"), ("2", "ข"))})
FLOORS = KPIS.replace(limits={"floors": {"1.1": 0, "2": 1}})
MEASURED, STEPWISE = FormContext(limits={"takes_levels": True}), FormContext(limits={"takes_levels": False})
LEVELS = {f"level_{n}": str(value) for n, value in enumerate((60, 65, 70, 75, 80), start=1)}
SIGNED = FormContext(limits={"takes_levels": True, "signed": {"target": "80", **LEVELS}})
DETAILS = {"description": "ขอบเขต", "data_source": "ระบบรายงาน"}
STEPS = FormContext(choices={"steps": (("1", "วางแผน"), ("2", "ดำเนินการ"))})
WITH_FORMULA = FormContext(limits={"has_formula": True})
SAID = {"explanation": "ดำเนินการครบถ้วน"}

CALENDAR = context_of_move(
    YearCalendar(
        fiscal_year=2561, agency="cdd",
        entries=tuple(
            YearEntry(day=day, th=f"กำหนด {day}", en=day.value, due=date(2018, 5, 11), source="ตัวอย่าง",
                      opens=date(2018, 5, 1) if day is YearDay.VISIT_PRE else None)
            for day in YearDay
        ),
    )
)  # fmt: skip
MOVE = {"day": "sar_6_internal", "due": "10 พฤษภาคม 2561", "reason": "น้ำท่วม"}

ADMITTED: list[tuple[str, dict[str, Any], FormContext]] = [
    ("Registration", REGISTRATION, AGENCIES),
    ("Receipt", {"decision": "accept"}, NONE),
    ("Receipt", {"decision": "not_ours", "reason": "เป็นภารกิจของ สกธ."}, NONE),
    ("Reroute", {"decision": "reroute", "agency": "oja"}, AGENCIES),
    ("Reroute", {"decision": "confirm", "agency": "", "reason": "ตรงตามภารกิจ"}, AGENCIES),
    ("Reroute", {"decision": "withdraw", "reason": "รมว.ยธ. ยกเลิก"}, AGENCIES),
    ("Assignment", ASSIGNMENT, DIVISIONS),
    ("Assignment", {**ASSIGNMENT, **FIRST_USER}, NONE),
    ("Assignment", {**ASSIGNMENT, **FIRST_USER}, EMPTY_UNITS),
    ("Assignment", {**ASSIGNMENT, "divisions": "dept-div-b", "lead": "dept-div-b"}, EMPTY_UNITS),
    ("Acceptance", {"decision": "accept"}, NONE),
    ("Acceptance", {"decision": "return", "reason": "ไม่ใช่งานของกอง"}, NONE),
    ("UserGrant", {"decision": "grant"}, NONE),
    ("UserGrant", {"decision": "refuse", "reason": "มี User ครบแล้ว"}, NONE),
    ("WeeklyReport", REPORT, WEEK),
    ("WeeklyReport", COMPLETED, WEEK),
    ("WeeklyReport", {**REPORT, "level": "general", **SIX}, NONE),
    ("ReportReview", {"decision": "approve"}, NONE),
    ("ReportReview", {"decision": "return", "comment": "ขอผลการดำเนินงาน"}, NONE),
    ("ReportKeying", {**COMPLETED, "decision": "approve"}, WEEK),
    ("ReportKeying", {"level": "general", "decision": "return", "comment": "ขอผลการดำเนินงาน"}, WEEK),
    ("ConsolidatedReview", {"note": ""}, NONE),
    ("CollectionClosing", {"note": "ครบกำหนดแล้ว"}, NONE),
    ("PrintoutOrder", {"meeting_on": "2018-04-12"}, NONE),
    ("PrintoutOrder", {"meeting_on": "2018-04-12", "meeting_time": "๑๓.๓๐ น."}, NONE),
    ("PrintoutCheck", {"decision": "approve"}, NONE),
    ("PrintoutCheck", {"decision": "return", "comment": "ขาดข้อสั่งการที่ 7"}, NONE),
    ("PrintoutReceipt", {}, NONE),
    ("OpinionCall", {"subject": "ร่างยุทธศาสตร์ชาติ", "text": "ขอความเห็น", "due_on": "๑๓ เมษายน ๒๕๖๑"}, NONE),
    ("Opinion", {"item": "ความมั่นคง", "opinion": "เห็นด้วย"}, NONE),
    ("OpinionApproval", {"decision": "approve"}, NONE),
    ("OpinionApproval", {"decision": "return", "comment": "ขอเหตุผล"}, NONE),
    ("OverviewOrder", {"unit": "oja"}, FormContext(choices={"units": (("oja", "สกธ."),)})),
    ("Overview", {"overview": "ภาพรวม"}, NONE),
    ("CircularOrder", LETTER, RECIPIENTS),
    ("CircularOrder", {**LETTER, "due_on": "12 เม.ย. 61", "references": "หนังสือที่ ก", "urgency": "urgent"}, RECIPIENTS),
    ("CircularReceipt", {}, NONE),
    ("CircularChase", {"decision": "resend", "again_on": "13 เม.ย. 61"}, NONE),
    ("CircularChase", {"decision": "close", "note": "ทราบทางโทรศัพท์แล้ว"}, NONE),
    ("UserRequestOrder", USER, NONE),
    ("UserRequestEndorsement", {"decision": "endorse"}, NONE),
    ("UserRequestEndorsement", {"decision": "decline", "comment": "มีผู้ใช้เพียงพอแล้ว"}, NONE),
    ("FrameworkOrder", YEAR, NONE),
    ("FrameworkDraft", FRAMEWORK, NONE),
    ("ProvinceDraft", {"kpis": KPI_ROWS}, NONE),
    ("Advice", {}, NONE),
    ("Adoption", {"decision": "approve"}, NONE),
    *CASCADE_ADMITTED,
    ("MeasuresOrder", MEASURES, OWNERS),
    ("CriteriaOrder", CRITERIA, NONE),
    ("SixCounting", {"counted": "true"}, NONE),
    ("SixCounting", {}, NONE),
    ("ActivityChoice", {"activities": [*SIX_LINES, *SIX_MORE]}, COUNTED),
    ("ActivityChoice", {"activities": [*SIX_LINES, *SIX_MORE, *SIX_MORE]}, NOT_COUNTED),
    ("SavingPlan", PAPER, SAVES),
    ("OutputPlan", ACTIVITY, SAVES),
    ("ActivityPlan", ENERGY, SAVES),
    ("PlanApproval", {"decision": "approve"}, NONE),
    ("PlanApproval", {"decision": "return", "activities": ["paper"], "comment": "ขอค่าฐานใหม่"}, PLANNED),
    ("PlanRevision", {"activities": ["paper", "chosen-1"]}, PLANNED),
    ("EnergyReport", {"electricity": "48,250.5", "fuel": "๑๖๓๐", "recorded_on": "11 เม.ย. 61"}, NONE),
    ("UsageReport", {"used": "0"}, NONE),
    ("OutputReport", {"output": "3.5"}, NONE),
    ("Adoption", {"decision": "return", "comment": "ขอค่าเป้าหมายใหม่"}, NONE),
    ("AppealDraft", {"wish": "none"}, ANNOUNCED),
    ("AppealDraft", APPEAL, ANNOUNCED),
    ("AppealDraft", {**APPEAL, "requested": "๑,๑๐๐.๕๐"}, NEGOTIATED),
    ("AppealDraft", {**APPEAL, "requested": "1100", "levels": "๘๐๐ / 900 / 1,000 / 1,100 / 1,200"}, LEVELLED),
    ("AppealDraft", {**APPEAL, "requested": "", "levels": "800/900/1000/1100/1200"}, LEVELLED),
    ("AppealCheck", {"decision": "return", "comment": "ขอหลักฐาน"}, NONE),
    ("AppealSignature", {"decision": "sign"}, NONE),
    ("AppealDecision", DECISION, ANNOUNCED),
    ("AppealDecision", {"verdict": "accept", "reasons": "ครบถ้วน"}, ANNOUNCED),
    ("AppealDecision", {"verdict": "accept", "levels": "6/7/8/9/10", "reasons": "ครบถ้วน"}, LEVELS_ASKED),
    ("AppealDecision", {"verdict": "partly", "value": "10", "levels": "5/6/7/8/9", "reasons": "ก"}, LEVELS_ASKED),
    ("AppealDecision", {"verdict": "partly", "value": "12", "levels": "6/7/8/9/10", "reasons": "ก"}, LEVELS_ASKED),
    ("AppealDecision", {**DECISION, "value": "2.9"}, FormContext(limits={**ANNOUNCED.limits, "may_lower": True})),
    ("AwardAmounts", POTS, NONE),
    ("AwardProposal", {"persons": [PERSON, {**PERSON, "id": "c-2", "role": "co_owner"}]}, NONE),
    ("AwardProposal", {f"persons.7.{column}": said for column, said in PERSON.items()}, NONE),
    ("AwardListCheck", {"decision": "approve"}, LISTS),
    ("AwardListCheck", {"decision": "return", "units": "cdd-finance", "comment": "ตรวจสอบ"}, DISAGREE),
    ("AwardApproval", {"decision": "approve"}, LISTS),
    ("AwardObjection", {"wish": "none"}, NONE),
    ("AwardObjection", {"wish": "object", "person": "นาย ก", "reasons": "นับเดือนขาด"}, NONE),
    ("AwardPayment", PAYMENT, ORDERED),
    ("BaselineForm", {"last_year": "๗๒.๕", "data_source": "ระบบรายงาน"}, NONE),
    ("KpiChoice", {"kpis": ["1.1"]}, KPIS),
    ("Consultation", {}, NONE),
    ("NegotiatedKpi", {"target": "80", "weight": "10", **LEVELS}, MEASURED),
    ("NegotiatedKpi", {"note": "คงค่าเดิม"}, STEPWISE),
    ("NegotiationNotice", {"reference": "นร 1204/1"}, NONE),
    ("Signature", {"signed_on": "12 เมษายน 2561"}, NONE),
    ("KpiDetails", DETAILS, STEPWISE),
    ("KpiDetails", {**DETAILS, "target": "80.00", "weight": "5"}, SIGNED),
    ("KpiDetails", {**DETAILS, **LEVELS}, SIGNED.replace(limits={"takes_levels": True, "signed": {"target": "80"}})),
    ("DetailsCheck", {"decision": "approve"}, NONE),
    ("BookReceived", {}, NONE),
    ("Briefing", {"held_on": "10 เม.ย. 61", "attended": "๑,๒๐๐", "channel": "Web Conference"}, NONE),
    ("ProvinceBudget", {"amount": "๑๕๐,๐๐๐.๕๐"}, NONE),
    ("ProvinceEvidence", {"activities": "ประชุม", "evidence": "ภาพถ่าย"}, NONE),
    ("KpiChangeRequest", {"kpi": "2", "target": "70", "reason": "อุทกภัย"}, KPIS),
    ("ChangeCheck", {"decision": "approve"}, NONE),
    ("ChangeDecision", {"decision": "refuse", "comment": "ไม่มีเหตุจำเป็น"}, NONE),
    ("AnnouncedKpi", {"score": "๔.๒๕๐๐"}, NONE),
    ("SurveyReport", {"kpi": "2", "score": "4.2", "reference": "นร 1"}, KPIS),
    ("SurveyReport", {"kpi": "1.1", "score": "0.5", "reference": "นร 1"}, FLOORS),
    ("SarCardForm", SAID, NONE),
    ("ValueReport", {**SAID, "value": "1,234.50"}, NONE),
    ("ValueReport", {**SAID, "value": "72", "calculation": "4,320 × 100 ÷ 6,000 = 72"}, WITH_FORMULA),
    ("MilestoneReport", {**SAID, "done": ["1", "2"]}, STEPS),
    ("MilestoneReport", SAID, STEPS),
    ("ExternalReport", {**SAID, "score": "4.5"}, NONE),
    ("ExternalReport", {**SAID, "score": "1"}, FormContext(limits={"floor": 1})),
    ("ExternalReport", {**SAID, "score": "0.5"}, FormContext(limits={"floor": 0})),
    ("Certification", {"decision": "certify"}, NONE),
    ("SarApproval", {"decision": "return", "remark": "ขอให้ตรวจสอบ"}, NONE),
    ("SarRevision", {"kpis": ["1.1"], "comment": "แก้ไข"}, KPIS),
    ("SarSent", {"reference": "มท 0409.2/1"}, NONE),
    ("SarAcknowledged", {}, NONE),
    ("ProgressReport", PROGRESS, FOLLOWED),
    ("ProgressReport", {"percent": "100", "done": "แล้วเสร็จ"}, FOLLOWED),
    ("ProgressReport", {**PROGRESS, "percent": "0", "problem": "ยังไม่ได้รับงบประมาณ"}, FOLLOWED),
    ("MeetingMinute", {"held_on": "12 เมษายน 2561", "resolutions": "รับทราบ"}, MEETING),
    ("VisitSchedule", VISIT, PERIOD),
    ("DayMove", MOVE, CALENDAR),
    ("DayMove", {**MOVE, "day": "visit_pre", "opens": "1 มิถุนายน 2561", "due": "31 ก.ค. 61"}, CALENDAR),
    ("VisitSchedule", {"first_day": "2018-05-01", "last_day": "2018-06-30"}, PERIOD),
    ("VisitPreparation", PREPARATION, PROVINCES),
    ("EvidenceReady", {"evidence": "แฟ้มที่ 1"}, NONE),
    ("ProvinceSupport", {"evidence": "ภาพถ่ายกิจกรรม", "outstanding": "บัญชีรายชื่อ"}, NONE),
    ("VisitFinding", {"finding": "ครบถ้วน", "proposed_score": "๓.๕"}, NONE),
    ("VisitFinding", {"finding": "ครบถ้วน", "proposed_score": "", "request": "ขอรายชื่อหมู่บ้าน"}, NONE),
    ("VisitAnswer", {"answer": "ส่งแล้ว"}, NONE),
    ("VisitClosing", {"remark": "พร้อม"}, NONE),
]

REFUSED: list[tuple[str, dict[str, Any], FormContext, dict[str, str]]] = [
    ("Registration", {}, NONE, {
        "title": "กรุณากรอก «เรื่อง»", "text": "กรุณากรอก «ข้อสั่งการ»", "ordered_by": "กรุณากรอก «ผู้สั่งการ»",
        "ordered_on": "กรุณากรอก «วันที่สั่งการ»", "agencies": "กรุณาเลือก «ส่วนราชการที่รับผิดชอบ»",
    }),
    ("Registration", {**REGISTRATION, "title": "  \r\n "}, NONE, {"title": "กรุณากรอก «เรื่อง»"}),
    ("Registration", {**REGISTRATION, "agencies": ["", ""]}, NONE, {"agencies": "กรุณาเลือก"}),
    ("Registration", {**REGISTRATION, "agencies": ["dept", "moi"]}, AGENCIES, {"agencies": "จากรายการ"}),
    ("Registration", {**REGISTRATION, "agencies": {"dept": 1}}, AGENCIES, {"agencies": "ต้องเป็นรายการ"}),
    ("Registration", {**REGISTRATION, "agencies": [7]}, AGENCIES, {"agencies": "ต้องเป็นรายการ"}),
    ("Registration", {**REGISTRATION, "agencies": "<script>"}, NONE, {"agencies": "จากรายการ"}),
    ("Registration", {**REGISTRATION, "ordered_on": "13 เมษายน 2561"}, NONE, {"ordered_on": "อนาคต"}),
    ("Registration", {**REGISTRATION, "ordered_on": "เมื่อวาน"}, NONE, {"ordered_on": "ต้องเป็นวันที่"}),
    ("Registration", {**REGISTRATION, "ordered_on": "ก.พ. 2561"}, NONE, {"ordered_on": "ต้องเป็นวันเดียว"}),
    ("Registration", {**REGISTRATION, "ordered_on": 1518048000}, NONE, {"ordered_on": "ต้องเป็นวันที่"}),
    ("Registration", {**REGISTRATION, "ordered_on": "วันศุกร์ที่ 8 ก.พ. 61"}, NONE, {
        "ordered_on": "ตรงกับวันพฤหัสบดี ไม่ใช่วันศุกร์",
    }),
    ("Registration", {**REGISTRATION, "title": "ก" * 501}, NONE, {
        "title": "«เรื่อง» ยาวได้ไม่เกิน 500 ตัวอักษร (ที่ส่งมายาว 501 ตัวอักษร)",
    }),
    ("Registration", {**REGISTRATION, "title": 7}, NONE, {"title": "ต้องเป็นข้อความ"}),
    ("Registration", {**REGISTRATION, "urgency": "ด่วน"}, NONE, {"urgency": "กรุณาเลือก «ชั้นความเร็ว»"}),
    ("Registration", {**REGISTRATION, "is_admin": "1"}, NONE, {"is_admin": "ไม่รู้จักช่อง"}),
    ("Receipt", {"decision": "not_ours"}, NONE, {"reason": "ไม่ใช่ภารกิจ"}),
    ("Receipt", {"decision": "not_ours", "reason": " \t"}, NONE, {"reason": "ไม่ใช่ภารกิจ"}),
    ("Receipt", {"decision": "maybe"}, NONE, {"decision": "กรุณาเลือก"}),
    ("Reroute", {"decision": "reroute"}, AGENCIES, {"agency": "กรุณาเลือกส่วนราชการ"}),
    ("Reroute", {"decision": "reroute", "agency": "moi"}, AGENCIES, {"agency": "จากรายการ"}),
    ("Reroute", {"decision": "confirm"}, AGENCIES, {"reason": "กรุณาระบุเหตุผล"}),
    ("Reroute", {"decision": "withdraw"}, AGENCIES, {"reason": "กรุณาระบุเหตุผล"}),
    ("Assignment", {**ASSIGNMENT, "divisions": "dept-div-b"}, DIVISIONS, {"lead": "หนึ่งในสำนัก/กองที่รับผิดชอบ"}),
    ("Assignment", ASSIGNMENT, EMPTY_UNITS, {"lead": "กอง ก ยังไม่มีผู้ใช้งาน"}),
    ("Assignment", {**ASSIGNMENT, **FIRST_USER, "mode": "planning_keys"}, EMPTY_UNITS, {"lead": "ขอ User เพิ่ม"}),
    ("Assignment", {**ASSIGNMENT, "lead": "dept-div-b"}, EMPTY_UNITS, {"divisions": "กอง ก ยังไม่มีผู้ใช้งาน"}),
    ("Assignment", {"divisions": ["x"], "lead": "x"}, DIVISIONS, {"divisions": "จากรายการ", "lead": "จากรายการ"}),
    ("Assignment", {**ASSIGNMENT, "extra_user_name": "ก"}, NONE, {"extra_user_email": "กรุณาระบุอีเมล"}),
    ("Assignment", {**ASSIGNMENT, "extra_user_email": "a@moj.example"}, NONE, {"extra_user_name": "กรุณาระบุชื่อ"}),
    ("Assignment", {**ASSIGNMENT, "extra_user_phone": "0 2141"}, NONE, {
        "extra_user_name": "กรุณาระบุชื่อ", "extra_user_email": "กรุณาระบุอีเมล",
    }),
    ("Assignment", {**ASSIGNMENT, "extra_user_name": "ก", "extra_user_email": "ก"}, NONE, {
        "extra_user_email": "ต้องเป็นที่อยู่อีเมล",
    }),
    ("Assignment", {**ASSIGNMENT, "extra_user_name": "ก" * 501, "extra_user_email": "a@moj.example"}, NONE, {
        "extra_user_name": "ไม่เกิน 500 ตัวอักษร",
    }),
    ("Acceptance", {"decision": "return"}, NONE, {"reason": "กรุณาระบุเหตุผลที่ส่งคืน"}),
    ("UserGrant", {"decision": "refuse"}, NONE, {"reason": "กรุณาระบุเหตุผลที่ไม่อนุมัติ"}),
    ("WeeklyReport", {}, WEEK, {"level": "กรุณาเลือก «ระดับข้อสั่งการ»"}),
    ("WeeklyReport", {"level": "in_progress"}, WEEK, {"goal": "4.1", "plan": "4.2"}),
    ("WeeklyReport", {**SIX, "level": "general"}, WEEK, {"level": "เปลี่ยนระดับ"}),
    ("WeeklyReport", {**COMPLETED, "completed_on": ""}, WEEK, {"completed_on": "ต้องระบุวันที่แล้วเสร็จ"}),
    ("WeeklyReport", {**COMPLETED, "completed_on": "4 เม.ย. 61"}, WEEK, {"completed_on": "ไม่อยู่ในสัปดาห์"}),
    ("WeeklyReport", {**COMPLETED, "completed_on": "13 เม.ย. 61"}, WEEK, {"completed_on": "ยังมาไม่ถึง"}),
    ("WeeklyReport", COMPLETED, FormContext(limits={"previous_level": "completed"}), {"": "ไม่ต้องรายงานอีก"}),
    ("WeeklyReport", REPORT, WEEK.replace(prefill=REPORT), {"unchanged_confirmed": "เหมือนกับสัปดาห์ก่อน"}),
    ("WeeklyReport", REPORT, WEEK.replace(prefill=REPORT, note="ส่งคืนแก้ไข: ขอผลกระทบ"), {
        "unchanged_confirmed": "ยังเหมือนฉบับที่ถูกส่งคืน",
    }),
    ("Receipt", {"decision": ""}, NONE, {"decision": "กรุณาเลือก «ผลการพิจารณา»"}),
    ("WeeklyReport", {**REPORT, "unchanged_confirmed": "perhaps"}, WEEK, {"unchanged_confirmed": "ใช่หรือไม่ใช่"}),
    ("ReportReview", {"decision": "return"}, NONE, {"comment": "กรุณาระบุข้อคิดเห็น"}),
    ("ReportKeying", {**REPORT, "decision": "return"}, WEEK, {"comment": "กรุณาระบุข้อคิดเห็น"}),
    ("ReportKeying", {"level": "in_progress", "decision": "approve"}, WEEK, {"goal": "4.1", "plan": "4.2"}),
    ("ReportKeying", {"decision": "approve"}, WEEK, {"level": "กรุณาเลือก"}),
    ("PrintoutOrder", {"meeting_on": "11 เม.ย. 61"}, NONE, {"meeting_on": "ผ่านไปแล้ว"}),
    ("PrintoutOrder", {"meeting_on": "2018-04-12", "meeting_time": "บ่ายโมง"}, NONE, {"meeting_time": "ต้องเป็นเวลา"}),
    ("PrintoutCheck", {"decision": "return"}, NONE, {"comment": "กรุณาระบุข้อคิดเห็น"}),
    ("OpinionCall", {"subject": "ก", "text": "ข", "due_on": "12 เม.ย. 61"}, NONE, {"due_on": "หลังจากวันนี้"}),
    ("Opinion", {"item": "ก", "opinion": " "}, NONE, {"opinion": "กรุณากรอก «ความเห็น»"}),
    ("OpinionApproval", {"decision": "return"}, NONE, {"comment": "กรุณาระบุข้อคิดเห็น"}),
    ("CircularOrder", {**LETTER, "on": "13 เม.ย. 61"}, RECIPIENTS, {"on": "ในอนาคต"}),
    ("CircularOrder", {**LETTER, "due_on": "11 เม.ย. 61"}, RECIPIENTS, {"due_on": "ผ่านไปแล้ว"}),
    ("CircularOrder", {**LETTER, "recipients": []}, RECIPIENTS, {"recipients": "กรุณาเลือก «ผู้รับ»"}),
    ("CircularOrder", {**LETTER, "recipients": ["oja"]}, RECIPIENTS, {"recipients": "จากรายการที่กำหนด"}),
    ("CircularChase", {"decision": "resend"}, NONE, {"again_on": "ติดตามอีกครั้ง"}),
    ("CircularChase", {"decision": "resend", "again_on": "12 เม.ย. 61"}, NONE, {"again_on": "หลังจากวันนี้"}),
    ("CircularChase", {"decision": "close"}, NONE, {"note": "กรุณาระบุเหตุผล"}),
    ("UserRequestOrder", {**USER, "email": "somsri"}, NONE, {"email": "อีเมล"}),
    ("UserRequestOrder", {**USER, "reason": " "}, NONE, {"reason": "กรุณากรอก «เหตุผลความจำเป็น»"}),
    ("UserRequestEndorsement", {"decision": "decline"}, NONE, {"comment": "กรุณาระบุเหตุผลที่ไม่เห็นชอบ"}),
    ("FrameworkOrder", {**YEAR, "workshop_from": "12 เม.ย. 61"}, NONE, {"workshop_from": "หลังวันประชุมชี้แจง"}),
    ("FrameworkOrder", {**YEAR, "workshop_to": "19 เม.ย. 61"}, NONE, {"workshop_to": "ต้องไม่ก่อนวันเริ่ม"}),
    ("FrameworkOrder", {**YEAR, "workshop_to": "1 ต.ค. 61"}, NONE, {"workshop_to": "ก่อนเริ่มปีงบประมาณ"}),
    ("FrameworkDraft", {**FRAMEWORK, "components": []}, NONE, {"components": "อย่างน้อยหนึ่งองค์ประกอบ"}),
    ("ProvinceDraft", {"kpis": KPI_ROWS[:2]}, NONE, {"kpis": "กำหนดได้ 3–5 ตัวชี้วัด (กรอกไว้ 2)"}),
    ("ProvinceDraft", {"kpis": [*KPI_ROWS[:2], {**KPI_ROWS[2], "years": "2", "targets": "1 / 2"}]}, NONE, {
        "kpis.2.years": "ระยะยาว 3–5 ปี",
    }),
    ("ProvinceDraft", {"kpis": [*KPI_ROWS[:2], {**KPI_ROWS[2], "targets": "80 / 85"}]}, NONE, {
        "kpis.2.targets": "ให้ครบ 3 ปี (กรอกไว้ 2)",
    }),
    ("ProvinceDraft", {"kpis": [*KPI_ROWS[:2], {**KPI_ROWS[2], "targets": "80 / มาก / 90"}]}, NONE, {
        "kpis.2.targets": "ต้องเป็นตัวเลข",
    }),
    ("Adoption", {"decision": "return"}, NONE, {"comment": "กรุณาระบุข้อคิดเห็น"}),
    *CASCADE_REFUSED,
    ("MeasuresOrder", {**MEASURES, "on": "13 เม.ย. 61"}, OWNERS, {"on": "อนาคต"}),
    ("MeasuresOrder", {**MEASURES, "plan_due_on": "11 เม.ย. 61"}, OWNERS, {"plan_due_on": "ผ่านไปแล้ว"}),
    ("MeasuresOrder", {**MEASURES, "plan_due_on": "1 ต.ค. 61"}, OWNERS, {"plan_due_on": "อยู่ในปีงบประมาณ"}),
    ("MeasuresOrder", {**MEASURES, "energy_office": "oja"}, OWNERS, {"energy_office": "จากรายการ"}),
    ("CriteriaOrder", {**CRITERIA, "on": "13 เม.ย. 61"}, NONE, {"on": "อนาคต"}),
    ("SixCounting", {"counted": "เห็นด้วย"}, NONE, {"counted": "ใช่หรือไม่ใช่"}),
    ("ActivityChoice", {"activities": [*SIX_LINES, *SIX_MORE]}, NOT_COUNTED, {
        "activities": "ต้องเลือกจาก 5 ประเภทเรื่อง 12 กิจกรรม (กรอกไว้ 6)",
    }),
    ("ActivityChoice", {"activities": [*SIX_LINES[1:], *SIX_MORE]}, COUNTED, {
        "activities": "ต้องมีการลดกระดาษ หนึ่งกิจกรรม (กรอกไว้ 0)",
    }),
    ("ActivityChoice", {"activities": [*SIX_LINES, *SIX_MORE[1:], {**SIX_MORE[0], "owner": "oja"}]}, COUNTED, {
        "activities.11.owner": "เลือกหน่วยงานจากรายการ",
    }),
    ("SavingPlan", {**PAPER, "start": "2018-01"}, SAVES, {"start": "จากรายการ"}),
    ("SavingPlan", {**PAPER, "target": "9.99"}, SAVES, {"target": "ไม่น้อยกว่าร้อยละ 10"}),
    ("SavingPlan", {**PAPER, "baselines": "100 / 100"}, SAVES, {"baselines": "ให้ครบ 12 เดือน (กรอกไว้ 2)"}),
    ("SavingPlan", {**PAPER, "baselines": "มาก"}, SAVES, {"baselines": "ต้องเป็นตัวเลข"}),
    ("SavingPlan", {**PAPER, "baselines": "/".join(["0"] * 12)}, SAVES, {"baselines": "มากกว่า 0"}),
    ("OutputPlan", {**ACTIVITY, "target": "0"}, SAVES, {"target": "ต้องมากกว่า 0"}),
    ("ActivityPlan", {**ENERGY, "start": "2018-01"}, SAVES, {"start": "จากรายการ"}),
    ("PlanApproval", {"decision": "return"}, PLANNED, {
        "activities": "เลือกกิจกรรมที่ต้องแก้ไข", "comment": "กรุณาระบุข้อคิดเห็น",
    }),
    ("PlanRevision", {"activities": ["it"]}, PLANNED, {"activities": "จากรายการ"}),
    ("EnergyReport", {"electricity": "-1", "fuel": "1", "recorded_on": "13 เม.ย. 61"}, NONE, {"electricity": "ต้อง"}),
    ("EnergyReport", {"electricity": "1", "fuel": "1", "recorded_on": "13 เม.ย. 61"}, NONE, {"recorded_on": "อนาคต"}),
    ("UsageReport", {"used": "มาก"}, NONE, {"used": "ต้องเป็นตัวเลข"}),
    ("OutputReport", {}, NONE, {"output": "กรุณา"}),
    ("AppealDraft", {"wish": "appeal"}, ANNOUNCED, {
        "reasons": "กรุณาระบุเหตุผล", "requested": "กรุณาระบุค่าหรือคะแนนที่ขอ",
    }),
    ("AppealDraft", {**APPEAL, "requested": "3"}, ANNOUNCED, {"requested": "สูงกว่าคะแนนที่ประกาศ (3.0000)"}),
    ("AppealDraft", {**APPEAL, "requested": "4.00005"}, ANNOUNCED, {"requested": "ไม่เกิน 4 ตำแหน่ง"}),
    ("AppealDraft", {**APPEAL, "requested": "82,5"}, ANNOUNCED, {"requested": "ต้องเป็นตัวเลข"}),
    ("AppealDraft", {**APPEAL, "requested": "1,200.00"}, NEGOTIATED, {"requested": "เท่ากับผลการเจรจา"}),
    ("AppealDraft", {**APPEAL, "levels": "1/2/3/4/5"}, ANNOUNCED, {"levels": "กรุณาเว้นว่าง"}),
    ("AppealDraft", {**APPEAL, "requested": "1100", "levels": "1/2/3/4/5"}, NEGOTIATED, {"levels": "กรุณาเว้นว่าง"}),
    ("AppealDraft", {**APPEAL, "requested": "1100", "levels": "1/2/3/4"}, LEVELLED, {"levels": "5 ค่า"}),
    ("AppealDraft", {**APPEAL, "requested": "1100", "levels": "1/2/3/5/4"}, LEVELLED, {"levels": "ลดลงตลอด"}),
    ("AppealDraft", {**APPEAL, "requested": "1200", "levels": "1000/1050/1100/1150/1200"}, LEVELLED, {
        "requested": "เท่ากับผลการเจรจา",
    }),
    ("AppealDecision", {"verdict": "accept", "levels": "5/6/7/8/9", "reasons": "ก"}, LEVELS_ASKED, {
        "levels": "รับบางส่วน",
    }),
    ("AppealDecision", {"verdict": "partly", "value": "10", "reasons": "ก"}, LEVELS_ASKED, {"levels": "ขอเปลี่ยนเกณฑ์"}),
    ("AppealDecision", {"verdict": "partly", "levels": "6/7/8/9/10", "reasons": "ก"}, LEVELS_ASKED, {
        "value": "ตามคำวินิจฉัย",
    }),
    ("AppealDecision", {"verdict": "partly", "value": "9", "levels": "6/7/8/9/10", "reasons": "ก"}, LEVELS_ASKED, {
        "value": "ค่าเดิมหรือค่าที่ขอ",
    }),
    ("AppealDecision", {"verdict": "dismiss", "levels": "6/7/8/9/10", "reasons": "ก"}, LEVELS_ASKED, {
        "levels": "คงค่าเดิมไว้",
    }),
    ("AppealCheck", {"decision": "return"}, NONE, {"comment": "ข้อคิดเห็น"}),
    ("AppealSignature", {"decision": "return"}, NONE, {"comment": "ข้อคิดเห็น"}),
    ("AppealDecision", {**DECISION, "value": "2.9"}, ANNOUNCED, {"value": "ต่ำกว่าที่ประกาศ (3.0000) ไม่ได้"}),
    ("AppealDecision", {**DECISION, "value": "4.5"}, ANNOUNCED, {"value": "ค่าเดิมหรือค่าที่ขอ"}),
    ("AppealDecision", {**DECISION, "verdict": "dismiss"}, ANNOUNCED, {"value": "คงค่าเดิมไว้"}),
    ("AppealDecision", {"verdict": "partly"}, ANNOUNCED, {"reasons": "กรุณากรอก «เหตุผล»"}),
    ("AwardAmounts", {**POTS, "operators": "0", "notified_on": "13/4/2561"}, NONE, {
        "operators": "ต้องไม่เป็นศูนย์ทั้งคู่", "notified_on": "ต้องไม่เป็นวันในอนาคต",
    }),
    ("AwardAmounts", {**POTS, "operators": "1.005"}, NONE, {"operators": "ทศนิยมได้ไม่เกิน 2 ตำแหน่ง"}),
    ("AwardProposal", {"persons": [PERSON, PERSON]}, NONE, {"persons.1.id": "«c-1» ซ้ำกับแถวก่อนหน้า"}),
    ("AwardProposal", {"persons.4.id": "ก", "persons.9.id": "c-1", "persons.9.months": "มาก"}, NONE, {
        "persons.0.id": "«รหัสประจำตัว (ลำดับที่ 1)»", "persons.0.name": "กรุณากรอก «ชื่อ–สกุล (ลำดับที่ 1)»",
        "persons.0.group": "กรุณาเลือก", "persons.0.salary": "กรุณากรอก", "persons.0.months": "กรุณากรอก",
        "persons.1.name": "(ลำดับที่ 2)", "persons.1.group": "กรุณาเลือก", "persons.1.salary": "กรุณากรอก",
        "persons.1.months": "ต้องเป็นจำนวนเต็ม",
    }),
    ("AwardProposal", {"persons": "นาย ก"}, NONE, {"persons": "ต้องเป็นรายการ"}),
    ("AwardProposal", {"persons": ["นาย ก"]}, NONE, {"persons.0": "«ลำดับที่ 1» ต้องเป็นกลุ่มของช่องข้อมูล"}),
    ("AwardListCheck", {"decision": "approve"}, DISAGREE, {"decision": "นาย ก: เงินเดือนไม่ตรงกัน"}),
    ("AwardListCheck", {"decision": "return"}, LISTS, {"units": "เลือกหน่วยงาน", "comment": "ข้อคิดเห็น"}),
    ("AwardApproval", {"decision": "return", "comment": "ก", "units": "dept"}, LISTS, {"units": "จากรายการ"}),
    ("AwardObjection", {"wish": "object"}, NONE, {"person": "ผู้โต้แย้ง", "reasons": "เหตุผล"}),
    ("AwardPayment", {**PAYMENT, "paid_on": "13/4/2561", "amount": "1,000,000"}, ORDERED, {
        "paid_on": "ต้องไม่เป็นวันในอนาคต", "amount": "ไม่ตรงกับคำสั่งจ่าย (1,000,000.01 บาท)",
    }),
    ("BaselineForm", {"last_year": "มาก"}, NONE, {"last_year": "ต้องเป็นตัวเลข", "data_source": "กรุณากรอก"}),
    ("KpiChoice", {"kpis": ["9"]}, KPIS, {"kpis": "จากรายการ"}),
    ("NegotiatedKpi", {"level_1": "60"}, MEASURED, {"level_2": "ให้ครบทั้ง 5 ระดับ"}),
    ("NegotiatedKpi", {**LEVELS, "level_5": "60"}, MEASURED, {"level_1": "เพิ่มขึ้นตลอด หรือลดลงตลอด"}),
    ("NegotiatedKpi", LEVELS, STEPWISE, {"level_1": "ไม่ได้วัดเป็นค่า"}),
    ("NegotiationNotice", {}, NONE, {"reference": "กรุณากรอก"}),
    ("Signature", {"signed_on": "31 กุมภาพันธ์ 2561"}, NONE, {"signed_on": "ต้องเป็นวันที่"}),
    ("KpiDetails", {}, MEASURED, {"description": "กรุณากรอก", "data_source": "กรุณากรอก"}),
    ("KpiDetails", {**DETAILS, "target": "75"}, SIGNED, {"target": "คำขอเปลี่ยนแปลงรายละเอียดตัวชี้วัด"}),
    ("KpiDetails", {**DETAILS, **LEVELS, "level_5": "81"}, SIGNED, {"level_5": "กำหนดไว้ 80"}),
    ("DetailsCheck", {"decision": "return"}, NONE, {"comment": "ข้อคิดเห็น"}),
    ("Briefing", {"held_on": "2018-04-10", "attended": "-1"}, NONE, {"attended": "ไม่น้อยกว่า 0"}),
    ("ProvinceBudget", {"amount": "1.005"}, NONE, {"amount": "ทศนิยมได้ไม่เกิน 2 ตำแหน่ง"}),
    ("ProvinceEvidence", {}, NONE, {"activities": "กรุณากรอก", "evidence": "กรุณากรอก"}),
    ("KpiChangeRequest", {"kpi": "2", "reason": "ก"}, KPIS, {"details": "อย่างน้อยหนึ่งรายการ"}),
    ("KpiChangeRequest", {"kpi": "9", "target": "1", "reason": "ก"}, KPIS, {"kpi": "จากรายการ"}),
    ("ChangeCheck", {"decision": "return"}, NONE, {"comment": "ข้อคิดเห็น"}),
    ("ChangeDecision", {"decision": "refuse"}, NONE, {"comment": "เหตุผลที่ไม่อนุมัติ"}),
    ("AnnouncedKpi", {"score": "5.5"}, NONE, {"score": "ต้องไม่เกิน 5"}),
    ("SurveyReport", {"kpi": "9", "score": "4", "reference": "นร 1"}, FLOORS, {"kpi": "จากรายการ"}),
    ("SurveyReport", {"kpi": "2", "score": "0.5", "reference": "นร 1"}, FLOORS, {"score": "คะแนนต่ำสุดของตัวชี้วัดนี้คือ 1"}),
    ("SarCardForm", {}, NONE, {"explanation": "กรุณากรอก"}),
    ("ValueReport", {**SAID, "value": "82,5"}, NONE, {"value": "ต้องเป็นตัวเลข"}),
    ("ValueReport", {**SAID, "value": "72", "calculation": " "}, WITH_FORMULA, {"calculation": "พร้อมแทนค่า"}),
    ("MilestoneReport", {**SAID, "done": ["7"]}, STEPS, {"done": "จากรายการ"}),
    ("ExternalReport", {**SAID, "score": "-1"}, NONE, {"score": "ไม่น้อยกว่า 0"}),
    ("ExternalReport", {**SAID, "score": "0.9999"}, FormContext(limits={"floor": 1}), {"score": "คะแนนต่ำสุด"}),
    ("Certification", {"decision": "refuse"}, NONE, {"remark": "ไม่อนุมัติเพราะเหตุใด"}),
    ("SarApproval", {"decision": "return"}, NONE, {"remark": "ข้อสั่งการ"}),
    ("SarRevision", {"kpis": ["1.1"]}, KPIS, {"comment": "กรุณากรอก"}),
    ("SarSent", {}, NONE, {"reference": "กรุณากรอก"}),
    ("ProgressReport", {"percent": "100.5", "done": "ก"}, FOLLOWED, {"percent": "ต้องไม่เกิน 100"}),
    ("ProgressReport", {**PROGRESS, "percent": "24.99"}, FOLLOWED, {"problem": "ต่ำกว่าร้อยละ 25.00"}),
    ("ProgressReport", {"percent": "99.99", "done": "ก"}, FOLLOWED, {"next_step": "ขั้นต่อไป"}),
    ("MeetingMinute", {"held_on": "13 เมษายน 2561", "resolutions": "ก"}, MEETING, {"held_on": "อนาคต"}),
    ("MeetingMinute", {"held_on": "2018-04-01", "resolutions": "ก"}, MEETING, {"held_on": "2 เมษายน 2561"}),
    ("DayMove", {**MOVE, "due": "2018-05-11"}, CALENDAR, {"due": "วันเดิม"}),
    ("DayMove", {**MOVE, "due": "2018-04-11"}, CALENDAR, {"due": "ต้องไม่ก่อนวันนี้"}),
    ("DayMove", {**MOVE, "day": "award", "due": "2028-05-11"}, CALENDAR, {"due": "ต้องไม่เกิน"}),
    ("DayMove", {**MOVE, "due": "2018-06-01"}, CALENDAR, {"due": "ต้องไม่หลัง"}),
    ("DayMove", {**MOVE, "opens": "2018-05-01"}, CALENDAR, {"opens": "ไม่มีวันแรก"}),
    ("DayMove", {**MOVE, "day": "visit_pre"}, CALENDAR, {"opens": "วันแรกของช่วงเวลา"}),
    ("DayMove", {**MOVE, "day": "visit_pre", "opens": "2018-08-01"}, CALENDAR, {"due": "ต้องไม่ก่อนวันแรก"}),
    ("DayMove", {**MOVE, "reason": " "}, CALENDAR, {"reason": "กรุณา"}),
    ("DayMove", {**MOVE, "day": "new_year"}, CALENDAR, {"day": ""}),
    ("VisitSchedule", {**VISIT, "first_day": "30 เมษายน 2561"}, PERIOD, {
        "first_day": "วันแรกของการตรวจประเมิน (30 เมษายน 2561) ต้องอยู่ในช่วง 1 พฤษภาคม – 30 มิถุนายน 2561",
    }),
    ("VisitSchedule", {**VISIT, "last_day": "2018-07-01"}, PERIOD, {"last_day": "ต้องอยู่ในช่วง"}),
    ("VisitSchedule", {**VISIT, "last_day": "2018-05-14"}, PERIOD, {"last_day": "ไม่ก่อนวันแรก"}),
    ("VisitPreparation", {**PREPARATION, "provinces": ["dept"]}, PROVINCES, {"provinces": "จากรายการ"}),
    ("EvidenceReady", {}, NONE, {"evidence": "กรุณากรอก"}),
    ("ProvinceSupport", {}, NONE, {"evidence": "กรุณากรอก"}),
    ("AnnouncedKpi", {"score": "1000000000000"}, NONE, {"score": "12 หลักหน้าจุดทศนิยม"}),
    ("VisitFinding", {"finding": "ก", "proposed_score": "5.1"}, NONE, {"proposed_score": "ต้องไม่เกิน 5"}),
    ("VisitFinding", {"finding": "ก", "proposed_score": "3.00001"}, NONE, {"proposed_score": "ไม่เกิน 4 ตำแหน่ง"}),
    ("VisitAnswer", {"evidence": "ก"}, NONE, {"answer": "กรุณากรอก"}),
    ("VisitClosing", {}, NONE, {"remark": "กรุณากรอก"}),
    ("OverviewOrder", {"unit": "dept"}, FormContext(choices={"units": (("oja", "สกธ."),)}), {"unit": "จากรายการ"}),
    ("Overview", {}, NONE, {"overview": "กรุณากรอก"}),
]  # fmt: skip


def refusal(name: str, data: dict[str, Any], context: FormContext = NONE) -> tuple[Problem, ...]:
    with pytest.raises(NotAdmitted) as refused:
        admit(name, data, context, now=NOW)
    return refused.value.problems


@pytest.mark.parametrize(("name", "data", "context"), ADMITTED)
def test_a_proper_form_is_admitted(name: str, data: dict[str, Any], context: FormContext) -> None:
    form = admit(name, data, context, now=NOW)
    assert type(form) is FORMS[name]


@pytest.mark.parametrize(("name", "data", "context"), ADMITTED)
def test_what_was_admitted_is_admitted_again_from_its_own_json(
    name: str, data: dict[str, Any], context: FormContext
) -> None:
    form = admit(name, data, context, now=NOW)
    assert admit(name, json.loads(form.model_dump_json()), context, now=NOW) == form


@pytest.mark.parametrize(("name", "data", "context", "expected"), REFUSED)
def test_what_is_wrong_is_said_beside_its_field(
    name: str, data: dict[str, Any], context: FormContext, expected: dict[str, str]
) -> None:
    found = {problem.field: problem for problem in refusal(name, data, context)}
    assert set(found) == set(expected)
    for field, words in expected.items():
        assert words in found[field].th
        assert found[field].en != found[field].th
        assert found[field].en.lstrip("“")[0].isascii()


def test_the_tables_cover_every_form() -> None:
    assert {name for name, *_ in ADMITTED} == set(FORMS)
    without_rules = {
        "CollectionClosing", "ConsolidatedReview", "PrintoutReceipt", "Consultation", "BookReceived", "SarAcknowledged",
        "CircularReceipt", "Advice",
    }  # a note at most  # fmt: skip
    assert {name for name, *_ in REFUSED} == set(FORMS) - without_rules


def _all_forms(kind: type[Form] = Form) -> Iterator[type[Form]]:
    for form in kind.__subclasses__():
        yield form
        yield from _all_forms(form)


def test_every_form_of_the_product_is_known_by_its_name() -> None:
    of_product = {form.__name__ for form in _all_forms() if form.__module__.startswith("schemas.")}
    assert set(FORMS) == of_product


@pytest.mark.parametrize("form", FORMS.values())
def test_every_form_and_field_has_a_name_in_both_languages(form: type[Form]) -> None:
    assert form.title_th
    assert form.title_en
    for field in form.model_fields.values():
        ask = asked(field)
        assert ask is not None
        assert ask.th
        assert ask.en


def test_text_is_normalised_and_choices_count_once() -> None:
    form = admit(
        "Registration",
        {**REGISTRATION, "title": " เเผนประจําปี ", "agencies": ["oja", "dept", "oja", ""]},
        NONE,
        now=NOW,
    )
    assert isinstance(form, Registration)
    assert form.title == "แผนประจำปี"
    assert form.agencies == ("oja", "dept")
    assert form.ordered_on == date(2018, 2, 8)


def test_one_ticked_box_comes_as_text() -> None:
    form = admit("Assignment", {**ASSIGNMENT, "divisions": "dept-div-a"}, DIVISIONS, now=NOW)
    assert isinstance(form, Assignment)
    assert form.divisions == ("dept-div-a",)


def test_a_blank_field_takes_its_default() -> None:
    assert admit("Receipt", {"reason": ""}, NONE, now=NOW) == Receipt()
    registered = admit("Registration", {**REGISTRATION, "source_meeting": ""}, NONE, now=NOW)
    assert isinstance(registered, Registration)
    assert registered.source_meeting == "การประชุมผู้บริหารกระทรวง"


def test_what_was_chosen_on_a_page_comes_after_the_blank_that_stood_for_no_choice() -> None:
    form = admit("Receipt", {"decision": ["", "not_ours"], "reason": "เป็นภารกิจของหน่วยงานอื่น"}, NONE, now=NOW)
    assert isinstance(form, Receipt)
    assert form.decision is ReceiptDecision.NOT_OURS


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_field_whose_default_approves_is_called_a_decision(name: str) -> None:
    """By that name the page leaves it open; another name would be approved unread."""
    standing = {"nature", "urgency", "mode"}
    chosen = {
        field for field, info in FORMS[name].model_fields.items()
        if (ask := asked(info)) and ask.widget == "radio" and not info.is_required()
    }  # fmt: skip
    assert chosen <= {form_module.DECISION, *standing}


def test_a_returned_report_keeps_the_level_at_which_it_came() -> None:
    context = WEEK.replace(prefill={"level": "continuous"})
    form = admit("ReportKeying", {"decision": "return", "comment": "ขอผล"}, context, now=NOW)
    assert isinstance(form, ReportKeying)
    assert (form.decision, form.level) == (ReviewDecision.RETURN, Level.CONTINUOUS)


def test_keying_in_unchanged_what_the_division_wrote_needs_no_confirmation() -> None:
    context = WEEK.replace(prefill=REPORT)
    assert admit("ReportKeying", {**REPORT, "decision": "approve"}, context, now=NOW)


def test_ten_million_characters_are_refused_at_once_with_both_numbers() -> None:
    (problem,) = refusal("Registration", {**REGISTRATION, "text": "ก" * 10_000_000})
    assert "ไม่เกิน 20,000 ตัวอักษร (ที่ส่งมายาว 10,000,000 ตัวอักษร)" in problem.th
    assert "at most 20,000 characters (this has 10,000,000)" in problem.en


def test_today_is_the_day_in_bangkok() -> None:
    past_midnight = bangkok_moment(date(2018, 4, 13), time(0, 30))  # 12 April, 17.30 in UTC
    with pytest.raises(NotAdmitted, match="หลังจากวันนี้"):
        admit("OpinionCall", {"subject": "ก", "text": "ข", "due_on": "2018-04-13"}, NONE, now=past_midnight)


def test_an_unknown_form_and_a_naive_time_are_refused() -> None:
    with pytest.raises(UnknownForm, match="ไม่มีแบบฟอร์มชื่อ Form"):
        admit("Form", {}, NONE, now=NOW)
    with pytest.raises(NaiveTime):
        admit("Receipt", {}, NONE, now=datetime.fromisoformat("2018-04-12T10:00"))


def test_a_refusal_survives_the_way_between_processes() -> None:
    with pytest.raises(NotAdmitted) as refused:
        admit("Receipt", {"decision": "not_ours"}, NONE, now=NOW)
    copy = pickle.loads(pickle.dumps(refused.value))
    assert copy.problems == refused.value.problems
    assert str(copy) == str(refused.value)


def test_a_number_that_no_machine_counts_with_is_refused_in_words() -> None:
    with pytest.raises(NotAdmitted) as refused:
        admit("Briefing", {"attended": 9.3e18}, NONE, now=NOW)
    assert any("มากหรือน้อยเกินไป" in problem.th for problem in refused.value.problems if problem.field == "attended")


def test_a_choice_of_nothing_at_all_is_refused_in_words() -> None:
    with pytest.raises(NotAdmitted) as refused:
        admit("Acceptance", {"decision": []}, NONE, now=NOW)
    assert [problem.field for problem in refused.value.problems] == ["decision"]


values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.binary(max_size=5),
    st.lists(st.text(max_size=5), max_size=3), st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.sampled_from(["accept", "return", "reroute", "completed", "in_progress", "approve", "dept", "1 ม.ค. 61"]),
)  # fmt: skip
JARGON = ("Input should", "type=", "validation", "pydantic", "ctx", "{", "Value error", "StrEnum")


@settings(max_examples=150)
@given(st.data())
def test_whatever_is_sent_is_admitted_or_refused_in_words_for_people(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FORMS)))
    fields = st.sampled_from([*FORMS[name].model_fields, "is_admin"])
    sent = data.draw(st.dictionaries(fields, values, max_size=6))
    try:
        admit(name, sent, WEEK, now=NOW)
    except NotAdmitted as refused:
        for problem in refused.problems:
            field = problem.field.partition(".")[0]  # of a cell, the table
            assert field in sent or field in {*FORMS[name].model_fields, ""}
            assert not [word for word in JARGON if word in problem.th or word in problem.en]
            assert "ไม่ถูกต้อง" not in problem.th, f"no sentence of its own: {problem}"
