"""What stands in the letters and announcements of a year, from what people have handed in (P5 step 19, P9)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from rules.agreement import levels_th
from rules.appeal import DECIDED, figure_th, value_change_th
from rules.calendar import bangkok_date
from rules.signing import contact_of, reference_th
from rules.thai import thai_date, thai_fiscal_year
from schemas.appeal import AppealCase, AppealDraft, AppealKind, AppealResult, NoticedKpi
from schemas.kpi import Round
from schemas.letters import AppealLetter, AppealPoint, Notice, OfficialLetter, Signatory
from schemas.organisation import Unit

OPDC_TH, SECRETARY_GENERAL_TH = "สำนักงาน ก.พ.ร.", "เลขาธิการ ก.พ.ร."
"""To whom an appeal goes also where กพร. keys in what comes back (decision 18)."""

APPEALED_TH = {
    AppealKind.SCORE: "ผลคะแนนการประเมินผลการปฏิบัติราชการ",
    AppealKind.NEGOTIATION: "ผลการเจรจาตัวชี้วัดตามคำรับรองการปฏิบัติราชการ",
}


def appeal_letter(
    notice: AppealCase, kpi: NoticedKpi, draft: AppealDraft, signatory: Signatory, on: date, *, agency: Unit,
    psdg: Unit, owner_th: str,
) -> AppealLetter:  # fmt: skip
    """The letter about one KPI, as the head of the agency has signed it; the registry's number is still missing."""
    year = thai_fiscal_year(notice.fiscal_year)
    count = len(draft.attachments)
    return AppealLetter(
        letter=OfficialLetter(
            sender_th=agency.th, address=agency.address, on=on, to=SECRETARY_GENERAL_TH, signatory=signatory,
            owner_th=owner_th, **contact_of(psdg, agency)._asdict(),
            subject=f"ขออุทธรณ์{APPEALED_TH[notice.kind]} ตัวชี้วัดที่ {kpi.number} ประจำ{year}",
            references=_referred(notice),
            enclosures=(f"หลักฐานประกอบการอุทธรณ์ จำนวน {count} รายการ",) if count else (),
        ),
        fiscal_year=notice.fiscal_year, round=Round.TWELVE if notice.kind is AppealKind.SCORE else None,
        kind=notice.kind, notified_by=OPDC_TH, notified_on=bangkok_date(notice.noticed_at),
        points=(
            AppealPoint(
                number=kpi.number, th=kpi.th, reasons=draft.reasons,
                original=_with_levels(figure_th(notice.kind, kpi.value), levels_th(kpi.levels) if draft.levels else ""),
                requested=_with_levels(
                    figure_th(notice.kind, kpi.value if draft.requested is None else draft.requested), draft.levels
                ),
                evidence=(*lines_of(draft.evidence), *(file.name for file in draft.attachments)),
            ),
        ),
    )  # fmt: skip


def _referred(notice: AppealCase) -> tuple[str, ...]:
    return (reference_th(OPDC_TH, notice.reference, notice.reference_on),) if notice.reference else ()


def _with_levels(value: str, levels: str) -> str:
    return f"{value} เกณฑ์ {levels}" if levels else value


def lines_of(text: str) -> tuple[str, ...]:
    """What a person wrote one to a line, without blank lines."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def provisional_scores(notice: AppealCase, agency_th: str, signatory: Signatory, *, appeal_until: date) -> Notice:
    """The announcement of the scores as they came, while everybody may still appeal (S1, slide 14)."""
    return _scores(
        notice, agency_th, signatory, standing="เบื้องต้น",
        grounds=(
            f"{_notified(notice)} แล้ว นั้น",
            "ผลคะแนนตามประกาศนี้เป็นผลคะแนนเบื้องต้น หน่วยงานที่รับผิดชอบตัวชี้วัดซึ่งประสงค์จะอุทธรณ์ "
            f"ให้ดำเนินการภายในวันที่ {thai_date(appeal_until)}",
        ),
    )  # fmt: skip


def final_scores(notice: AppealCase, agency_th: str, signatory: Signatory, results: Iterable[AppealResult]) -> Notice:
    """The announcement when nothing is open any more: what was decided, and which scores are other ones now (P9)."""
    decided = [result for result in results if result.ending in DECIDED]
    changes = [
        f"ตัวชี้วัดที่ {result.kpi} {change}" for result in decided if (change := value_change_th(notice.kind, result))
    ]
    said = f"มีการวินิจฉัยอุทธรณ์ จำนวน {len(decided)} ตัวชี้วัด" if decided else "ไม่มีอุทธรณ์ที่ต้องวินิจฉัย"
    return _scores(
        notice, agency_th, signatory, standing="ขั้นสุดท้าย",
        grounds=(
            f"{_notified(notice)} และ{agency_th}ได้ประกาศผลคะแนนเบื้องต้นแล้ว นั้น",
            f"บัดนี้ การอุทธรณ์ผลคะแนนเสร็จสิ้นแล้ว {said} ผลคะแนนตามประกาศนี้จึงเป็นผลคะแนนขั้นสุดท้าย",
            *((f"คะแนนที่เปลี่ยนแปลงตามคำวินิจฉัย ได้แก่ {', '.join(changes)}",) if changes else ()),
        ),
    )  # fmt: skip


def _notified(notice: AppealCase) -> str:
    return (
        f"ตามที่{OPDC_TH} ได้แจ้ง{APPEALED_TH[AppealKind.SCORE]}ตามคำรับรองการปฏิบัติราชการ "
        f"ประจำ{thai_fiscal_year(notice.fiscal_year)} เมื่อวันที่ {thai_date(bangkok_date(notice.noticed_at))}"
    )


def _scores(
    notice: AppealCase, agency_th: str, signatory: Signatory, *, standing: str, grounds: tuple[str, ...]
) -> Notice:
    subject = f"{APPEALED_TH[AppealKind.SCORE]} ประจำ{thai_fiscal_year(notice.fiscal_year)} ({standing})"
    return Notice(issuer_th=agency_th, subject=subject, grounds="\n".join(grounds), signatory=signatory)
