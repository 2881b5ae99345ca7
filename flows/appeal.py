"""P9: appeals on one notice of สำนักงาน ก.พ.ร. (requirements P9, 4.4; source S1, slides 6 and 14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.case import Case
from engine.process import process
from engine.waits import Lane
from flows.wording import thai_list
from rules.agreement import levels_th
from rules.appeal import decided_terms, ending_of, in_time, limits_of, value_th
from rules.thai import thai_moment
from schemas.actor import Actor
from schemas.appeal import (
    APPEAL_KIND_TH,
    AppealCase,
    AppealCheck,
    AppealDecision,
    AppealDraft,
    AppealEnding,
    AppealKind,
    AppealOutcome,
    AppealResult,
    AppealSignature,
    AppealWindow,
    AppealWish,
    NoticedKpi,
    SignDecision,
)
from schemas.deadline import At
from schemas.form import Facts, Form, FormContext
from schemas.organisation import Duty
from schemas.weekly import ReviewDecision
from schemas.year_office import YearOffice
from tasks.appeal import close_appeals, lodge, open_window, print_letter, settle_kpi
from tasks.year_office import look_up_year


@dataclass(slots=True)
class Lodged:
    """How far an appeal has come; the window may end in the midst of it."""

    draft: AppealDraft | None = None
    signed_at: datetime | None = None
    signer: Actor | None = None


@process("appeal", title_th="อุทธรณ์ตัวชี้วัด", data=AppealCase, result=AppealOutcome)
async def appeal(case: Case[AppealCase]) -> AppealOutcome:
    """Every unit appeals on its KPIs or says that it does not; what is signed in time สำนักงาน ก.พ.ร. decides.

    The case ends when every KPI is settled: not wanted, decided, or not lodged when the window ended.
    """
    office = await case.step("look_up", look_up_year, case.data.agency, case.data.fiscal_year)
    window = await case.step("open_window", open_window, case.data, office.policy)
    settled = await case.all_of("kpis", {kpi.number: settled_kpi(case, office, window, kpi) for kpi in case.data.kpis})
    results = tuple(settled[kpi.number] for kpi in case.data.kpis)
    return await case.step("close_appeals", close_appeals, case.data, window, results)


async def settled_kpi(
    case: Case[AppealCase], office: YearOffice, window: AppealWindow, kpi: NoticedKpi
) -> AppealResult:
    """One KPI: lodged within the window or not; what was lodged is decided, however long that takes."""
    result = await lodged_and_decided(case, office, window, kpi)
    if result.ending is not AppealEnding.NOT_WANTED:
        await case.step("settle", settle_kpi, case.data, result, office.psdg)
    return result


async def lodged_and_decided(
    case: Case[AppealCase], office: YearOffice, window: AppealWindow, kpi: NoticedKpi
) -> AppealResult:
    lodged = Lodged()
    over = case.until("window_ends", window.ends)
    await case.race("lodged_or_over", {"lodged": lodging(case, office, window, kpi, lodged), "over": over})
    draft, signed_at = lodged.draft, lodged.signed_at
    result = AppealResult(
        kpi=kpi.number, unit=holder(office, kpi), ending=AppealEnding.UNANSWERED, noticed=kpi.value, value=kpi.value,
        noticed_levels=kpi.levels, levels=kpi.levels,
    )  # fmt: skip
    if draft is None:
        return result
    if draft.wish is AppealWish.NONE:
        return result.replace(ending=AppealEnding.NOT_WANTED)
    result = result.replace(requested=draft.requested, signed_at=signed_at)
    if signed_at is None or not in_time(signed_at, window):
        when = "ยังไม่ได้ลงนาม" if signed_at is None else f"ลงนามเมื่อ {thai_moment(signed_at)}"
        reason = f"{when} พ้นกำหนดยื่นอุทธรณ์ {thai_moment(window.ends)}"
        return result.replace(ending=AppealEnding.LATE, reason=reason)
    assert lodged.signer is not None, "a signature has somebody who gave it"
    return await decided(case, office, kpi, draft, result, signed_at, lodged.signer)


async def lodging(
    case: Case[AppealCase], office: YearOffice, window: AppealWindow, kpi: NoticedKpi, lodged: Lodged
) -> None:
    """The unit drafts, กพร. checks, the director-general signs; either may send it back to the unit."""
    note, since = "", window.opens
    prefill: dict[str, Any] = {}
    about = about_kpi(case.data, office, window, kpi)
    limits = limits_of(case.data.kind, kpi, None, may_lower=office.policy.appeal_may_lower)
    unit = holder(office, kpi)
    while True:
        drafting = case.hand_off(
            "draft", to=unit, form=AppealDraft, asked_by=office.psdg,
            due=At(moment=next((by for by in (window.draft_by, window.check_by) if since < by), window.ends)),
            title=titled(AppealDraft, kpi),
            context=FormContext(facts=about, prefill=prefill, note=note, limits=limits, files=case.data.files),
        )  # fmt: skip
        draft = lodged.draft = await drafting
        if draft.wish is AppealWish.NONE:
            return
        written = about + said_in(case.data, draft)
        checking = case.hand_off(
            "check", to=office.psdg, form=AppealCheck, asked_by=unit, title=titled(AppealCheck, kpi),
            context=FormContext(facts=written, files=draft.attachments),
            due=At(moment=window.check_by if drafting.at < window.check_by else window.ends),
        )  # fmt: skip
        check = await checking
        note, since = f"{office.psdg_th} ส่งคืนแก้ไข: {check.comment}", checking.at
        if check.decision is ReviewDecision.APPROVE:
            opinion = (("ความเห็น กพร.", check.comment),) if check.comment else ()
            signing = case.hand_off(
                "sign", to=Lane(unit=office.agency, duty=Duty.HEAD), form=AppealSignature, asked_by=office.psdg,
                due=At(moment=window.ends), title=titled(AppealSignature, kpi),
                context=FormContext(facts=written + opinion, files=draft.attachments),
            )  # fmt: skip
            signature = await signing
            if signature.decision is SignDecision.SIGN:
                lodged.signed_at, lodged.signer = signing.at, signing.actor
                return
            note, since = f"{office.agency_th} ส่งคืนแก้ไข: {signature.comment}", signing.at
        prefill = draft.model_dump(mode="json")


async def decided(
    case: Case[AppealCase], office: YearOffice, kpi: NoticedKpi, draft: AppealDraft, result: AppealResult,
    signed_at: datetime, signer: Actor,
) -> AppealResult:  # fmt: skip
    """The letter goes out; สำนักงาน ก.พ.ร. decides within its days, and no second appeal follows (4.4)."""
    kind = case.data.kind
    letter = await case.step("print_letter", print_letter, case.data, office, kpi, draft, signer, signed_at)
    decide_by = await case.step("lodge", lodge, result, signed_at, office.policy)
    deciding = case.hand_off(
        "decide", to=office.opdc, form=AppealDecision, asked_by=office.agency,
        due=At(moment=decide_by), title=titled(AppealDecision, kpi),
        context=FormContext(
            facts=(
                ("ส่วนราชการ", office.agency_th), ("อุทธรณ์", APPEAL_KIND_TH[kind]),
                ("ตัวชี้วัด", f"{kpi.number} {kpi.th}"), *value_before(case.data, kpi), *said_in(case.data, draft),
                ("ลงนามเมื่อ", thai_moment(signed_at)),
            ),
            files=(*letter, *draft.attachments),
            limits=limits_of(kind, kpi, draft, may_lower=office.policy.appeal_may_lower),
        ),
    )  # fmt: skip
    decision = await deciding
    holds = decided_terms(kpi, draft, decision)
    return result.replace(
        ending=ending_of(decision.verdict), value=holds.value, levels=holds.levels, reason=decision.reasons,
        decided_at=deciding.at,
    )  # fmt: skip


def titled(form: type[Form], kpi: NoticedKpi) -> str:
    """Several KPIs are at work side by side; the inbox tells them apart."""
    return f"{form.title_th} ({kpi.number})"


def holder(office: YearOffice, kpi: NoticedKpi) -> str:
    """Who answers for the KPI; กพร. where nobody holds it yet."""
    return kpi.unit or office.psdg


def about_kpi(notice: AppealCase, office: YearOffice, window: AppealWindow, kpi: NoticedKpi) -> Facts:
    """What a unit must know before it appeals."""
    others = thai_list(office.unit_th(unit) for unit in kpi.others)
    return (
        ("อุทธรณ์", APPEAL_KIND_TH[notice.kind]),
        ("ปีงบประมาณ พ.ศ.", str(notice.fiscal_year)),
        ("ตัวชี้วัด", f"{kpi.number} {kpi.th}"),
        *value_before(notice, kpi),
        *((("หน่วยงานร่วมรับผิดชอบ", others),) if others else ()),
        ("ได้รับแจ้งเมื่อ", thai_moment(notice.noticed_at)),
        ("อธิบดีลงนามได้ถึง", thai_moment(window.ends)),
    )


def value_before(notice: AppealCase, kpi: NoticedKpi) -> Facts:
    label = "คะแนนที่ประกาศ" if notice.kind is AppealKind.SCORE else "ค่าเป้าหมายตามผลการเจรจา"
    levels = (("เกณฑ์ระดับ 1 ถึง 5 ตามผลการเจรจา", levels_th(kpi.levels)),) if kpi.levels else ()
    return ((label, value_th(notice.kind, kpi.value)), *levels)


def said_in(notice: AppealCase, draft: AppealDraft) -> Facts:
    """The appeal as written."""
    evidence = (("หลักฐานประกอบ", draft.evidence),) if draft.evidence else ()
    levels = (("เกณฑ์ระดับ 1 ถึง 5 ที่ขอ", draft.levels),) if draft.levels else ()
    value = () if draft.requested is None else (("ค่าหรือคะแนนที่ขอ", value_th(notice.kind, draft.requested)),)
    return (*value, *levels, ("เหตุผล", draft.reasons), *evidence)
