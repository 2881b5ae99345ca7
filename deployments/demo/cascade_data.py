"""What the agencies of Ayutthaya hand in: KPIs and dates of S2, and figures that give what the source reports.

S2 prints neither weights, levels nor the agencies' scores. What it says of them holds: totals from 2 to 4 in June, nine
agencies below 2.5 on «ถ่ายทอดตัวชี้วัด», three ranks of disbursement. The figures beneath are made up so that they do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.base import UnitId

Answer = Mapping[str, Any]

OFFICE, COMMERCE, TREASURY, STATISTICS = "ay-office", "ay-commerce", "ay-treasury", "ay-statistics"
AGENCIES: tuple[UnitId, ...] = (OFFICE, COMMERCE, TREASURY, STATISTICS, *(f"ay-agency-{n}" for n in range(5, 34)))
"""In the order of the province's file; the source names four of the 33."""
LOW = frozenset(AGENCIES[24:])
"""The nine below 2.5 on KPI 2.7 (S2, line 23)."""
TWICE = AGENCIES[-1]
"""Its first remedial plan does not suffice."""
EXEMPLARS = frozenset({COMMERCE, TREASURY})
"""«หน่วยที่สามารถดำเนินการได้ดี» (S2, line 14)."""
EXACTLY_ON_TARGET = AGENCIES[27]
BELOW_TARGET = frozenset(AGENCIES[28:])
"""Warned of in the ninth month."""
ABSENT = AGENCIES[9]
"""32 of 33 came to the meeting in June (S2, lines 11 and 13)."""
LATE_CONTROL = AGENCIES[20]
CLAIMED_TOO_MUCH = f"{AGENCIES[6]}-g2.head"
"""A head's own assessment, which the head of the agency returns once."""
RETURNED_AGENCY, RETURNED_PERSON = AGENCIES[11], f"{AGENCIES[5]}-g1.1"

MILESTONES = "มีผู้รับผิดชอบ / มีแผน / ดำเนินการครึ่งหนึ่ง / ดำเนินการครบ / ประเมินผลแล้ว"
KPIS: tuple[dict[str, str], ...] = (
    {"number": "2.1", "th": "ระดับความสำเร็จของการดำเนินงานตามนโยบายอยุธยาเมืองสะอาด", "weight": "10", "host": OFFICE},
    {"number": "2.2", "th": "ผลการปฏิบัติราชการตามแผนปฏิบัติราชการของจังหวัดและส่วนราชการ", "weight": "20", "host": OFFICE},
    {
        "number": "2.3", "th": "ระดับความสำเร็จของการดำเนินงานและผลสำรวจความพึงพอใจของผู้รับบริการ", "weight": "15",
        "host": TREASURY,
    },
    {
        "number": "2.4", "th": "ระดับความสำเร็จของการดำเนินการตามมาตรการป้องกันและปราบปรามการทุจริต", "weight": "10",
        "host": OFFICE,
    },
    {"number": "2.5", "th": "ระดับความสำเร็จของการควบคุมภายใน", "weight": "10", "host": OFFICE},
    {
        "number": "2.6", "th": "ร้อยละของอัตราการเบิกจ่ายเงินงบประมาณภาพรวม", "weight": "20", "host": TREASURY,
        "kind": "ratio", "levels": "60 / 70 / 80 / 90 / 100", "follow": "ranked",
    },
    {
        "number": "2.7", "th": "ระดับความสำเร็จของการถ่ายทอดตัวชี้วัดและเป้าหมายขององค์กรสู่ระดับบุคคล", "weight": "15",
        "host": OFFICE, "follow": "remedy",
    },
)  # fmt: skip
CASCADED = KPIS[-1]["number"]
ORDER: Answer = {
    "fiscal_year": "2553", "sar_6_due": "4 มิ.ย. 2553", "sar_9_due": "16 ก.ค. 2553", "sar_12_due": "15 ต.ค. 2553",
    "seminar_on": "30 มิ.ย. 2553", "surveys_due": "31 ส.ค. 2553", "control_due": "30 ก.ย. 2553",
    "treasury": TREASURY, "statistics": STATISTICS,
}  # fmt: skip
GROUP_KPIS = {"g1": {"2.2": "40", "2.6": "30", "2.7": "30"}, "g2": {"2.1": "50", "2.5": "50"}}
COMMENTS = {
    "2.1": "จะแจ้งวัน Big Cleaning Day ให้ทุกหน่วยทราบ และควรจัดเก็บทำความสะอาดทุกเดือนก่อนวันรับเงินเดือน",
    "2.2": "หากเป็นงานก่อสร้างให้วางแผนและดำเนินการให้เสร็จโดยเร็ว",
    "2.3": "ให้ดำเนินงานตาม milestone และส่งรายงานผลความพึงพอใจให้สำนักงานคลังจังหวัดรวบรวมเป็นภาพรวม",
    "2.4": "ขอให้จัดทำแบบสำรวจความคิดเห็นของหน่วยงาน และเข้าร่วมสัมมนาวันที่ 30 มิถุนายน 2553",
    "2.5": "ให้ทุกส่วนรายงานภายใน 30 กันยายน 2553",
    "2.6": "ขอให้เขียนสูตรการคำนวณและใส่ค่าผลที่ได้ให้ละเอียดยิ่งขึ้น จังหวัดจัดรางวัลสำหรับอันดับ 1–3",
    "2.7": "9 ส่วนราชการได้คะแนนน้อยกว่า 2.5 ให้เร่งดำเนินการและนำข้อคิดเห็นจากการประชุมไปปรับปรุง",
}
"""As the source reports them of June (S2, lines 17 to 23)."""
PAID: Mapping[UnitId, str] = {TREASURY: "98.50", COMMERCE: "97.20", AGENCIES[4]: "96.00", AGENCIES[5]: "96.00"}
"""At the year's end; everybody else less."""


