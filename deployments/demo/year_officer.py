"""The officer of whom nothing special is told fills in every form of the year sensibly, from `year.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from deployments.demo.year_data import Answer, year_data
from ledger.hand_offs import HandOff
from schemas.criteria import KpiNumber
from schemas.kpi import Round

FOLLOW_UPS = (
    "2012-02", "2012-03", "round-6", "2012-04", "2012-05", "2012-06", "round-9", "2012-07", "2012-08", "2012-09",
    "round-12",
)  # fmt: skip
"""The follow-ups of the year by name, in the order of their days: those that lie ahead when the details are agreed."""
FROM_RED_TO_GREEN = Decimal(15)
"""Percentage points between the two margins of the lights in the department's policy."""
_MARK = re.compile(r"\[([^\]]+)\]")


def marks_of(asked: HandOff) -> tuple[str, ...]:
    """What a piece of work is about: KPI, part of a KPI or unit, as its key names them, the widest first."""
    return tuple(_MARK.findall(asked.key))


def usual_answer(asked: HandOff) -> Answer:
    """The form of a piece of work, filled in."""
    marks = marks_of(asked)
    of_kpi = _OF_KPI.get(asked.element)
    if of_kpi is not None:
        return of_kpi(asked, marks[0])
    match asked.element:
        case "keep":
            return _report(asked, *marks)
        case "choose":
            return {**asked.context.prefill, **year_data().answers["choose"]}
        case "budget":
            return {"amount": year_data().budgets[marks[0]], "note": "กิจกรรมตามตัวชี้วัดของกรมในพื้นที่"}
        case "propose":
            return table_as_sent("persons", asked.context.prefill["persons"])
        case "schedule":
            return {name: asked.context.limits[name] for name in ("first_day", "last_day")}
    return year_data().answers[asked.element]


# --- about one KPI -----------------------------------------------------------------------------------------


def _baselines(_asked: HandOff, kpi: KpiNumber) -> Answer:
    results = dict(
        zip(("last_year", "two_years_ago", "three_years_ago"), year_data().kpis[kpi].baselines, strict=False)
    )
    return {**results, "data_source": f"ทะเบียนและรายงานผลงาน{year_data().kpis[kpi].work}"}


def _negotiated(asked: HandOff, kpi: KpiNumber) -> Answer:
    """What the page was filled in with beforehand stays where the negotiation did not change it."""
    return {**asked.context.prefill, **year_data().kpis[kpi].negotiated}


def _details(asked: HandOff, kpi: KpiNumber) -> Answer:
    data = year_data().kpis[kpi]
    return {
        **asked.context.prefill,
        "description": f"วัดความสำเร็จของงาน{data.work} ในปีงบประมาณ พ.ศ. 2555",
        "formula": f"ผลที่ทำได้จริงถึงสิ้นรอบรายงาน หน่วยเป็น{data.measure}",
        "data_source": "รายงานของหน่วยงานผู้รับผิดชอบ ตรวจสอบได้จากแฟ้มหลักฐาน",
    }


def _progress(asked: HandOff, kpi: KpiNumber) -> Answer:
    """Who is behind says why; nobody is far behind."""
    data = year_data().kpis[kpi]
    name = next(name for name in FOLLOW_UPS if asked.case_id.endswith(f"-{name}"))
    percent = data.progress[FOLLOW_UPS.index(name)]
    behind = Decimal(percent) < Decimal(asked.context.limits["red_below"]) + FROM_RED_TO_GREEN
    return {
        "percent": str(percent),
        "done": f"{data.work} สะสมร้อยละ {percent} ของแผนทั้งปี",
        "problem": "บางพื้นที่เริ่มดำเนินการได้ช้ากว่าแผน" if behind else "",
        "next_step": "" if percent == 100 else "ดำเนินการตามแผนในเดือนถัดไป",
    }


def _evidence(_asked: HandOff, kpi: KpiNumber) -> Answer:
    return {"evidence": f"แฟ้มหลักฐานงาน{year_data().kpis[kpi].work} จัดเก็บที่หน่วยงานผู้รับผิดชอบ"}


def _finding(_asked: HandOff, kpi: KpiNumber) -> Answer:
    return {"finding": f"ตรวจหลักฐานงาน{year_data().kpis[kpi].work}แล้ว ครบถ้วนตามรายการ"}


def _score(asked: HandOff, kpi: KpiNumber) -> Answer:
    """The department's own score is announced, unless the file says otherwise."""
    return {**asked.context.prefill, **year_data().announced.get(kpi, {})}


_OF_KPI = {
    "baselines": _baselines, "negotiate": _negotiated, "write_details": _details, "progress": _progress,
    "ready": _evidence, "record": _finding, "announce": _score,
}  # fmt: skip


def _report(asked: HandOff, kpi: KpiNumber, keeper: str) -> Answer:
    """The report of a round: the result of the KPI or its part; a unit that shares the work describes its part."""
    round_ = Round(int(asked.case_id.rpartition("-")[2]))
    said = {
        "explanation": f"{year_data().kpis[kpi].work} ผลสะสมถึงสิ้นรอบ {round_} เดือน ตามหลักฐานที่จัดเก็บไว้",
        "success_factors": "ผู้บริหารติดตามทุกเดือนในการประชุมกรม",
    }
    result = year_data().results.get(keeper, {}).get(round_, {})
    if "value" in result:
        measured = f"{result['value']} ({year_data().kpis[kpi].measure})"
        said["calculation"] = f"ผลที่ทำได้จริงถึงสิ้นรอบ {round_} เดือน = {measured}"
    return {**said, **result}


def table_as_sent(field: str, lines: list[Mapping[str, Any]]) -> dict[str, str]:
    """A table of a form as a page sends it: a cell for each column, an unticked box not at all."""
    return {
        f"{field}.{place}.{column}": "true" if value is True else str(value)
        for place, line in enumerate(lines)
        for column, value in line.items()
        if value not in (None, False)
    }
