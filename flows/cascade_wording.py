"""What stands above the forms of a province's cascade, in Thai."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flows.wording import thai_list
from rules.cascade_scores import individual_score, levels_of
from rules.thai import thai_date, truncate
from schemas.base import UnitId
from schemas.cascade import (
    AgencyCascadeCase,
    AgencyOffice,
    CascadeCase,
    KeyKpi,
    KeyKpis,
    KpiKind,
    Person,
    Ranking,
    RoundScore,
    RoundSummary,
)
from schemas.cascade_forms import (
    AgencyAgreement,
    GroupAgreement,
    IndividualAgreement,
    IndividualAssessment,
    Reassessment,
    RemedialPlan,
)
from schemas.form import Facts, FormContext
from schemas.kpi import OWNER_ROLE_TH

SHORTENED = 34
"""Letters of a KPI in a list of choices, which is a column among others; the whole name stands above the form."""


def kpi_choices(kpis: Iterable[KeyKpi]) -> tuple[tuple[str, str], ...]:
    return tuple((kpi.number, truncate(f"{kpi.number} {kpi.th}", SHORTENED)) for kpi in kpis)


def facts_of_names(kpis: Iterable[KeyKpi]) -> Facts:
    return tuple((f"ตัวชี้วัดที่ {kpi.number}", kpi.th) for kpi in kpis)


def facts_of_province(data: CascadeCase) -> Facts:
    return (("จังหวัด", data.province_th), ("ปีงบประมาณ", f"พ.ศ. {data.fiscal_year}"))


def facts_of_kpis(kpis: KeyKpis, hosts: Mapping[UnitId, str]) -> Facts:
    return tuple((f"ตัวชี้วัดที่ {kpi.number}", f"{kpi.th} · น้ำหนัก {kpi.weight} · เจ้าภาพ {hosts[kpi.host]}") for kpi in kpis)


def facts_of_summary(summary: RoundSummary) -> Facts:
    """How a round stands at its day: who is missing, what is flagged."""
    missing = [each.th for each in summary.scores if each.total is None]
    remedial = [each.th for each in summary.scores if each.remedial]
    warned = [each.th for each in summary.scores if each.warned]
    totals = [each.total for each in summary.reported if each.total is not None]
    said: Facts = (("รายงานแล้ว", f"{len(totals)} จาก {len(summary.scores)} หน่วยงาน"),)
    if totals:
        said += (("คะแนนรวม", f"ตั้งแต่ {min(totals):.4f} ถึง {max(totals):.4f}"),)
    named = (("ยังไม่รายงาน", missing), ("ต้องมีแผนปรับปรุง", remedial), ("ต่ำกว่าเป้าหมายรอบ 9 เดือน", warned))
    return said + tuple((what, thai_list(units)) for what, units in named if units)


def facts_of_ranking(ranking: Ranking) -> Facts:
    placed = tuple(
        (f"อันดับ {each.rank}", f"{each.th} ร้อยละ {each.value:.2f}") for each in ranking.places if each.awarded
    )
    missing = (("ไม่มีผลการรายงาน", thai_list(ranking.missing)),) if ranking.missing else ()
    return (("ตัวชี้วัด", f"{ranking.kpi} {ranking.kpi_th}"), *placed, *missing)


# --- an agency ---------------------------------------------------------------------------------------------


def facts_of_agency(data: AgencyCascadeCase, office: AgencyOffice) -> Facts:
    return (
        ("จังหวัด", office.province_th), ("หน่วยงาน", office.agency_th), ("ปีงบประมาณ", f"พ.ศ. {data.fiscal_year}")
    )  # fmt: skip


def facts_of_agreement(data: AgencyCascadeCase, agreement: AgencyAgreement) -> Facts:
    aimed = {each.number: each.level for each in agreement.kpis}
    return tuple(
        (f"ตัวชี้วัดที่ {kpi.number}", f"{kpi.th} · น้ำหนัก {kpi.weight} · ระดับเป้าหมาย {aimed[kpi.number]}")
        for kpi in data.kpis
    )


def facts_of_group(data: AgencyCascadeCase, agreement: GroupAgreement) -> Facts:
    names = {kpi.number: kpi.th for kpi in data.kpis}
    return tuple((f"ตัวชี้วัดที่ {each.number}", f"{names[each.number]} · น้ำหนัก {each.weight}") for each in agreement.kpis)


def facts_of_person(person: Person, agreement: IndividualAgreement) -> Facts:
    lines = tuple(
        (
            f"เชื่อมโยงตัวชี้วัดที่ {each.parent}",
            f"{each.th} · น้ำหนัก {each.weight} · {OWNER_ROLE_TH[each.role]}"
            f" · ระดับ 1–5: {' / '.join(levels_of(each.levels))}",
        )
        for each in agreement.kpis
    )
    return (("บุคคล", person.th), ("ตำแหน่ง", agreement.position), *lines)


def facts_of_lines(agreement: IndividualAgreement) -> Facts:
    """What a person has agreed on: each line with its weight and what each level asks for."""
    return tuple(
        (f"ข้อ {place}", f"{each.th} · น้ำหนัก {each.weight} · ระดับ 1–5: {' / '.join(levels_of(each.levels))}")
        for place, each in enumerate(agreement.kpis, start=1)
    )


def facts_of_assessment(agreement: IndividualAgreement, said: IndividualAssessment) -> Facts:
    """Which level the person says was reached in each line, and what that comes to."""
    by_line = {int(each.line): each for each in said.lines}
    lines = tuple((f"ผลข้อ {place}", f"ระดับ {each.level} · {each.result}") for place, each in sorted(by_line.items()))
    total = individual_score(agreement.kpis, (by_line[place].level for place in sorted(by_line)))
    note = (("คำชี้แจง", said.note),) if said.note else ()
    return (*lines, ("คะแนนรวม", f"{total:.4f}"), *note)


def context_of_lines(
    agreement: IndividualAgreement, facts: Facts, *, note: str, before: IndividualAssessment | None
) -> FormContext:
    """A row for each line of the agreement, in its order."""
    lines = [f"{place}" for place, _ in enumerate(agreement.kpis, start=1)]
    names = zip(lines, agreement.kpis, strict=True)
    return FormContext(
        facts=facts, note=note, limits={"lines": lines},
        choices={"lines": tuple((line, truncate(f"{line} {each.th}", SHORTENED)) for line, each in names)},
        prefill=before.model_dump(mode="json") if before else {"lines": [{"line": line} for line in lines]},
    )  # fmt: skip


def facts_of_levels(kpis: KeyKpis) -> Facts:
    """What each level asks for, and which KPI wants its formula and values (R2.3)."""
    wanted = {KpiKind.RATIO: " · เขียนสูตรการคำนวณและใส่ค่าผลที่ได้", KpiKind.MILESTONE: ""}
    return tuple(
        (f"เกณฑ์ตัวชี้วัดที่ {kpi.number}", f"{kpi.th}: {' / '.join(levels_of(kpi.levels))}{wanted[kpi.kind]}") for kpi in kpis
    )


def facts_of_remedy(data: AgencyCascadeCase, kpi: KeyKpi, score: RoundScore) -> Facts:
    (scored,) = [each for each in score.kpis if each.number == kpi.number]
    return (
        ("ตัวชี้วัด", f"{kpi.number} {kpi.th}"),
        (f"คะแนนรอบ {score.round} เดือน", f"{scored.score:.4f} น้อยกว่า {data.rules.remedial_below}"),
    )


def facts_of_plan(plan: RemedialPlan) -> Facts:
    return (("สาเหตุ", plan.cause), ("แนวทางปรับปรุง", plan.actions), ("ประเมินซ้ำวันที่", thai_date(plan.recheck_on)))


def facts_of_reassessment(again: Reassessment) -> Facts:
    (line,) = again.kpis
    if line.level is not None:
        result = f"ระดับ {line.level}"
    else:
        result = f"{line.formula}: {line.numerator} ÷ {line.denominator} × 100 = {line.value}"
    return (("ผลการประเมินซ้ำ", result), ("สิ่งที่ได้ดำเนินการ", again.done))
