"""What each form must satisfy beyond the shape of its fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from rules.agreement import problems_of_change, problems_of_details, problems_of_values
from rules.appeal import problems_of_decision, problems_of_draft, problems_of_return
from rules.award_case import (
    problems_of_amounts,
    problems_of_list_check,
    problems_of_objection,
    problems_of_payment,
    problems_of_proposal,
)
from rules.cascade import (
    problems_of_agency,
    problems_of_assessment,
    problems_of_cleaning,
    problems_of_duty,
    problems_of_group,
    problems_of_key_kpis,
    problems_of_lines,
    problems_of_minutes,
    problems_of_person,
    problems_of_plan,
)
from rules.cascade import problems_of_order as problems_of_cascade_order
from rules.circular import problems_of_chase, problems_of_order
from rules.directive import problems_of_report
from rules.follow_up import problems_of_minute, problems_of_progress
from rules.form_input import problem
from rules.framework import problems_of_framework, problems_of_kpis
from rules.framework import problems_of_order as problems_of_framework_order
from rules.measures_forms import (
    problems_of_approval,
    problems_of_choice,
    problems_of_criteria,
    problems_of_energy,
    problems_of_output,
    problems_of_saving,
)
from rules.measures_forms import problems_of_order as problems_of_measures_order
from rules.sar import problems_of_external, problems_of_survey, problems_of_value
from rules.site_visit import problems_of_schedule
from rules.year_move import problems_of_day_move
from schemas.agreement import (
    ChangeCheck,
    ChangeDecision,
    ChangeVerdict,
    DetailsCheck,
    KpiChangeRequest,
    KpiDetails,
    NegotiatedKpi,
    SurveyReport,
)
from schemas.appeal import AppealCheck, AppealDecision, AppealDraft, AppealSignature, SignDecision
from schemas.award_case import (
    AwardAmounts,
    AwardApproval,
    AwardListCheck,
    AwardObjection,
    AwardPayment,
    AwardProposal,
)
from schemas.cascade_forms import (
    AgencyAgreement,
    CascadeMinutes,
    CascadeOrder,
    CascadeSignature,
    CleaningDay,
    GroupAgreement,
    IndividualAgreement,
    IndividualAssessment,
    IndividualConfirmation,
    KeyKpiApproval,
    KeyKpiDraft,
    Reassessment,
    Recheck,
    RemedialPlan,
    SelfAssessment,
)
from schemas.circular import CircularChase, CircularOrder
from schemas.directive import (
    Acceptance,
    AcceptanceDecision,
    Assignment,
    Level,
    Receipt,
    ReceiptDecision,
    Registration,
    ReportingMode,
    Reroute,
    RerouteDecision,
    UserGrant,
    UserGrantDecision,
)
from schemas.duty import DutyReport
from schemas.follow_up import MeetingMinute, ProgressReport
from schemas.form import Form, FormContext, Problem, asked
from schemas.framework import Adoption, FrameworkDraft, FrameworkOrder, ProvinceDraft
from schemas.measures import ActivityChoice, CriteriaOrder, MeasuresOrder, OutputPlan, PlanApproval, SavingPlan
from schemas.measures_report import EnergyReport
from schemas.opinion import OpinionApproval, OpinionCall
from schemas.printout import PrintoutCheck, PrintoutOrder
from schemas.sar import ApprovalDecision, Certification, CertificationDecision, ExternalReport, SarApproval, ValueReport
from schemas.site_visit import VisitSchedule
from schemas.user_request import EndorsementDecision, UserRequestEndorsement
from schemas.weekly import ReportKeying, ReportReview, ReviewDecision, WeeklyReport
from schemas.year_move import DayMove

Check = Callable[[Any, FormContext, date], Iterable[Problem]]


def problems_of(form: Form, context: FormContext, today: date) -> tuple[Problem, ...]:
    """Why a well-formed form is still not accepted, beside the fields; `today` is the date in Bangkok."""
    own = _CHECKS.get(type(form), _nothing)
    return (*_unlisted_choices(form, context), *own(form, context, today))


def _nothing(_form: Form, _context: FormContext, _today: date) -> Iterable[Problem]:
    return ()


def _unlisted_choices(form: Form, context: FormContext) -> Iterator[Problem]:
    for name, field in type(form).model_fields.items():
        ask = asked(field)
        if ask is None or ask.choices is None or ask.choices not in context.choices:
            continue
        listed = {value for value, _ in context.choices[ask.choices]}
        value = getattr(form, name)
        chosen = value if isinstance(value, tuple) else () if value is None else (value,)
        if not listed.issuperset(chosen):
            yield problem(type(form), name, "choice")


def _needs(field: str, th: str, en: str, *, when: Callable[[Any], bool]) -> Check:
    """A check that asks for `field` in the cases that `when` picks."""

    def check(form: Form, _context: FormContext, _today: date) -> Iterator[Problem]:
        if when(form) and not getattr(form, field):
            yield Problem(field=field, th=th, en=en)

    return check


def _reroute(form: Reroute, _context: FormContext, _today: date) -> Iterator[Problem]:
    if form.decision is RerouteDecision.REROUTE:
        if form.agency is None:
            yield Problem(
                field="agency",
                th="กรุณาเลือกส่วนราชการที่จะส่งต่อข้อสั่งการให้",
                en="Choose the agency to which the directive goes",
            )
    elif not form.reason:
        yield Problem(
            field="reason",
            th="กรุณาระบุเหตุผลที่ยืนยันมอบหมายหรือยกเลิก",
            en="Say why the agency is confirmed or the directive withdrawn",
        )


def _assignment(form: Assignment, context: FormContext, _today: date) -> Iterator[Problem]:
    if form.lead not in form.divisions:
        yield Problem(
            field="lead",
            th="หน่วยงานหลักต้องเป็นหนึ่งในสำนัก/กองที่รับผิดชอบ",
            en="The lead division must be one of the responsible divisions",
        )
    yield from _unstaffed(form, context)
    asked_for = (
        form.extra_user_name,
        form.extra_user_email,
        form.extra_user_position,
        form.extra_user_phone,
    )
    if any(asked_for) and not form.extra_user_name:
        yield Problem(
            field="extra_user_name",
            th="กรุณาระบุชื่อ–สกุลของ User ที่ขอเพิ่ม",
            en="Give the name of the extra user",
        )
    if any(asked_for) and form.extra_user_email is None:
        yield Problem(
            field="extra_user_email",
            th="กรุณาระบุอีเมลของ User ที่ขอเพิ่ม",
            en="Give the e-mail address of the extra user",
        )


def _unstaffed(form: Assignment, context: FormContext) -> Iterator[Problem]:
    """A division without an account is told of nothing and can accept nothing; the lead may get its first one here."""
    names = dict(context.choices.get("divisions", ()))
    without = [unit for unit in form.divisions if unit in context.limits.get("unstaffed", ())]
    others = [names[unit] for unit in without if unit != form.lead]
    gets_one = form.mode is ReportingMode.DIVISION_KEYS and form.extra_user_email is not None
    if form.lead in without and not gets_one:
        yield Problem(
            field="lead",
            th=f"{names[form.lead]} ยังไม่มีผู้ใช้งานในระบบ กรุณาเลือกให้สำนัก/กองบันทึกรายงานเอง และขอ User เพิ่มในแบบฟอร์มนี้",
            en="The lead division has no user yet: let it key in itself, and ask for a user in this form",
        )
    if others:
        yield Problem(
            field="divisions",
            th=f"{', '.join(others)} ยังไม่มีผู้ใช้งานในระบบ จึงรับมอบหมายไม่ได้ กรุณาขอ User เพิ่มก่อน",
            en="Of the divisions beside the lead, some have no user yet and cannot accept: ask for users first",
        )


def _registration(form: Registration, _context: FormContext, today: date) -> Iterator[Problem]:
    if form.ordered_on > today:
        yield Problem(
            field="ordered_on",
            th="วันที่สั่งการต้องไม่เป็นวันในอนาคต",
            en="The day of the order cannot lie in the future",
        )


def _opinion_call(form: OpinionCall, _context: FormContext, today: date) -> Iterator[Problem]:
    if form.due_on <= today:
        yield Problem(
            field="due_on",
            th="กำหนดส่งความเห็นต้องเป็นวันหลังจากวันนี้",
            en="Opinions must be due after today",
        )


def _printout_order(form: PrintoutOrder, _context: FormContext, today: date) -> Iterator[Problem]:
    if form.meeting_on < today:
        yield Problem(field="meeting_on", th="วันที่ประชุมผ่านไปแล้ว", en="The day of the meeting has passed")


def _weekly_report(form: WeeklyReport, context: FormContext, today: date) -> tuple[Problem, ...]:
    return _report(form, context, today, context.prefill)


def _report(form: WeeklyReport, context: FormContext, today: date, prefill: Mapping[str, Any]) -> tuple[Problem, ...]:
    limits = context.limits
    return problems_of_report(
        form,
        previous_level=Level(previous) if (previous := limits.get("previous_level")) else None,
        opens_on=date.fromisoformat(day) if (day := limits.get("opens_on")) else None,
        cut_off_on=date.fromisoformat(day) if (day := limits.get("cut_off_on")) else None,
        today=today,
        prefill=prefill,
        returned=context.is_returned,
    )


def _returned(
    form: ReportReview
    | ReportKeying
    | OpinionApproval
    | PrintoutCheck
    | DetailsCheck
    | ChangeCheck
    | Adoption
    | KeyKpiApproval
    | Recheck,
) -> bool:
    return form.decision is ReviewDecision.RETURN


_RETURN_NEEDS_COMMENT = _needs(
    "comment",
    "กรุณาระบุข้อคิดเห็นเพื่อให้ผู้จัดทำแก้ไข",
    "Say what has to be corrected",
    when=_returned,
)


def _keying(form: ReportKeying, context: FormContext, today: date) -> Iterable[Problem]:
    """A returned report need not be complete; an approved one was checked by the act of keying it in."""
    if _returned(form):
        return _RETURN_NEEDS_COMMENT(form, context, today)
    return _report(form, context, today, {})


_CHECKS: Mapping[type[Form], Check] = {
    Registration: _registration,
    Receipt: _needs(
        "reason",
        "กรุณาระบุเหตุผลที่ไม่ใช่ภารกิจของหน่วยงาน",
        "Say why the directive is not for this agency",
        when=lambda form: form.decision is ReceiptDecision.NOT_OURS,
    ),
    Reroute: _reroute,
    Assignment: _assignment,
    Acceptance: _needs(
        "reason",
        "กรุณาระบุเหตุผลที่ส่งคืน",
        "Say why the assignment is returned",
        when=lambda form: form.decision is AcceptanceDecision.RETURN,
    ),
    UserGrant: _needs(
        "reason",
        "กรุณาระบุเหตุผลที่ไม่อนุมัติ",
        "Say why the extra user is refused",
        when=lambda form: form.decision is UserGrantDecision.REFUSE,
    ),
    UserRequestEndorsement: _needs(
        "comment",
        "กรุณาระบุเหตุผลที่ไม่เห็นชอบ",
        "Say why it is declined",
        when=lambda form: form.decision is EndorsementDecision.DECLINE,
    ),
    WeeklyReport: _weekly_report,
    ReportReview: _RETURN_NEEDS_COMMENT,
    ReportKeying: _keying,
    PrintoutOrder: _printout_order,
    PrintoutCheck: _RETURN_NEEDS_COMMENT,
    OpinionCall: _opinion_call,
    CircularOrder: problems_of_order,
    CircularChase: problems_of_chase,
    FrameworkOrder: problems_of_framework_order,
    FrameworkDraft: problems_of_framework,
    CascadeOrder: problems_of_cascade_order,
    KeyKpiDraft: problems_of_key_kpis,
    KeyKpiApproval: _RETURN_NEEDS_COMMENT,
    AgencyAgreement: problems_of_agency,
    GroupAgreement: problems_of_group,
    IndividualAgreement: problems_of_person,
    IndividualAssessment: problems_of_lines,
    IndividualConfirmation: _RETURN_NEEDS_COMMENT,
    CascadeSignature: _needs(
        "remark",
        "กรุณาระบุเหตุผลที่ส่งคืน",
        "Say why it is returned",
        when=lambda form: form.decision is SignDecision.RETURN,
    ),
    SelfAssessment: problems_of_assessment,
    Reassessment: problems_of_assessment,
    RemedialPlan: problems_of_plan,
    Recheck: _RETURN_NEEDS_COMMENT,
    CascadeMinutes: problems_of_minutes,
    CleaningDay: problems_of_cleaning,
    DutyReport: problems_of_duty,
    ProvinceDraft: problems_of_kpis,
    Adoption: _RETURN_NEEDS_COMMENT,
    MeasuresOrder: problems_of_measures_order,
    CriteriaOrder: problems_of_criteria,
    ActivityChoice: problems_of_choice,
    SavingPlan: problems_of_saving,
    OutputPlan: problems_of_output,
    PlanApproval: problems_of_approval,
    EnergyReport: problems_of_energy,
    OpinionApproval: _RETURN_NEEDS_COMMENT,
    NegotiatedKpi: problems_of_values,
    KpiDetails: problems_of_details,
    KpiChangeRequest: problems_of_change,
    DetailsCheck: _RETURN_NEEDS_COMMENT,
    ChangeCheck: _RETURN_NEEDS_COMMENT,
    ChangeDecision: _needs(
        "comment",
        "กรุณาระบุเหตุผลที่ไม่อนุมัติ",
        "Say why it is refused",
        when=lambda form: form.decision is ChangeVerdict.REFUSE,
    ),
    SurveyReport: problems_of_survey,
    ExternalReport: problems_of_external,
    ValueReport: problems_of_value,
    Certification: _needs(
        "remark",
        "กรุณาระบุหมายเหตุว่าไม่อนุมัติเพราะเหตุใด เพื่อให้ผู้จัดเก็บข้อมูลแก้ไข",
        "Say why it is refused, so that the keeper can correct it",
        when=lambda form: form.decision is CertificationDecision.REFUSE,
    ),
    SarApproval: _needs(
        "remark",
        "กรุณาระบุข้อสั่งการให้กลุ่มพัฒนาระบบบริหารแก้ไข",
        "Say what the PSDG has to revise",
        when=lambda form: form.decision is ApprovalDecision.RETURN,
    ),
    AppealDraft: problems_of_draft,
    AppealCheck: problems_of_return,
    AppealSignature: problems_of_return,
    AppealDecision: problems_of_decision,
    AwardAmounts: problems_of_amounts,
    AwardProposal: problems_of_proposal,
    AwardListCheck: problems_of_list_check,
    AwardApproval: problems_of_list_check,
    AwardObjection: problems_of_objection,
    AwardPayment: problems_of_payment,
    ProgressReport: problems_of_progress,
    MeetingMinute: problems_of_minute,
    VisitSchedule: problems_of_schedule,
    DayMove: problems_of_day_move,
}
