"""Notices of what has happened in a case: each says what it concerns, who tells it, and what is asked of its reader.

A reader sees nothing but the mail. A result without its year, its agency and the name of the KPI is of no use to
somebody who holds several of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from rules.agreement import levels_of, levels_th
from rules.appeal import result_th
from rules.calendar import first_day
from rules.thai import thai_date, thai_fiscal_year, thai_moment
from schemas.agreement import CHANGE_ENDING_TH, ChangeEnding, ChangeRequested, ChangeResult
from schemas.appeal import APPEAL_ENDING_TH, AppealCase, AppealKind, AppealResult
from schemas.circular import CircularCase
from schemas.exact import Exact
from schemas.kpi import Kpi, Round
from schemas.mail import Notice

_APPEALED_TH = {AppealKind.SCORE: "ผลคะแนน", AppealKind.NEGOTIATION: "ผลการเจรจาตัวชี้วัด"}


def appeal_settled(appealed: AppealCase, result: AppealResult, *, agency_th: str, psdg_th: str, link: str) -> Notice:
    """What became of the appeal on one KPI."""
    (kpi,) = (kpi for kpi in appealed.kpis if kpi.number == result.kpi)
    what, year = _APPEALED_TH[appealed.kind], thai_fiscal_year(appealed.fiscal_year)
    return Notice(
        subject=f"ผลการอุทธรณ์ตัวชี้วัดที่ {kpi.number}: {APPEAL_ENDING_TH[result.ending]}",
        title=f"อุทธรณ์{what} ตัวชี้วัดที่ {kpi.number} {kpi.th} {year} {agency_th}",
        body=f"ขอแจ้งผลการอุทธรณ์{what} {year} ของ{agency_th} ดังนี้\n{result_th(appealed.kind, result)}",
        told_by=psdg_th, link=link,
    )  # fmt: skip


def change_settled(
    result: ChangeResult, kpi: Kpi | None, *, fiscal_year: int, unit_th: str, agency_th: str, psdg_th: str, link: str
) -> Notice:
    """What became of a request for other details of a KPI; `kpi` is the KPI as it stood before."""
    request, ending = result.request, CHANGE_ENDING_TH[result.ending]
    after = (
        "แบบรายงานที่เปิดหลังจากนี้ใช้รายละเอียดที่ได้รับอนุมัติ" if result.ending is ChangeEnding.APPROVED else "รายละเอียดตัวชี้วัดคงเดิม"
    )
    said = (
        f"ตามที่{unit_th}ขอเปลี่ยนแปลงรายละเอียดตัวชี้วัดที่ {request.kpi} เมื่อ{thai_moment(request.requested_at)} "
        f"นั้น ผลการพิจารณา: {ending} {after}",
        *(f"- {line}" for line in changes_th(request, kpi)),
        *((f"เหตุผล: {result.reason}",) if result.reason else ()),
    )
    named = f" {kpi.th}" if kpi else ""
    return Notice(
        subject=f"คำขอเปลี่ยนแปลงรายละเอียดตัวชี้วัดที่ {request.kpi}: {ending}",
        title=f"ตัวชี้วัดที่ {request.kpi}{named} {thai_fiscal_year(fiscal_year)} {agency_th}",
        body="\n".join(said), told_by=psdg_th, link=link,
    )  # fmt: skip


def changes_th(request: ChangeRequested, kpi: Kpi | None) -> Iterator[str]:
    """What a request asks for, a line each, beside what stands where that is known and another value."""
    yield from _change("ค่าเป้าหมาย", kpi.target if kpi else None, request.target)
    yield from _change("น้ำหนัก (ร้อยละ)", kpi.weight if kpi else None, request.weight)
    if request.levels is not None:
        before = levels_th(levels_of(kpi)) if kpi else ""
        yield from _said("เกณฑ์ระดับ 1 ถึง 5", before, levels_th(request.levels))
    if request.details:
        yield f"รายละเอียด: {request.details}"


def _change(label: str, before: Exact | None, after: Exact | None) -> Iterator[str]:
    if after is not None:
        yield from _said(label, "" if before is None else f"{before.normalize():,f}", f"{after.normalize():,f}")


def _said(label: str, before: str, after: str) -> Iterator[str]:
    if not before:
        yield f"{label}: {after}"
    elif before != after:
        yield f"{label} จากเดิม {before} เป็น {after}"


def circular_again(
    circular: CircularCase, *, to: str, issuer_th: str, sender_th: str, due: datetime | None, note: str, link: str
) -> Notice:
    """A circular whose receipt a unit has not acknowledged is sent to it once more; the day does not change."""
    letter = circular.letter
    until = f" และขอให้ตอบรับภายใน{thai_moment(due)}" if due else ""
    return Notice(
        subject=f"ส่งซ้ำ หนังสือเวียน {letter.no}", title=letter.subject, to=to, told_by=sender_th,
        body="\n".join((
            f"ตามที่{issuer_th}ได้ส่งหนังสือเวียน ที่ {letter.no} ลงวันที่ {thai_date(letter.on)}{until} นั้น "
            "ขณะนี้ยังไม่ปรากฏการตอบรับในระบบ จึงขอส่งหนังสือดังกล่าวซ้ำ",
            *((note,) if note else ()),
        )),
        asked="เปิดอ่านหนังสือและตอบรับหนังสือเวียนโดยเร็ว", link=link,
    )  # fmt: skip


def user_request_settled(name: str, reason: str, *, granted: bool, unit_th: str, link: str) -> Notice:
    """What became of a request for a further user."""
    said = (
        "อนุมัติแล้ว ระบบส่งคำเชิญให้ตั้งรหัสผ่านไปยังอีเมลของผู้ใช้ใหม่ ซึ่งต้องตั้งรหัสผ่านก่อนเข้าใช้งานครั้งแรก"
        if granted
        else f"ไม่อนุมัติ: {reason}"
    )
    return Notice(
        subject=f"ผลคำขอ User เพิ่ม: {name}", title=f"คำขอ User เพิ่ม {name} {unit_th}", to=unit_th,
        body=f"ตามที่{unit_th}ขอเพิ่มบัญชีผู้ใช้ให้{name} นั้น ผลการพิจารณา: {said}", told_by="ผู้ดูแลระบบ", link=link,
    )  # fmt: skip


def records_wanted(*, fiscal_year: int, agency_th: str, personnel_th: str, psdg_th: str, link: str) -> Notice:
    """The personnel records are needed for the shares in the award money."""
    return Notice(
        subject="ขอทะเบียนบุคคลเพื่อจัดสรรเงินรางวัล", title=f"เงินรางวัล {thai_fiscal_year(fiscal_year)} {agency_th}",
        to=personnel_th, told_by=psdg_th,
        body=f"{agency_th}มีสิทธิได้รับเงินรางวัล {thai_fiscal_year(fiscal_year)} "
        "จึงขอทะเบียนบุคคลของปีดังกล่าวเพื่อใช้คำนวณวงเงินของแต่ละหน่วยงาน",
        asked=f"ส่งทะเบียนบุคคลตามแบบตารางของระบบ ก่อนที่{psdg_th}บันทึกวงเงิน", link=link,
    )  # fmt: skip


def minutes_of_round(
    resolution: str, held_on: date, *, round_: Round, fiscal_year: int, province_th: str, office_th: str, to: str,
    link: str,
) -> Notice:  # fmt: skip
    """What the progress meeting of a round has resolved."""
    return Notice(
        subject=f"ผลการประชุมสรุปผลความก้าวหน้า รอบ {round_} เดือน {province_th}",
        title=f"การถ่ายทอดตัวชี้วัด{province_th} {thai_fiscal_year(fiscal_year)}", to=to, told_by=office_th,
        body=f"ตามที่{province_th}ได้ประชุมสรุปผลความก้าวหน้า รอบ {round_} เดือน เมื่อวันที่ {thai_date(held_on)} นั้น "
        f"ขอแจ้งผลการประชุม ดังนี้\n{resolution}\nรายงานการประชุมฉบับเต็มอยู่ในเอกสารของเรื่อง",
        link=link,
    )  # fmt: skip


def score_below_target(
    total: Exact, target: Exact, *, fiscal_year: int, agency_th: str, province_th: str, link: str
) -> Notice:
    """A nine-month total below what the province wants: its head is warned, nothing is blocked (R2.2)."""
    year = thai_fiscal_year(fiscal_year)
    return Notice(
        subject=f"คะแนนรอบ 9 เดือน {total:.4f} ต่ำกว่าเป้าหมาย {target:f}", to=f"หัวหน้า{agency_th}", told_by=province_th,
        title=f"รายงานการประเมินตนเอง รอบ 9 เดือน {year} {agency_th}",
        body=f"ผลการประเมินตนเองรอบ 9 เดือน {year} ของ{agency_th} ได้คะแนนรวม {total:.4f} "
        f"ต่ำกว่าเป้าหมายของจังหวัด ซึ่งกำหนดให้แต่ละส่วนราชการได้ไม่ต่ำกว่า {target:f}",
        asked="เร่งดำเนินการตัวชี้วัดที่ยังต่ำกว่าเป้าหมายก่อนสิ้นปีงบประมาณ", link=link,
    )  # fmt: skip


def kpis_not_adopted(*, fiscal_year: int, province_th: str, issuer_th: str, volume: int, link: str) -> Notice:
    """A province has adopted nothing when a volume is published (R4.4)."""
    year, begins = thai_fiscal_year(fiscal_year), thai_date(first_day(fiscal_year))
    return Notice(
        subject=f"{province_th} ยังไม่เห็นชอบตัวชี้วัด ประจำ{year}", title=f"ตัวชี้วัดของ{province_th} {year}",
        to=f"ผู้ว่าราชการ{province_th}", told_by=issuer_th,
        body=f"{issuer_th}ได้เผยแพร่ตัวชี้วัดที่จังหวัดเห็นชอบแล้ว เล่มที่ {volume} แต่{province_th}ยังไม่เห็นชอบตัวชี้วัดของจังหวัด "
        f"จึงไม่ปรากฏในเล่มดังกล่าว ทั้งนี้ {year} เริ่มวันที่ {begins}",
        asked="พิจารณาเห็นชอบตัวชี้วัดของจังหวัดโดยเร็ว ระบบจะเผยแพร่ในเล่มถัดไป", link=link,
    )  # fmt: skip


def measures_sent(
    subject: str, said: str, *, fiscal_year: int, province_th: str, office_th: str, central_th: str, link: str
) -> Notice:
    """สำนักงาน ก.พ.ร. is told that a province's plan, report or summary lies in the case."""
    return Notice(
        subject=subject, title=f"มาตรการ 6 เรื่องตามข้อสั่งการนายกรัฐมนตรี {thai_fiscal_year(fiscal_year)} {province_th}",
        to=central_th, told_by=office_th, body=f"{said} เอกสารอยู่ในเรื่องนี้", link=link,
    )  # fmt: skip
