"""The form คำขอ User เพิ่ม of the directive's procedure (S0 line 33; requirements 1.0, documents 4)."""

from __future__ import annotations

from reports.typesetting import NEUTRAL, Letterhead, Sheet, typeset
from rules.calendar import bangkok_date
from rules.thai import Digits, thai_date
from schemas.base import Moment
from schemas.directive import UserGrant, UserGrantDecision, UserRequest

TITLE = "แบบคำขอ User เพิ่ม"
REASON = "เพื่อบันทึกรายงานผลการดำเนินงานตามข้อสั่งการลงในระบบด้วยตนเอง"


class UserRequestSheet(Sheet):
    date: str
    fields: tuple[tuple[str, str], ...]
    """(label, value) in the order of the form."""
    reason: str
    planning_unit: str
    granted: bool | None
    """None: not decided, both boxes are empty."""
    decision_reason: str


def user_request_pdf(
    request: UserRequest, *, unit_th: str, planning_unit_th: str, requested_at: Moment, reason: str = REASON,
    grant: UserGrant | None = None, digits: Digits = "thai", letterhead: Letterhead = NEUTRAL,
) -> bytes:  # fmt: skip
    """The form on one page, the administrator's decision ticked where `grant` is given. Raises ReportError.

    `planning_unit_th` asks for its division `unit_th`; `reason` is why a further user is needed.
    """
    sheet = user_request_sheet(
        request, unit_th=unit_th, planning_unit_th=planning_unit_th, requested_at=requested_at,
        reason=reason, grant=grant, digits=digits, letterhead=letterhead,
    )  # fmt: skip
    return typeset("user_request", sheet, digits=digits)


def user_request_sheet(
    request: UserRequest, *, unit_th: str, planning_unit_th: str, requested_at: Moment, reason: str,
    grant: UserGrant | None, digits: Digits, letterhead: Letterhead,
) -> UserRequestSheet:  # fmt: skip
    """What goes onto the page."""
    return UserRequestSheet(
        title=TITLE,
        author=planning_unit_th,
        dated=requested_at,
        letterhead=letterhead,
        date=f"วันที่ {thai_date(bangkok_date(requested_at), digits)}",
        fields=(
            ("ชื่อ–สกุล", request.name),
            ("ตำแหน่ง", request.position),
            ("หน่วยงาน", unit_th),
            ("อีเมล", request.email),
            ("โทรศัพท์", request.phone),
        ),
        reason=reason,
        planning_unit=planning_unit_th,
        granted=None if grant is None else grant.decision is UserGrantDecision.GRANT,
        decision_reason=grant.reason if grant else "",
    )
