"""Forms of a province's cascade: an admitted and a refused example of each; today is 12 April 2561."""

from __future__ import annotations

from typing import Any

from schemas.form import FormContext

NONE = FormContext()
MEMBERS = FormContext(choices={"members": (("ay-treasury", "คลังจังหวัด"), ("ay-statistics", "สถิติจังหวัด"))})
HOSTS = FormContext(choices={"hosts": (("ay-office", "สำนักงานจังหวัด"),)})
OF_KPIS = FormContext(limits={"kpis": ["2.6", "2.7"], "ratios": ["2.6"]})
PLAN = FormContext(limits={"until": "2018-10-15"})
PAYDAY = FormContext(limits={"payday": "2018-04-25"})

ORDER = {
    "fiscal_year": "2561", "sar_6_due": "20 เม.ย. 61", "sar_9_due": "16 ก.ค. 61", "sar_12_due": "15 ต.ค. 61",
    "seminar_on": "30 มิ.ย. 61", "surveys_due": "31 ส.ค. 61", "control_due": "30 ก.ย. 61", "treasury": "ay-treasury",
    "statistics": "ay-statistics",
}  # fmt: skip
STEPS = "มีคำสั่ง / มีแผน / ครึ่งหนึ่ง / ครบ / ประเมินผล"
CASCADED = {
    "number": "2.7", "th": "การถ่ายทอดตัวชี้วัด", "kind": "milestone", "levels": STEPS, "weight": "40",
    "host": "ay-office", "follow": "remedy",
}  # fmt: skip
PAID = {
    "number": "2.6", "th": "การเบิกจ่าย", "kind": "ratio", "levels": "60/70/80/90/100", "weight": "60",
    "host": "ay-office", "follow": "ranked",
}  # fmt: skip
OWN = {"th": "ลงนามกับบุคคล", "parent": "2.7", "levels": STEPS, "weight": "100", "role": "main_owner"}
RATIO = {"number": "2.6", "formula": "จ่าย ÷ รับ × 100", "numerator": "2", "denominator": "3", "value": "66.67"}
LEVEL = {"number": "2.7", "level": "4"}
OF_LINES = FormContext(limits={"lines": ["1", "2"]})
REACHED = [{"line": "1", "level": "4", "result": "ลงนามครบ"}, {"line": "2", "level": "3", "result": "รายงานครบ"}]
MINUTES = {"held_on": "12 เม.ย. 61", "attended": ["ay-treasury"], "resolution": "รับทราบ"}
DONE = {"done_on": "12 เม.ย. 61", "result": "ทำความสะอาดแล้ว"}
REMEDY = {"cause": "ยังไม่ลงนาม", "actions": "เร่งลงนาม", "recheck_on": "13 เม.ย. 61"}

