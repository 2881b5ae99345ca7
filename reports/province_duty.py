"""Who has reported on a duty of all agencies of a province, when and what (S2, lines 17 to 21; P11)."""

from __future__ import annotations

from collections.abc import Mapping

from reports.figures import NONE, sentence
from reports.register import written
from reports.typesetting import NEUTRAL, Letterhead, Sheet, typeset
from rules.calendar import bangkok_date
from rules.thai import Digits, thai_date, thai_fiscal_year, thai_moment
from schemas.base import Moment, UnitId
from schemas.duty import DutyCase, Filed

LATE, MISSING = "ล่าช้า", "ยังไม่รายงาน"


class DutySheet(Sheet):
    """A row is number, agency, done on, reported on, result, remark."""

    heads: tuple[str, ...]
    summary: tuple[str, ...]
    columns: tuple[str, ...] = ("ที่", "หน่วยงาน", "ดำเนินการ", "รายงาน", "ผลการดำเนินงาน", "หมายเหตุ")
    rows: tuple[tuple[str, str, str, str, str, str], ...]


def duty_pdf(
    duty: DutyCase, filed: Mapping[UnitId, Filed], *, collector_th: str, volume: int, dated: Moment,
    digits: Digits = "thai", letterhead: Letterhead = NEUTRAL,
) -> bytes:  # fmt: skip
    """All agencies in the order of the case. Raises ReportError."""
    late = sum(each.late for each in filed.values())
    sheet = DutySheet(
        title=sentence(f"บัญชีการรายงาน {duty.title}", digits), author=collector_th, dated=dated, letterhead=letterhead,
        heads=(
            f"ประจำ{thai_fiscal_year(duty.fiscal_year, digits)} {written(f'ฉบับที่ {volume}', digits)}",
            f"รวบรวมโดย{collector_th}",
        ),
        summary=(
            written(f"รายงานแล้ว {len(filed)} จาก {len(duty.agencies)} หน่วยงาน ล่าช้า {late} หน่วยงาน", digits),
            f"กำหนดภายใน{thai_moment(duty.due, digits)} ข้อมูล ณ {thai_moment(dated, digits)}",
        ),
        rows=tuple(
            (written(f"{place}", digits), sentence(each.th, digits), *_reported(filed.get(each.unit), digits))
            for place, each in enumerate(duty.agencies, start=1)
        ),
    )  # fmt: skip
    return typeset("duty_list", sheet, digits=digits)


def _reported(filed: Filed | None, digits: Digits) -> tuple[str, str, str, str]:
    if filed is None:
        return (NONE, NONE, "", MISSING)
    return (
        thai_date(filed.done_on, digits, style="short"), thai_date(bangkok_date(filed.at), digits, style="short"),
        sentence(filed.result, digits), LATE if filed.late else "",
    )  # fmt: skip
