"""A chain of events: every event is hashed again and must continue the one before it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ledger.canonical import GENESIS
from ledger.errors import ChainBroken
from ledger.event import Event


class Break(StrEnum):
    """What can have been done to a case's history, its documents, or the anchors that saw it."""

    CHANGED = "changed"
    GAP = "gap"
    INSERTED = "inserted"
    REORDERED = "reordered"
    DETACHED = "detached"
    TRUNCATED = "truncated"
    RECOMPUTED = "recomputed"
    REMOVED = "removed"
    BACKDATED = "backdated"
    PAPER_MISSING = "paper missing"
    PAPER_CHANGED = "paper changed"
    PAPER_UNNAMED = "paper unnamed"
    PAPER_UNLIKE = "paper unlike"
    PAPER_UNREADABLE = "paper unreadable"
    LEAVES = "leaves"
    NODES = "nodes"
    ANCHOR_GONE = "anchor gone"
    UNSIGNED = "unsigned"
    OTHER_KEY = "other key"
    FOREIGN_KEY = "foreign key"
    NOT_KEPT = "not kept"


WHY_EN = {
    Break.CHANGED: "a field was changed after it was written",
    Break.GAP: "what stood before it was removed",
    Break.INSERTED: "it was put in afterwards",
    Break.REORDERED: "it stands out of its order, or twice",
    Break.DETACHED: "it does not continue the one before it",
    Break.TRUNCATED: "the history was cut off after it",
    Break.RECOMPUTED: "an anchor saw another event here: the chain was computed anew",
    Break.REMOVED: "an anchor saw this case, and it is gone",
    Break.BACKDATED: "it claims to be older than an anchor that does not know it: it was put in afterwards",
    Break.PAPER_MISSING: "its content is gone",
    Break.PAPER_CHANGED: "its content was changed",
    Break.PAPER_UNNAMED: "the list of the case's documents names another one, or none",
    Break.PAPER_UNLIKE: "its media type or size is not what the event says",
    Break.PAPER_UNREADABLE: "the event that added it cannot be read",
    Break.LEAVES: "the heads that it saw were changed, removed or added to",
    Break.NODES: "its tree is not stored as the heads make it: cases cannot be proved by it",
    Break.ANCHOR_GONE: "it is missing here, though heads that it saw or an outside keeper name it",
    Break.UNSIGNED: "its signature does not fit",
    Break.OTHER_KEY: "it is signed with another key than the one before it names",
    Break.FOREIGN_KEY: "it is signed with no key that is held here, or hands over to another: it may be forged",
    Break.NOT_KEPT: "it is not the one that was kept outside",
}
WHY_TH = {
    Break.CHANGED: "มีการแก้ไขข้อมูลหลังการบันทึก",
    Break.GAP: "รายการก่อนหน้าถูกลบออก",
    Break.INSERTED: "เป็นรายการที่แทรกเข้ามาภายหลัง",
    Break.REORDERED: "รายการผิดลำดับหรือซ้ำ",
    Break.DETACHED: "รายการไม่ต่อเนื่องกับรายการก่อนหน้า",
    Break.TRUNCATED: "ประวัติถูกตัดส่วนท้ายหลังรายการนี้",
    Break.RECOMPUTED: "ไม่ตรงกับรายการที่หมุดหลักฐานบันทึกไว้ ประวัติถูกคำนวณขึ้นใหม่",
    Break.REMOVED: "หมุดหลักฐานเคยบันทึกเรื่องนี้ไว้ แต่เรื่องถูกลบออกแล้ว",
    Break.BACKDATED: "ลงเวลาก่อนหมุดหลักฐานที่ไม่มีรายการนี้ จึงเป็นรายการที่แทรกเข้ามาภายหลัง",
    Break.PAPER_MISSING: "เนื้อหาถูกลบออก",
    Break.PAPER_CHANGED: "เนื้อหาถูกแก้ไข",
    Break.PAPER_UNNAMED: "ไม่ตรงกับทะเบียนเอกสารของเรื่อง",
    Break.PAPER_UNLIKE: "ชนิดหรือขนาดไม่ตรงกับที่บันทึกในประวัติ",
    Break.PAPER_UNREADABLE: "อ่านรายการที่เพิ่มเอกสารนี้ไม่ได้",
    Break.LEAVES: "ข้อมูลที่หมุดบันทึกไว้ถูกแก้ไข ลบ หรือเพิ่ม",
    Break.NODES: "โครงสร้างต้นไม้ที่เก็บไว้ไม่ตรงกับข้อมูลที่หมุดบันทึก จึงใช้พิสูจน์เรื่องไม่ได้",
    Break.ANCHOR_GONE: "ไม่มีหมุดนี้แล้ว ทั้งที่ข้อมูลที่หมุดเคยบันทึกหรือผู้เก็บรักษาภายนอกอ้างถึง",
    Break.UNSIGNED: "ลายมือชื่อดิจิทัลไม่ถูกต้อง",
    Break.OTHER_KEY: "ลงนามด้วยกุญแจอื่น ไม่ใช่กุญแจที่หมุดก่อนหน้ากำหนด",
    Break.FOREIGN_KEY: "ไม่ได้ลงนามด้วยกุญแจที่มีอยู่ที่นี่ หรือส่งต่อให้กุญแจอื่น อาจเป็นหมุดปลอม",
    Break.NOT_KEPT: "ไม่ตรงกับค่าที่เก็บรักษาไว้ภายนอก",
}


@dataclass(frozen=True, slots=True)
class ChainHead:
    """Where a case says that its chain ends."""

    case_id: str
    seq: int
    hash: str


def start_of(case_id: str) -> ChainHead:
    """Before the first event of a case."""
    return ChainHead(case_id, 0, GENESIS)


class Chain:
    """A chain as it is read, event by event; keeps nothing but its end, so a case may be of any length."""

    def __init__(self, start: ChainHead) -> None:
        self.end = start

    def follow(self, event: Event) -> None:
        """:raises ChainBroken: the event is not what comes next."""
        wrong = self._wrong(event)
        if wrong is not None:
            raise chain_broken(self.end.case_id, event.seq, wrong)
        self.end = ChainHead(self.end.case_id, event.seq, event.hash)

    def _wrong(self, event: Event) -> Break | None:
        if event.seq > self.end.seq + 1:
            return Break.GAP
        if event.seq <= self.end.seq:
            return Break.REORDERED
        if event.hash != event.expected_hash():
            return Break.CHANGED
        if event.prev_hash != self.end.hash or event.case_id != self.end.case_id:
            return Break.DETACHED
        return None

    def close(self, head: ChainHead) -> None:
        """:raises ChainBroken: the case says that its chain ends elsewhere."""
        if self.end != head:
            raise chain_broken(head.case_id, self.end.seq, Break.TRUNCATED)


def chain_broken(case_id: str, seq: int, reason: Break, **facts: object) -> ChainBroken:
    """The error of a break. `facts`: `since`, `until` (numbers of anchors) and their sentence `window`, `window_th`."""
    unknown = {"since": None, "until": None, "window": "", "window_th": ""}
    told = {"case": case_id, "seq": seq, "reason": reason, "why": WHY_EN[reason], "why_th": WHY_TH[reason]}
    return ChainBroken(**(unknown | told | facts))
