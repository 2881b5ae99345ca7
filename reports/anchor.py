"""The page that an outside keeper keeps: an anchor over all histories, with its hash in groups (decision 30)."""

from __future__ import annotations

from reports.typesetting import NEUTRAL, Letterhead, Sheet, typeset
from rules.thai import Digits, thai_moment
from schemas.base import Moment, Record

TITLE = "หมุดหลักฐานของประวัติ"


class PrintedAnchor(Record):
    """An anchor as it is printed. Hashes, key and signature are hexadecimal."""

    number: int
    at: Moment
    cases: int
    events: int
    refused: int
    hash: str
    previous: str
    key: str
    signature: str


class AnchorSheet(Sheet):
    subject: str
    facts: tuple[tuple[str, str], ...]
    groups: tuple[str, ...]
    """The hash, eight digits each."""
    technical: tuple[tuple[str, tuple[str, ...]], ...]
    """(label, groups): what a machine needs, in small print."""
    command: str
    """How an auditor compares it."""


def anchor_pdf(
    anchor: PrintedAnchor, *, system_name: str, digits: Digits = "thai", letterhead: Letterhead = NEUTRAL
) -> bytes:
    """One page. Raises ReportError."""
    return typeset("anchor", anchor_sheet(anchor, system_name, digits, letterhead), digits=digits)


def anchor_sheet(anchor: PrintedAnchor, system_name: str, digits: Digits, letterhead: Letterhead) -> AnchorSheet:
    """What goes onto the page; digits of hashes and of the command stay as a machine reads them."""
    facts = [
        ("ระบบ", system_name),
        ("หน่วยงานเจ้าของระบบ", letterhead.ministry_th),
        ("หมุดหลักฐานที่", f"{anchor.number:,}"),
        ("วันและเวลา", thai_moment(anchor.at, digits)),
        ("จำนวนเรื่องทั้งหมด", f"{anchor.cases:,} เรื่อง"),
        ("จำนวนรายการในประวัติ", f"{anchor.events:,} รายการ"),
    ]
    if anchor.refused:
        facts.append(("เรื่องที่ไม่รับรอง", f"{anchor.refused:,} เรื่อง เนื่องจากประวัติไม่ต่อเนื่องจากหมุดก่อน"))
    return AnchorSheet(
        title=TITLE,
        author=letterhead.ministry_th or system_name,
        dated=anchor.at,
        letterhead=letterhead,
        subject=f"{TITLE}ที่ {anchor.number}",
        facts=tuple(fact for fact in facts if fact[1]),
        groups=_groups(anchor.hash),
        technical=(
            ("ค่าแฮชของหมุดก่อนหน้า", _groups(anchor.previous)),
            ("กุญแจสาธารณะ (Ed25519)", _groups(anchor.key)),
            ("ลายมือชื่อดิจิทัล", _groups(anchor.signature)),
        ),
        command=f"sangkan audit verify --kept {anchor.number}={anchor.hash}",
    )


def _groups(text: str) -> tuple[str, ...]:
    return tuple(text[start : start + 8] for start in range(0, len(text), 8))
