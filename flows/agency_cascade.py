"""P11: one agency's agreement with the governor, cascaded to its groups and persons, and its assessments (S2)."""

from __future__ import annotations

from typing import TypeVar

from engine.case import Case
from engine.process import process
from engine.waits import HandOff, Lane
from flows.agency_rounds import assessed
from flows.branches import outcomes
from flows.cascade_wording import (
    context_of_lines,
    facts_of_agency,
    facts_of_agreement,
    facts_of_assessment,
    facts_of_group,
    facts_of_levels,
    facts_of_lines,
    facts_of_names,
    facts_of_person,
    kpi_choices,
)
from schemas.appeal import SignDecision
from schemas.attachment import AttachedFile
from schemas.base import UnitId
from schemas.cascade import (
    AgencyCascadeCase,
    AgencyOffice,
    AgencyOutcome,
    Group,
    GroupKpi,
    GroupOutcome,
    IndividualOutcome,
    IndividualScore,
    Person,
    Signed,
)
from schemas.cascade_forms import (
    AgencyAgreement,
    CascadeSignature,
    GroupAgreement,
    IndividualAgreement,
    IndividualAssessment,
    IndividualConfirmation,
)
from schemas.deadline import WorkingDays
from schemas.form import Form, FormContext
from schemas.organisation import Duty
from schemas.weekly import ReviewDecision
from tasks.agency_cascade import look_up_agency, print_agreement, print_individual, score_individual

F = TypeVar("F", bound=Form)


@process(
    "agency-cascade", title_th="คำรับรองและตัวชี้วัดรายบุคคลของหน่วยงาน", data=AgencyCascadeCase, result=AgencyOutcome,
    result_needed=False,
)  # fmt: skip
async def agency_cascade(case: Case[AgencyCascadeCase]) -> AgencyOutcome:
    """Head and governor sign; groups and persons follow, and beside them the rounds, which wait for no signature."""
    office = await case.step("look_up", look_up_agency, case.data)
    agreement = await agreed(case, office)
    groups = [case.fork("groups", cascaded(case, office, each), of=each.unit) for each in office.groups]
    rounds = [
        case.fork("rounds", assessed(case, office, each), of=str(each.number)) for each in case.data.rounds
    ]  # fmt: skip
    signed_groups, ended = await outcomes(groups), await outcomes(rounds)
    return AgencyOutcome(
        agency=case.data.agency, groups=signed_groups,
        rounds=tuple(each.score for each in ended), remedies=tuple(one for each in ended for one in each.remedies),
        papers=agreement,
    )  # fmt: skip


def of_head(unit: UnitId) -> Lane:
    return Lane(unit=unit, duty=Duty.HEAD)


async def agreed(case: Case[AgencyCascadeCase], office: AgencyOffice) -> tuple[AttachedFile, ...]:
    """The head proposes and signs, the governor signs or returns it with a remark."""
    data, note, draft = case.data, "", None
    while True:
        proposing = case.hand_off(
            "propose", to=of_head(data.agency), form=AgencyAgreement, asked_by=data.office, due=step(case),
            context=FormContext(
                facts=(*facts_of_agency(data, office), *facts_of_levels(data.kpis)), note=note,
                choices={"kpis": kpi_choices(data.kpis)},
                prefill=(draft or standard(data)).model_dump(mode="json"), limits={"kpis": numbers(data)},
            ),
        )  # fmt: skip
        draft = await proposing
        signing = case.hand_off(
            "sign", to=of_head(data.province), form=CascadeSignature, asked_by=data.agency, due=step(case),
            title=f"ลงนามคำรับรองของ{office.agency_th}",
            context=FormContext(
                facts=(*facts_of_agency(data, office), *facts_of_agreement(data, draft), signed_by(proposing))
            ),
        )  # fmt: skip
        signature = await signing
        if signature.decision is SignDecision.SIGN:
            return await case.step(
                "print_agreement", print_agreement, data, office, draft, signed(proposing), signed(signing)
            )
        note = f"ผู้ว่าราชการจังหวัดส่งคืน: {signature.remark}"


async def cascaded(case: Case[AgencyCascadeCase], office: AgencyOffice, group: Group) -> GroupOutcome:
    """A group's agreement with the head of the agency, then those of its persons."""
    data, note, draft = case.data, "", None
    facts = (*facts_of_agency(data, office), ("กลุ่มงาน", group.th))
    while True:
        proposing = case.hand_off(
            "share", to=of_head(group.unit), form=GroupAgreement, asked_by=data.agency, due=step(case),
            context=FormContext(
                facts=(*facts, *facts_of_names(data.kpis)), note=note, choices={"kpis": kpi_choices(data.kpis)},
                limits={"kpis": numbers(data)},
                prefill=draft.model_dump(mode="json") if draft else {},
            ),
        )  # fmt: skip
        draft = await proposing
        signature = await case.hand_off(
            "sign_group", to=of_head(data.agency), form=CascadeSignature, asked_by=group.unit, due=step(case),
            title=f"ลงนามคำรับรองของ{group.th}",
            context=FormContext(facts=(*facts, *facts_of_group(data, draft), signed_by(proposing))),
        )  # fmt: skip
        if signature.decision is SignDecision.SIGN:
            break
        note = f"หัวหน้าหน่วยงานส่งคืน: {signature.remark}"
    persons = [
        case.fork("persons", own(case, office, group, draft.kpis, each), of=each.name) for each in group.persons
    ]  # fmt: skip
    return GroupOutcome(unit=group.unit, kpis=draft.kpis, persons=await outcomes(persons))


