"""The sentences of findings: what does not fit together in an agreement, in Thai and in English."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from rules.exact import rounded
from schemas.base import UnitId
from schemas.criteria import KpiNumber
from schemas.scorecard import Finding, FindingCode

_TEXTS: Mapping[FindingCode, tuple[str, str]] = {
    FindingCode.WEIGHT_SUM_NOT_100: (
        "น้ำหนัก{of_th}รวมกันได้ร้อยละ {sum} ไม่ใช่ร้อยละ 100 (ระบบไม่ปรับน้ำหนักให้)",
        "The weights {of_en} add up to {sum} %, not 100 % (nothing is adjusted)",
    ),
    FindingCode.WEIGHT_UNKNOWN: (
        "ตัวชี้วัดที่ {kpi} ไม่ทราบน้ำหนัก จึงไม่อยู่ในคะแนนรวม",
        "The weight of KPI {kpi} is not known, so it is in no total",
    ),
    FindingCode.WEIGHT_IS_A_GUESS: (
        "น้ำหนักร้อยละ {share} ของ {unit} ในตัวชี้วัดที่ {kpi} เป็นการคาดคะเน {note}",
        "The weight of {share} % that {unit} has in KPI {kpi} is a guess. {note}",
    ),
    FindingCode.CRITERIA_UNKNOWN: (
        "ตัวชี้วัดที่ {kpi} ยังไม่มีเกณฑ์การให้คะแนน",
        "KPI {kpi} has no criteria yet",
    ),
    FindingCode.DIMENSION_WEIGHT_DIFFERS: (
        "มิติ {dimension} กำหนดน้ำหนักร้อยละ {frame} แต่ตัวชี้วัดรวมกันได้ร้อยละ {sum}",
        "Dimension {dimension} has a weight of {frame} %, but its KPIs add up to {sum} %",
    ),
    FindingCode.NUMBER_MISSING: (
        "ไม่มีตัวชี้วัดที่ {kpi} ทั้งที่มีตัวชี้วัดลำดับถัดไป",
        "KPI {kpi} appears nowhere, although a later one does",
    ),
    FindingCode.SHARES_DO_NOT_ADD_UP: (
        "ส่วนแบ่งของ {units} ในตัวชี้วัดที่ {kpi} รวมกันได้ร้อยละ {sum} แต่ตัวชี้วัดมีน้ำหนักร้อยละ {weight}",
        "The shares of {units} in KPI {kpi} add up to {sum} %, but it weighs {weight} %",
    ),
    FindingCode.SHARED_WEIGHT_UNCLEAR: (
        "ตัวชี้วัดที่ {kpi} ปรากฏที่ {units} หากเป็นส่วนแบ่งจะมีน้ำหนักร้อยละ {if_shares} หากถือทั้งตัวจะมีน้ำหนักร้อยละ {if_whole} และถูกนับซ้ำ",
        "KPI {kpi} stands with {units}: as shares it weighs {if_shares} %,"
        " as the whole KPI it weighs {if_whole} % and is counted more than once",
    ),
    FindingCode.DECLARED_COUNT_DIFFERS: (
        "{source} ระบุว่า {unit} มี {declared} ตัวชี้วัด แต่แสดงไว้ {listed} ตัวชี้วัด ({numbers})",
        "{source} gives {unit} {declared} KPIs, but {listed} are listed ({numbers})",
    ),
    FindingCode.DECLARED_WEIGHT_DIFFERS: (
        "{source} ระบุน้ำหนักรวมของ {unit} ร้อยละ {declared} แต่ส่วนแบ่งรวมกันได้ร้อยละ {sum}",
        "{source} gives {unit} a total of {declared} %, but its shares add up to {sum} %",
    ),
    FindingCode.DECLARED_WEIGHT_UNRESOLVED: (
        "{source} ระบุน้ำหนักรวมของ {unit} ร้อยละ {declared} แต่ไม่ทราบส่วนแบ่งในตัวชี้วัดที่ {numbers}",
        "{source} gives {unit} a total of {declared} %, but its shares in KPI {numbers} are not known",
    ),
    FindingCode.PRINTED_WEIGHTS_CANNOT_GIVE_TOTAL: (
        "{source} พิมพ์น้ำหนักของ {unit} ไว้ {printed} ซึ่ง {counts} ตัวชี้วัดรวมกันเป็นร้อยละ {declared} ไม่ได้",
        "{source} prints weights of {printed} for {unit}, with which {counts} KPIs cannot add up to {declared} %",
    ),
    FindingCode.SOURCES_DIFFER: (
        "จำนวนตัวชี้วัดของ {unit} ไม่ตรงกัน: {said}",
        "The sources differ on the number of KPIs of {unit}: {said}",
    ),
    FindingCode.COUNT_TOTALS_DIFFER: (
        "จำนวนตัวชี้วัดรวมไม่ตรงกัน: {said} แสดงไว้ {slots} ช่อง เป็นตัวชี้วัดที่ไม่ซ้ำกัน {distinct} ตัวชี้วัด",
        "The numbers of KPIs differ: {said}; {slots} are listed, {distinct} of them distinct",
    ),
}


def finding(code: FindingCode, *, kpi: KpiNumber | None = None, unit: UnitId | None = None, **facts: str) -> Finding:
    """The finding with its sentences. A unit is called `called` in them, where that is among the facts."""
    th, en = _TEXTS[code]
    named = {**facts, "kpi": kpi or "", "unit": facts.get("called", unit or "")}
    return Finding(
        code=code, th=th.format_map(named).strip(), en=en.format_map(named).strip(), kpi=kpi, unit=unit, facts=facts
    )


def plain(number: Fraction) -> str:
    """A weight or sum as people write it: «92», «2.5»."""
    text = format(rounded(number, 8), "f")
    return text.rstrip("0").rstrip(".") or "0"
