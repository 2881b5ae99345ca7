"""The case so far, as the markdown artifact that an operator reads on the run in Prefect."""

from __future__ import annotations

from collections.abc import Sequence

from engine.history import History, Kind, Recorded, Standing
from engine.wording import unit_name
from rules.directory import DirectoryIndex
from rules.thai import thai_moment

MOST_LINES = 40

_KIND_TH = {
    Kind.STEP: "ขั้นตอนอัตโนมัติ",
    Kind.HAND_OFF: "งานส่งมอบ",
    Kind.TIMER: "เวลา",
    Kind.MESSAGE: "ข้อความ",
    Kind.CALL: "กระบวนงานย่อย",
    Kind.GATE: "เงื่อนไขรวม",
    Kind.BRANCH_END: "สิ้นสุดกิ่งงาน",
    Kind.CLOSE: "ปิดเรื่อง",
}
_STANDING_TH = {
    Standing.OPEN: "⏳ รออยู่",
    Standing.DONE: "✅ เสร็จแล้ว",
    Standing.WITHDRAWN: "↩️ ยกเลิก",
    Standing.DROPPED: "➖ ไม่ต้องทำ",
}


def case_card(case_id: str, history: History, waiting: str, directory: DirectoryIndex, portal_url: str) -> str:
    """Markdown: the title, whom it waits for, open work first, then the latest elements; at most forty lines each."""
    elements = list(history.elements.values())
    waiting_now = [element for element in elements if element.standing is Standing.OPEN]
    past = sorted((e for e in elements if e.standing is not Standing.OPEN), key=lambda e: -e.closing_seq)
    return "\n\n".join(
        (
            f"# {_text(history.title)}",
            f"**{_text(waiting) or 'เสร็จสิ้น'}**",
            f"รหัสเรื่อง `{case_id}` · เหตุการณ์ {history.head_seq:,} รายการ · "
            f"[ดูประวัติทั้งหมดในระบบ]({portal_url}/cases/{case_id})",
            _table("กำลังรอ", waiting_now, directory),
            _table("ดำเนินการแล้ว (ล่าสุดก่อน)", past, directory),
        )
    )


def _table(heading: str, elements: Sequence[Recorded], directory: DirectoryIndex) -> str:
    if not elements:
        return f"## {heading}\n\n– ไม่มี –"
    rows = [_row(element, directory) for element in elements[:MOST_LINES]]
    more = f"\n\n… และอีก {len(elements) - MOST_LINES:,} รายการ" if len(elements) > MOST_LINES else ""
    head = "| ขั้นตอน | ประเภท | สถานะ | หน่วยงาน/ผู้ดำเนินการ | เมื่อ/กำหนด |\n|---|---|---|---|---|"
    return f"## {heading}\n\n{head}\n" + "\n".join(rows) + more


def _row(element: Recorded, directory: DirectoryIndex) -> str:
    name = element.title or element.key
    who = unit_name(directory, element.unit) if element.unit else ""
    if element.by and element.kind is Kind.HAND_OFF and element.standing is Standing.DONE:
        who = f"{who} · {element.actor.name}"
    moment = element.at or element.due_at
    when = thai_moment(moment) if moment else ""
    cells = (f"{_text(name)} (`{element.key}`)", _KIND_TH[element.kind], _STANDING_TH[element.standing], who, when)
    return "| " + " | ".join(_text(cell) for cell in cells) + " |"


def _text(value: str) -> str:
    return value.replace("|", "\\|").replace("\n", " ")