def rows(lines: Sequence[Answer], field: str = "kpis") -> dict[str, Any]:
    """Lines of a table as a page sends them."""
    return {f"{field}.{place}.{name}": value for place, line in enumerate(lines) for name, value in line.items()}


def key_kpis() -> Answer:
    return rows([{"kind": "milestone", "levels": MILESTONES, **kpi} for kpi in KPIS])


def agency_agreement() -> Answer:
    return rows([{"number": kpi["number"], "level": "5"} for kpi in KPIS])


def group_agreement(group: UnitId) -> Answer:
    shared = GROUP_KPIS[group.rpartition("-")[2]]
    return rows([{"number": number, "weight": weight} for number, weight in shared.items()])


def own_agreement(group: UnitId, position: str) -> Answer:
    """Two lines: the person's main task, and one that it supports."""
    first, second = list(GROUP_KPIS[group.rpartition("-")[2]])[:2]
    lines = [
        {"th": "งานหลักตามตัวชี้วัดของกลุ่มงาน", "parent": first, "levels": MILESTONES, "weight": "60", "role": "main_owner"},
        {"th": "งานสนับสนุนตัวชี้วัดของกลุ่มงาน", "parent": second, "levels": MILESTONES, "weight": "40", "role": "supporter"},
    ]
    return {"position": position, **rows(lines)}


def own_assessment(officer: str) -> Answer:
    """Both lines of the person's agreement; one person claims too much at first (`CLAIMED_TOO_MUCH`)."""
    lines = [
        {"line": "1", "level": "5", "result": "ดำเนินการครบและประเมินผลแล้ว"},
        {"line": "2", "level": "4", "result": "สนับสนุนครบทุกกิจกรรม"},
    ]
    note = {"note": "มีเหตุผลประกอบตามหลักฐานของกลุ่มงาน"} if officer == CLAIMED_TOO_MUCH else {}
    return {**rows(lines, "lines"), **note}


def self_assessment(unit: UnitId, months: int) -> Answer:
    """Every KPI at the agency's level of the round; disbursement with formula and values (S2, line 22)."""
    level, percent = {6: _six, 9: _nine, 12: _twelve}[months](unit)
    lines = [_ratio(percent) if kpi.get("kind") else {"number": kpi["number"], "level": str(level)} for kpi in KPIS]
    return rows(lines)


def _ratio(percent: str) -> Answer:
    spent = f"{percent.replace('.', '')}00" if "." in percent else f"{percent}0000"
    return {
        "number": "2.6", "formula": "(เงินที่เบิกจ่าย ÷ เงินที่ได้รับจัดสรร) × 100", "numerator": spent,
        "denominator": "1000000", "value": percent,
    }  # fmt: skip


def _six(unit: UnitId) -> tuple[int, str]:
    """Totals from 2.0000, of the nine, to 4.0000, of the two exemplars."""
    return (2, "70") if unit in LOW else (4, "90") if unit in EXEMPLARS else (3, "80")


def _nine(unit: UnitId) -> tuple[int, str]:
    """3.7500 exactly is on target; five are below it."""
    return (3, "85") if unit in BELOW_TARGET else (4, "77.50") if unit == EXACTLY_ON_TARGET else (4, "90")


def _twelve(unit: UnitId) -> tuple[int, str]:
    return (5 if unit in EXEMPLARS else 4), PAID.get(unit, "95.00")