async def own(
    case: Case[AgencyCascadeCase], office: AgencyOffice, group: Group, kpis: tuple[GroupKpi, ...], person: Person
) -> IndividualOutcome:
    """A person accepts and signs; the supervisor signs, or returns it with a remark and it goes round again."""
    data, note, draft, returned = case.data, "", None, 0
    facts = (*facts_of_agency(data, office), ("กลุ่มงาน", group.th))
    of_group = {kpi.number for kpi in kpis}
    own_kpis = [kpi for kpi in data.kpis if kpi.number in of_group]
    while True:
        agreeing = case.hand_off(
            "agree", to=Lane(unit=group.unit, officer=person.name), form=IndividualAgreement, asked_by=group.unit,
            due=step(case),
            context=FormContext(
                facts=(*facts, *facts_of_names(own_kpis)), note=note, choices={"kpis": kpi_choices(own_kpis)},
                limits={"kpis": [kpi.number for kpi in own_kpis]},
                prefill=draft.model_dump(mode="json") if draft else {"position": person.position},
            ),
        )  # fmt: skip
        draft = await agreeing
        endorsing = case.hand_off(
            "endorse", to=of_head(person.supervisor), form=CascadeSignature, asked_by=person.th, due=step(case),
            title=f"ลงนามตัวชี้วัดรายบุคคลของ{person.th}",
            context=FormContext(facts=(*facts, *facts_of_person(person, draft), signed_by(agreeing))),
        )  # fmt: skip
        signature = await endorsing
        if signature.decision is SignDecision.SIGN:
            break
        returned += 1
        note = f"ผู้บังคับบัญชาส่งคืน: {signature.remark}"
    await case.step(
        "print_individual", print_individual, data, office, group, person, draft, signed(agreeing), signed(endorsing)
    )  # fmt: skip
    score = await own_year(case, office, group, person, draft)
    return IndividualOutcome(
        person=person.name, signed_by=agreeing.actor.name, kpis=draft.kpis, returned=returned, assessed=score
    )


async def own_year(
    case: Case[AgencyCascadeCase], office: AgencyOffice, group: Group, person: Person, agreement: IndividualAgreement
) -> IndividualScore:
    """When the last round opens the person says what was reached; the supervisor confirms it, or returns it."""
    data, note, said, returned = case.data, "", None, 0
    facts = (*facts_of_agency(data, office), ("กลุ่มงาน", group.th), *facts_of_lines(agreement))
    await case.until("year_closes", data.rounds[-1].opens)
    while True:
        assessing = case.hand_off(
            "assess_own", to=Lane(unit=group.unit, officer=person.name), form=IndividualAssessment,
            asked_by=group.unit, due=step(case), context=context_of_lines(agreement, facts, note=note, before=said),
        )  # fmt: skip
        said = await assessing
        confirming = case.hand_off(
            "confirm_own", to=of_head(person.supervisor), form=IndividualConfirmation, asked_by=person.th,
            due=step(case), title=f"{IndividualConfirmation.title_th}ของ{person.th}",
            context=FormContext(
                facts=(*facts, *facts_of_assessment(agreement, said), signed_by(assessing)), files=said.attachments
            ),
        )  # fmt: skip
        verdict = await confirming
        if verdict.decision is ReviewDecision.APPROVE:
            break
        returned += 1
        note = f"ผู้บังคับบัญชาส่งคืน: {verdict.comment}"
    return await case.step(
        "score_individual", score_individual, data, office, group, person, agreement, said, signed(assessing),
        signed(confirming), returned,
    )  # fmt: skip


def step(case: Case[AgencyCascadeCase]) -> WorkingDays:
    return WorkingDays(days=case.data.rules.step_days)


def numbers(data: AgencyCascadeCase) -> list[str]:
    return [kpi.number for kpi in data.kpis]


def standard(data: AgencyCascadeCase) -> AgencyAgreement:
    """Every key KPI at level 5, to be changed by the head [DEFAULT]."""
    return AgencyAgreement.model_validate({"kpis": [{"number": number, "level": 5} for number in numbers(data)]})


def signed(form: HandOff[F]) -> Signed:
    return Signed(by=form.actor, at=form.at)


def signed_by(form: HandOff[F]) -> tuple[str, str]:
    return ("ผู้ทำคำรับรองลงนาม", form.actor.name)
