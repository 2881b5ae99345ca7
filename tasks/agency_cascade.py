"""Steps of an agency's cascade (P11): who signs, what is printed, and what an assessment comes to."""

from __future__ import annotations

import asyncio

from engine.step import Step, step_task
from ledger.work import Work
from reports.cascade import agreement_pdf, individual_pdf, individual_score_pdf
from rules.calendar import bangkok_date
from rules.cascade_scores import individual_score, remedied, round_score
from rules.directory import DirectoryIndex
from rules.notices import score_below_target
from rules.signing import signed_by
from schemas.attachment import AttachedFile
from schemas.base import Moment, UnitId
from schemas.cascade import (
    AgencyCascadeCase,
    AgencyOffice,
    Group,
    IndividualScore,
    KeyKpi,
    Person,
    Remedied,
    RoundScore,
    Signed,
)
from schemas.cascade_forms import (
    AgencyAgreement,
    IndividualAgreement,
    IndividualAssessment,
    Reassessment,
    SelfAssessment,
)
from schemas.kpi import Round
from schemas.letters import Signatory
from schemas.organisation import Duty, Officer
from tasks.letterhead import house_style
from tasks.papers import PDF, Paper, bind, file_name


@step_task("ตรวจสอบกลุ่มงานและบุคคลของหน่วยงาน")
async def look_up_agency(step: Step, cascade: AgencyCascadeCase) -> AgencyOffice:
    """The groups below the agency and who works there; a group's head is supervised by the head of the agency.

    :raises UnknownUnit: the agency is not in the organisation.
    """
    directory, today = step.runtime.directory, bangkok_date(step.now)
    groups = (unit for unit in directory.units(on=today) if unit.parent == cascade.agency)
    return AgencyOffice(
        province_th=directory.unit(cascade.province).th, agency_th=directory.unit(cascade.agency).th,
        groups=tuple(
            Group(unit=unit.id, th=unit.th, persons=_persons(directory, unit.id, cascade.agency)) for unit in groups
        ),
    )  # fmt: skip


def _persons(directory: DirectoryIndex, group: UnitId, agency: UnitId) -> tuple[Person, ...]:
    return tuple(
        Person(
            name=officer.id, th=officer.name, position=officer.position,
            supervisor=agency if Duty.HEAD in officer.duties else group,
        )
        for officer in directory.officers_of(group) if _is_staff(officer)
    )  # fmt: skip


def _is_staff(officer: Officer) -> bool:
    """Accounts for administration and audit carry out no KPI."""
    return not officer.duties <= {Duty.ADMINISTRATOR, Duty.AUDITOR}


@step_task("จัดพิมพ์คำรับรองของหน่วยงาน")
async def print_agreement(
    step: Step, cascade: AgencyCascadeCase, office: AgencyOffice, agreement: AgencyAgreement, maker: Signed,
    receiver: Signed,
) -> tuple[AttachedFile, ...]:  # fmt: skip
    """As the head and the governor have signed it."""
    pdf = await asyncio.to_thread(
        agreement_pdf, cascade, office, agreement, _signatory(step, maker, cascade.agency),
        _signatory(step, receiver, cascade.province), dated=step.now, **house_style(step.runtime),
    )  # fmt: skip
    return bind(step, [Paper(f"{file_name('คำรับรอง', office.agency_th, cascade.fiscal_year)}.pdf", PDF, pdf)])


@step_task("จัดพิมพ์แบบกำหนดตัวชี้วัดรายบุคคล")
async def print_individual(
    step: Step, cascade: AgencyCascadeCase, office: AgencyOffice, group: Group, person: Person,
    agreement: IndividualAgreement, owner: Signed, supervisor: Signed,
) -> tuple[AttachedFile, ...]:  # fmt: skip
    """As the person and the supervisor have signed it."""
    pdf = await asyncio.to_thread(
        individual_pdf, cascade, office, group, person, agreement, _signatory(step, owner, group.unit),
        _signatory(step, supervisor, person.supervisor), dated=step.now, **house_style(step.runtime),
    )  # fmt: skip
    return bind(step, [Paper(f"{file_name('ตัวชี้วัดรายบุคคล', person.th, cascade.fiscal_year)}.pdf", PDF, pdf)])


@step_task("คำนวณคะแนนและจัดพิมพ์แบบประเมินผลรายบุคคล")
async def score_individual(
    step: Step, cascade: AgencyCascadeCase, office: AgencyOffice, group: Group, person: Person,
    agreement: IndividualAgreement, assessment: IndividualAssessment, owner: Signed, supervisor: Signed, returned: int,
) -> IndividualScore:  # fmt: skip
    """As the person has assessed it and the supervisor confirmed it."""
    reached = {int(each.line): each.level for each in assessment.lines}
    levels = tuple(reached[place] for place, _ in enumerate(agreement.kpis, start=1))
    score = IndividualScore(levels=levels, total=individual_score(agreement.kpis, levels), returned=returned)
    pdf = await asyncio.to_thread(
        individual_score_pdf, cascade, office, group, person, agreement, assessment, score,
        _signatory(step, owner, group.unit), _signatory(step, supervisor, person.supervisor), dated=step.now,
        **house_style(step.runtime),
    )  # fmt: skip
    papers = [Paper(f"{file_name('ประเมินผลรายบุคคล', person.th, cascade.fiscal_year)}.pdf", PDF, pdf)]
    return score.replace(papers=bind(step, papers))


def _signatory(step: Step, signed: Signed, unit: UnitId) -> Signatory:
    return signed_by(step.runtime.directory, signed.by, unit, bangkok_date(signed.at))


@step_task("คำนวณคะแนนและแจ้งเตือน")
async def assess_round(
    step: Step, cascade: AgencyCascadeCase, office: AgencyOffice, round_: Round, report: SelfAssessment
) -> RoundScore:
    """The weighted total; a nine-month total below the target warns the head and blocks nothing (R2.2)."""
    score = round_score(
        cascade.kpis, report.kpis, round_, cascade.rules, last=round_ is cascade.rounds[-1].number
    )  # fmt: skip
    if score.warned:
        post = step.runtime.post
        notice = score_below_target(
            score.total, cascade.rules.nine_month_target, fiscal_year=cascade.fiscal_year, agency_th=office.agency_th,
            province_th=office.province_th, link=f"/cases/{step.case_id}",
        )  # fmt: skip

        async def write(work: Work) -> None:
            heads = post.holders(cascade.agency, Duty.HEAD)
            post.send(work, step.case_id, heads, f"{step.case_id}:{step.key}", notice)

        step.then(write)
    return score


@step_task("ตรวจผลการประเมินซ้ำกับเกณฑ์")
async def settle_remedy(
    _step: Step, cascade: AgencyCascadeCase, kpi: KeyKpi, again: Reassessment, checked_at: Moment
) -> Remedied:
    """Is the threshold met (R2.1), and is another plan called for?"""
    (line,) = again.kpis
    return remedied(cascade, kpi, line, at=checked_at)