Row = tuple[str, dict[str, Any], FormContext]
CASCADE_ADMITTED: list[Row] = [
    ("CascadeOrder", ORDER, MEMBERS),
    ("KeyKpiDraft", {"kpis": [PAID, CASCADED]}, HOSTS),
    ("KeyKpiApproval", {"decision": "approve"}, NONE),
    ("KeyKpiApproval", {"decision": "return", "comment": "ขาดตัวชี้วัด"}, NONE),
    ("AgencyAgreement", {"kpis": [{"number": "2.6", "level": "5"}, {"number": "2.7", "level": "4"}]}, OF_KPIS),
    ("GroupAgreement", {"kpis": [{"number": "2.7", "weight": "100"}]}, OF_KPIS),
    ("IndividualAgreement", {"position": "นักวิชาการ", "kpis": [OWN]}, OF_KPIS),
    ("IndividualAssessment", {"lines": REACHED}, OF_LINES),
    ("IndividualAssessment", {"lines": [*reversed(REACHED)], "note": "ย้ายมากลางปี"}, OF_LINES),
    ("IndividualConfirmation", {"decision": "approve"}, NONE),
    ("CascadeSignature", {"decision": "sign"}, NONE),
    ("CascadeSignature", {"decision": "return", "remark": "เพิ่มงาน"}, NONE),
    ("SelfAssessment", {"kpis": [RATIO, LEVEL]}, OF_KPIS),
    ("SelfAssessment", {"kpis": [{**RATIO, "numerator": "3", "value": "100"}, LEVEL]}, OF_KPIS),
    ("RemedialPlan", REMEDY, PLAN),
    ("RemedialPlan", REMEDY, FormContext(limits={"until": "2018-04-12"})),  # the year is over: once more all the same
    ("Reassessment", {"kpis": [LEVEL], "done": "ลงนามครบ"}, FormContext(limits={"kpis": ["2.7"]})),
    ("Recheck", {"decision": "approve"}, NONE),
    ("HostComment", {"comment": "เขียนสูตรให้ละเอียด"}, NONE),
    ("CascadeMinutes", MINUTES, MEMBERS),
    ("CleaningDay", {"on": "24 เม.ย. 61"}, PAYDAY),
    ("CleaningDay", {"on": "12 เม.ย. 61"}, PAYDAY),
    ("DutyReport", DONE, NONE),
    ("DutySummary", {"summary": "ครบทุกหน่วยงาน"}, NONE),
    ("RankingOrder", {"on": "21 ต.ค. 61"}, NONE),
]
CASCADE_REFUSED: list[tuple[str, dict[str, Any], FormContext, dict[str, str]]] = [
    ("CascadeOrder", {**ORDER, "sar_9_due": "20 เม.ย. 61"}, MEMBERS, {"sar_9_due": "เรียงตามลำดับ"}),
    ("CascadeOrder", {**ORDER, "seminar_on": "11 เม.ย. 61"}, MEMBERS, {"seminar_on": "ผ่านไปแล้ว"}),
    ("CascadeOrder", {**ORDER, "control_due": "1 ต.ค. 61"}, MEMBERS, {"control_due": "ไม่เกินวันสิ้นปีงบประมาณ"}),
    ("CascadeOrder", {**ORDER, "treasury": "ay-office"}, MEMBERS, {"treasury": "จากรายการที่กำหนด"}),
    ("KeyKpiDraft", {"kpis": []}, HOSTS, {"kpis": "อย่างน้อยหนึ่งตัวชี้วัด"}),
    ("KeyKpiDraft", {"kpis": [PAID, {**CASCADED, "weight": "39.5"}]}, HOSTS, {"kpis": "เท่ากับ 100 (รวมได้ 99.5)"}),
    ("KeyKpiDraft", {"kpis": [PAID, {**CASCADED, "number": "2.6"}]}, HOSTS, {"kpis.1.number": "ซ้ำ"}),
    ("KeyKpiDraft", {"kpis": [PAID, {**CASCADED, "host": "oja"}]}, HOSTS, {"kpis.1.host": "จากรายการ"}),
    ("KeyKpiDraft", {"kpis": [PAID, {**CASCADED, "levels": "มี / ไม่มี"}]}, HOSTS, {"kpis.1.levels": "(มี 2)"}),
    ("KeyKpiDraft", {"kpis": [{**PAID, "levels": "60/70/70/90/100"}, CASCADED]}, HOSTS, {"kpis.0.levels": "ตามลำดับ"}),
    ("KeyKpiDraft", {"kpis": [{**PAID, "levels": "60/70/มาก/90/100"}, CASCADED]}, HOSTS, {"kpis.0.levels": "ตัวเลข"}),
    ("KeyKpiDraft", {"kpis": [PAID, {**CASCADED, "follow": "ranked"}]}, HOSTS, {"kpis.1.follow": "เฉพาะตัวชี้วัดร้อยละ"}),
    ("KeyKpiDraft", {"kpis": [{**PAID, "levels": "10/8/6/4/2"}, CASCADED]}, HOSTS, {"kpis.0.follow": "เพิ่มขึ้นตามลำดับ"}),
    ("KeyKpiDraft", {"kpis": [PAID, {**PAID, "number": "2.8", "weight": "40"}]}, HOSTS, {
        "kpis.1.follow": "เพียงตัวชี้วัดเดียว",
    }),
    ("KeyKpiApproval", {"decision": "return"}, NONE, {"comment": "กรุณาระบุข้อคิดเห็น"}),
    ("AgencyAgreement", {"kpis": [{"number": "2.6", "level": "5"}]}, OF_KPIS, {"kpis": "ยังขาดตัวชี้วัดที่ 2.7"}),
    ("AgencyAgreement", {"kpis": [{"number": n, "level": "5"} for n in ("2.6", "2.7", "2.8")]}, OF_KPIS, {
        "kpis.2.number": "จากรายการ",
    }),
    ("GroupAgreement", {"kpis": [{"number": "2.8", "weight": "100"}]}, OF_KPIS, {"kpis.0.number": "จากรายการ"}),
    ("GroupAgreement", {"kpis": []}, OF_KPIS, {"kpis": "อย่างน้อยหนึ่งตัวชี้วัด"}),
    ("IndividualAgreement", {"position": "ก", "kpis": [{**OWN, "weight": "90"}]}, OF_KPIS, {"kpis": "รวมได้ 90"}),
    ("IndividualAgreement", {"position": "ก", "kpis": [{**OWN, "parent": "2.8"}]}, OF_KPIS, {
        "kpis.0.parent": "จากรายการ",
    }),
    ("IndividualAgreement", {"position": " ", "kpis": []}, OF_KPIS, {"position": "กรุณากรอก «ตำแหน่ง»"}),
    ("IndividualAssessment", {"lines": REACHED[:1]}, OF_LINES, {"lines": "ยังไม่ประเมินข้อ 2"}),
    ("IndividualAssessment", {"lines": [*REACHED, REACHED[0]]}, OF_LINES, {"lines.2.line": "ซ้ำ"}),
    ("IndividualAssessment", {"lines": [*REACHED, {**REACHED[0], "line": "3"}]}, OF_LINES, {
        "lines.2.line": "จากรายการ",
    }),
    ("IndividualAssessment", {"lines": [{**REACHED[0], "level": "6"}, REACHED[1]]}, OF_LINES, {
        "lines.0.level": "5",
    }),
    ("IndividualConfirmation", {"decision": "return"}, NONE, {"comment": "กรุณาระบุข้อคิดเห็น"}),
    ("CascadeSignature", {"decision": "return"}, NONE, {"remark": "กรุณาระบุเหตุผลที่ส่งคืน"}),
    ("SelfAssessment", {"kpis": [RATIO, {"number": "2.7"}]}, OF_KPIS, {"kpis.1.level": "ระดับ 1–5"}),
    ("SelfAssessment", {"kpis": [{**RATIO, "formula": " "}, LEVEL]}, OF_KPIS, {"kpis.0.formula": "เขียนสูตร"}),
    ("SelfAssessment", {"kpis": [{**RATIO, "numerator": ""}, LEVEL]}, OF_KPIS, {"kpis.0.numerator": "ใส่ค่า"}),
    ("SelfAssessment", {"kpis": [{**RATIO, "denominator": "0"}, LEVEL]}, OF_KPIS, {"kpis.0.denominator": "ไม่เป็นศูนย์"}),
    ("SelfAssessment", {"kpis": [{**RATIO, "value": "66.7"}, LEVEL]}, OF_KPIS, {"kpis.0.value": "= 66.67"}),
    ("SelfAssessment", {"kpis": [{**RATIO, "level": "4"}, LEVEL]}, OF_KPIS, {"kpis.0.level": "เว้นว่างไว้"}),
    ("SelfAssessment", {"kpis": [RATIO, LEVEL, LEVEL]}, OF_KPIS, {"kpis.2.number": "ซ้ำ"}),
    ("RemedialPlan", {**REMEDY, "recheck_on": "12 เม.ย. 61"}, PLAN, {"recheck_on": "หลังจากวันนี้"}),
    ("RemedialPlan", {**REMEDY, "recheck_on": "16 ต.ค. 61"}, PLAN, {"recheck_on": "ไม่เกินกำหนด"}),
    ("Reassessment", {"kpis": [], "done": "ก"}, OF_KPIS, {"kpis": "ยังขาดตัวชี้วัดที่ 2.6, 2.7"}),
    ("Recheck", {"decision": "return"}, NONE, {"comment": "กรุณาระบุข้อคิดเห็น"}),
    ("HostComment", {"comment": ""}, NONE, {"comment": "กรุณากรอก"}),
    ("CascadeMinutes", {**MINUTES, "held_on": "13 เม.ย. 61"}, MEMBERS, {"held_on": "ในอนาคต"}),
    ("CascadeMinutes", {**MINUTES, "attended": ["oja"]}, MEMBERS, {"attended": "จากรายการที่กำหนด"}),
    ("CleaningDay", {"on": "25 เม.ย. 61"}, PAYDAY, {"on": "ก่อนวันรับเงินเดือน"}),
    ("CleaningDay", {"on": "11 เม.ย. 61"}, PAYDAY, {"on": "ผ่านไปแล้ว"}),
    ("DutyReport", {**DONE, "done_on": "13 เม.ย. 61"}, NONE, {"done_on": "ในอนาคต"}),
    ("DutySummary", {"summary": " "}, NONE, {"summary": "กรุณากรอก «สรุปภาพรวม»"}),
    ("RankingOrder", {"on": ""}, NONE, {"on": "กรุณากรอก"}),
]  # fmt: skip
