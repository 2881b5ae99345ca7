"""Appeals: what a notice opens, what may be asked and decided, and the total that follows (P9, 4.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, cast

from rules.agreement import levels_of, levels_th
from rules.calendar import Calendar, bangkok_date
from rules.exact import divided
from rules.scorecard import scorecard
from rules.year import appeal_window_ends, working_days_before
from schemas.appeal import (
    APPEAL_ENDING_TH,
    AppealCase,
    AppealCheck,
    AppealDecision,
    AppealDraft,
    AppealEnding,
    AppealKind,
    AppealResult,
    AppealSignature,
    AppealVerdict,
    AppealWindow,
    AppealWish,
    NoticedKpi,
    SignDecision,
)
from schemas.criteria import KpiNumber, Levels, Quantitative, number_key
from schemas.exact import Exact
from schemas.form import FormContext, Problem
from schemas.kpi import Kpi, KpiBook, Round
from schemas.policy import AgreementPolicy
from schemas.scorecard import KpiReport, Scorecard
from schemas.weekly import ReviewDecision

# --- the notice and its window -----------------------------------------------------------------------------


def negotiation_notice(
    book: KpiBook, noticed_at: datetime, reference: str = "", reference_on: date | None = None
) -> AppealCase:
    """Every KPI of the agreement with the target as negotiated."""
    kpis = sorted(book.kpis, key=lambda kpi: number_key(kpi.number))
    return AppealCase(
        agency=book.agency, fiscal_year=book.fiscal_year, kind=AppealKind.NEGOTIATION, noticed_at=noticed_at,
        reference=reference, reference_on=reference_on,
        kpis=tuple(_noticed(kpi, kpi.target).replace(levels=levels_of(kpi)) for kpi in kpis),
    )  # fmt: skip


def score_notice(book: KpiBook, reports: Mapping[KpiNumber, KpiReport], noticed_at: datetime) -> AppealCase:
    """Every KPI whose score was announced; `reports` hold the announced scores as `decided`."""
    announced = {number: report.decided for number, report in reports.items() if report.decided is not None}
    kpis = sorted((kpi for kpi in book.kpis if kpi.number in announced), key=lambda kpi: number_key(kpi.number))
    return AppealCase(
        agency=book.agency, fiscal_year=book.fiscal_year, kind=AppealKind.SCORE, noticed_at=noticed_at,
        kpis=tuple(_noticed(kpi, announced[kpi.number]) for kpi in kpis), book=book, reports=dict(reports),
    )  # fmt: skip


def _noticed(kpi: Kpi, value: Decimal | None) -> NoticedKpi:
    holders = [holding.unit for holding in kpi.holdings]
    return NoticedKpi(
        number=kpi.number, th=kpi.th, unit=holders[0] if holders else None, others=tuple(holders[1:]), value=value
    )


def appeal_window(noticed_at: datetime, *, calendar: Calendar, policy: AgreementPolicy) -> AppealWindow:
    """The window that a notice opens, and the days by which unit and กพร. should be done with their part."""
    ends = appeal_window_ends(bangkok_date(noticed_at), policy.appeal_days, calendar=calendar)
    inner, last = policy.appeal_inner_days, bangkok_date(ends)

    def before(days: int) -> datetime:
        found = working_days_before(last, days, calendar=calendar, at=calendar.day_ends)
        return max(found, noticed_at)

    return AppealWindow(opens=noticed_at, draft_by=before(2 * inner), check_by=before(inner), ends=ends)


def in_time(signed_at: datetime, window: AppealWindow) -> bool:
    """«ภายในวันที่» is the whole day: the last moment of the window is in time, any later one is not."""
    return signed_at <= window.ends


# --- what is decided ---------------------------------------------------------------------------------------

DECIDED = frozenset({AppealEnding.ACCEPTED, AppealEnding.PARTLY, AppealEnding.DISMISSED})
"""Endings of what สำนักงาน ก.พ.ร. has judged; the others never came before it."""

_ENDINGS = {
    AppealVerdict.ACCEPT: AppealEnding.ACCEPTED,
    AppealVerdict.PARTLY: AppealEnding.PARTLY,
    AppealVerdict.DISMISS: AppealEnding.DISMISSED,
}


def ending_of(verdict: AppealVerdict) -> AppealEnding:
    return _ENDINGS[verdict]


def decided_terms(kpi: NoticedKpi, draft: AppealDraft, decision: AppealDecision) -> Terms:
    """What holds after the decision."""
    given = draft.requested, draft.levels
    if decision.verdict is not AppealVerdict.ACCEPT:
        given = decision.value, decision.levels
    value, levels = given
    return Terms(value, levels_in(levels)).over(Terms(kpi.value, kpi.levels))


def provisional_card(notice: AppealCase) -> Scorecard | None:
    """The scores as announced while appeals are open or may still be lodged; None where no scores were announced."""
    return _card(notice, {kpi.number: kpi.value for kpi in notice.kpis}, appeal_open=True)


def final_card(notice: AppealCase, results: Iterable[AppealResult]) -> Scorecard | None:
    """The scorecard computed anew from what holds now (P9 «recompute total»)."""
    return _card(notice, {result.kpi: result.value for result in results}, appeal_open=False)


def _card(notice: AppealCase, values: Mapping[KpiNumber, Exact | None], *, appeal_open: bool) -> Scorecard | None:
    if notice.kind is not AppealKind.SCORE or notice.book is None:
        return None
    known = {
        number: notice.reports.get(number, KpiReport()).replace(decided=value, appeal_open=appeal_open)
        for number, value in values.items()
    }
    return scorecard(notice.book, {**notice.reports, **known}, Round.TWELVE)


def value_th(kind: AppealKind, value: Exact | None) -> str:
    """A value as it is shown: scores with four decimals."""
    if value is None:
        return "ไม่ระบุ"
    return f"{value:.4f}" if kind is AppealKind.SCORE else format(value, "f")


def figure_th(kind: AppealKind, value: Exact | None) -> str:
    """The same where it is told in a letter or a mail: with commas between the thousands."""
    return value_th(kind, value) if value is None or kind is AppealKind.SCORE else f"{value:,f}"


VALUE_TH = {AppealKind.SCORE: "คะแนน", AppealKind.NEGOTIATION: "ค่าเป้าหมาย"}
"""What an appeal is about besides the levels."""


def result_th(kind: AppealKind, result: AppealResult) -> str:
    """What became of a KPI, in one sentence: only what changed is told, and where nothing did, what stays."""
    said = f"ตัวชี้วัดที่ {result.kpi}: {APPEAL_ENDING_TH[result.ending]}"
    if result.ending in DECIDED:
        said += f" {_held_th(kind, result)}"
    return f"{said} เหตุผล: {result.reason}" if result.reason else said


def value_change_th(kind: AppealKind, result: AppealResult) -> str:
    """«จากเดิม 3.4000 เป็น 3.6000»; empty where a reader would see the same twice."""
    before, after = figure_th(kind, result.noticed), figure_th(kind, result.value)
    return "" if before == after or result.noticed == result.value else f"จากเดิม {before} เป็น {after}"


def _held_th(kind: AppealKind, result: AppealResult) -> str:
    before, after = levels_th(result.noticed_levels), levels_th(result.levels)
    changed = [f"{VALUE_TH[kind]}{value}"] if (value := value_change_th(kind, result)) else []
    if before != after:
        changed.append(f"เกณฑ์ระดับ 1 ถึง 5 จากเดิม {before} เป็น {after}")
    if changed:
        return " ".join(changed)
    if result.noticed is None:
        return f"คง{VALUE_TH[kind]}ตามที่ได้รับแจ้ง"
    return f"คง{VALUE_TH[kind]}เดิม {figure_th(kind, result.noticed)}"


# --- what the forms must satisfy ---------------------------------------------------------------------------


class Terms(NamedTuple):
    """What an appeal is about: a score, or a target with its levels."""

    value: Exact | None
    levels: Levels | None

    def over(self, before: Terms) -> Terms:
        """What is left blank stays."""
        value = before.value if self.value is None else self.value
        return Terms(value, self.levels or before.levels)


def limits_of(kind: AppealKind, kpi: NoticedKpi, draft: AppealDraft | None, *, may_lower: bool) -> dict[str, Any]:
    """What the checks below need to know of the KPI and of what was asked for; JSON values."""
    requested = draft.requested if draft else None
    return {
        "kind": kind.value,
        "noticed": None if kpi.value is None else format(kpi.value, "f"),
        "requested": None if requested is None else format(requested, "f"),
        "may_lower": may_lower,
    } | ({"levels": levels_th(kpi.levels), "requested_levels": draft.levels if draft else ""} if kpi.levels else {})


def levels_in(text: str) -> Levels | None:
    """Five levels as people write them in one line; None where they are not five, or go up and down."""
    try:
        return Quantitative(points=cast("Levels", divided(text))).points
    except ValueError:
        return None


def _noticed_terms(context: FormContext) -> Terms:
    return Terms(_number(context.limits.get("noticed")), levels_in(context.limits.get("levels", "")))


def problems_of_draft(form: AppealDraft, context: FormContext, _today: date) -> Iterator[Problem]:
    if form.wish is AppealWish.NONE:
        return
    if not form.reasons:
        yield Problem(field="reasons", th="กรุณาระบุเหตุผลที่อุทธรณ์", en="Say why you appeal")
    yield from _not_levels(form.levels, context)
    if form.requested is None and not (form.levels and not _is_score(context)):
        yield Problem(field="requested", th="กรุณาระบุค่าหรือคะแนนที่ขอ", en="Give the value or score that you request")
        return
    noticed = _noticed_terms(context)
    if _is_score(context):
        assert form.requested is not None, "a score without one was refused above"
        yield from _not_a_score("requested", form.requested)
        if noticed.value is not None and form.requested <= noticed.value:
            yield Problem(
                field="requested",
                th=f"คะแนนที่ขอต้องสูงกว่าคะแนนที่ประกาศ ({noticed.value:.4f})",
                en=f"The score requested must be higher than the one announced ({noticed.value:.4f})",
            )
    elif Terms(form.requested, levels_in(form.levels)).over(noticed) == noticed:
        yield Problem(
            field="requested",
            th="ค่าที่ขอเท่ากับผลการเจรจา หากไม่ขอเปลี่ยนให้เลือก «ไม่ประสงค์อุทธรณ์»",
            en="The value requested is the one negotiated; if nothing is to change, choose “No appeal”",
        )


def problems_of_decision(form: AppealDecision, context: FormContext, _today: date) -> Iterator[Problem]:
    yield from _not_levels(form.levels, context)
    noticed, said, limits = _noticed_terms(context), Terms(form.value, levels_in(form.levels)), context.limits
    wanted = Terms(_number(limits.get("requested")), levels_in(limits.get("requested_levels", ""))).over(noticed)
    match form.verdict:
        case AppealVerdict.ACCEPT:
            yield from _not_as_wanted(said, wanted)
        case AppealVerdict.PARTLY:
            yield from _not_in_part(said, noticed, wanted)
        case AppealVerdict.DISMISS:
            yield from _not_as_before(said, context)
    may_lower = bool(limits.get("may_lower"))
    if said.value is not None and _is_score(context) and (form.verdict is AppealVerdict.PARTLY or may_lower):
        yield from _not_a_score("value", said.value)
        if noticed.value is not None and said.value < noticed.value and not may_lower:
            was = f"{noticed.value:.4f}"
            yield Problem(
                field="value",
                th=f"คำวินิจฉัยทำให้คะแนนต่ำกว่าที่ประกาศ ({was}) ไม่ได้ หากไม่เห็นด้วยให้เลือก «ยกคำอุทธรณ์»",
                en=f"A decision cannot lower the announced score ({was}); if you disagree, dismiss the appeal",
            )


def _not_as_wanted(said: Terms, wanted: Terms) -> Iterator[Problem]:
    for field, given, asked in (("value", said.value, wanted.value), ("levels", said.levels, wanted.levels)):
        if given is not None and given != asked:
            yield Problem(
                field=field,
                th="รับตามคำอุทธรณ์ต้องเป็นค่าที่ขอ หากให้ค่าอื่นให้เลือก «รับบางส่วน»",
                en="Accepted as a whole means the value requested; for another one choose “Accepted in part”",
            )


def _not_in_part(said: Terms, noticed: Terms, wanted: Terms) -> Iterator[Problem]:
    """Whatever was asked for is decided in so many words, and together it is neither the old nor all of the new."""
    if said.value is None and (wanted.value != noticed.value or said.levels is None):
        yield Problem(field="value", th="กรุณาระบุค่าหรือคะแนนตามคำวินิจฉัย", en="Give the value or score as decided")
    elif said.levels is None and wanted.levels != noticed.levels:
        yield Problem(
            field="levels",
            th="คำอุทธรณ์ขอเปลี่ยนเกณฑ์ด้วย กรุณาระบุเกณฑ์ระดับ 1 ถึง 5 ตามคำวินิจฉัย",
            en="The appeal asks for other levels too: give the five levels as decided",
        )
    elif said.over(noticed) in (noticed, wanted):
        yield Problem(
            field="value",
            th="ค่านี้เท่ากับค่าเดิมหรือค่าที่ขอ ให้เลือก «ยกคำอุทธรณ์» หรือ «รับตามคำอุทธรณ์»",
            en="This is the old value or the one requested: choose “Dismissed” or “Accepted”",
        )


def _not_as_before(said: Terms, context: FormContext) -> Iterator[Problem]:
    lowered = _is_score(context) and context.limits.get("may_lower")
    for field, given in (("value", None if lowered else said.value), ("levels", said.levels)):
        if given is not None:
            yield Problem(
                field=field,
                th="ยกคำอุทธรณ์แล้วคงค่าเดิมไว้ ไม่ต้องระบุค่าใหม่",
                en="A dismissed appeal leaves the value as it was; give no new one",
            )


def _not_levels(text: str, context: FormContext) -> Iterator[Problem]:
    if text and not context.limits.get("levels"):
        yield Problem(
            field="levels",
            th="คำอุทธรณ์นี้ไม่มีเกณฑ์ระดับ 1 ถึง 5 ให้เปลี่ยน กรุณาเว้นว่าง",
            en="There are no five levels to change here; leave this blank",
        )
    elif text and levels_in(text) is None:
        yield Problem(
            field="levels",
            th="เกณฑ์ต้องเป็นตัวเลข 5 ค่า คั่นด้วย / และเพิ่มขึ้นตลอด หรือลดลงตลอด",
            en="Five numbers divided by /, which rise throughout or fall throughout",
        )


def problems_of_return(form: AppealCheck | AppealSignature, _context: FormContext, _today: date) -> Iterator[Problem]:
    if form.decision in (ReviewDecision.RETURN, SignDecision.RETURN) and not form.comment:
        yield Problem(field="comment", th="กรุณาระบุข้อคิดเห็นเพื่อให้ผู้จัดทำแก้ไข", en="Say what has to be corrected")


def _is_score(context: FormContext) -> bool:
    return context.limits.get("kind") == AppealKind.SCORE


def _number(said: Any) -> Decimal | None:
    return None if said is None else Decimal(said)


def _not_a_score(field: str, value: Exact) -> Iterator[Problem]:
    if not 0 <= value <= 5:
        yield Problem(field=field, th="คะแนนต้องอยู่ระหว่าง 0 ถึง 5", en="A score lies between 0 and 5")
    elif value != round(value, 4):
        yield Problem(field=field, th="คะแนนมีทศนิยมได้ไม่เกิน 4 ตำแหน่ง", en="A score has at most four decimals")
