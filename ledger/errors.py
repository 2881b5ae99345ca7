"""Errors of the ledger. The docstring is the sentence; the facts are attributes; both languages for people."""

from __future__ import annotations


class LedgerError(Exception):
    """Base of all ledger errors."""

    th = "บัญชีประวัติปฏิเสธรายการนี้"
    en = "The ledger refused this entry"

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        for name, value in facts.items():
            setattr(self, name, value)
        super().__init__(f"{self.en.format(**facts)} | {self.th.format(**facts)}")

    @property
    def message_th(self) -> str:
        return self.th.format(**self.facts)

    @property
    def message_en(self) -> str:
        return self.en.format(**self.facts)


class UnknownCase(LedgerError):
    """There is no case with this id."""

    th = "ไม่พบเรื่อง «{case}»"
    en = "There is no case «{case}»"


class CaseExists(LedgerError):
    """A case with this id exists and was opened with other data."""

    th = "มีเรื่อง «{case}» อยู่แล้วและข้อมูลไม่ตรงกัน"
    en = "Case «{case}» exists already, with other data"


class CaseIsClosed(LedgerError):
    """The case is no longer open."""

    th = "เรื่อง «{case}» ปิดแล้ว (สถานะ {state})"
    en = "Case «{case}» is closed (state {state})"


class CaseIsNotClosed(LedgerError):
    """Only a completed case can be reopened."""

    th = "เรื่อง «{case}» ยังไม่เสร็จสิ้น จึงเปิดใหม่ไม่ได้ (สถานะ {state})"
    en = "Case «{case}» is not completed and cannot be reopened (state {state})"


class CalledCaseIsNeeded(LedgerError):
    """The case that called this one is open and cannot go on without its result."""

    th = (
        "ยกเลิกเรื่อง «{case}» ไม่ได้ เนื่องจากเรื่อง «{caller}» ต้องใช้ผลของเรื่องนี้ "
        "กรุณาดำเนินการเรื่องนี้ต่อ หรือยกเลิกเรื่อง «{caller}» ซึ่งจะยุติเรื่องนี้ไปด้วย"
    )
    en = (
        "Case «{case}» cannot be cancelled: case «{caller}» needs its result; "
        "carry it on, or cancel case «{caller}», which ends this one as well"
    )


class UnknownHandOff(LedgerError):
    """There is no hand-off with this id."""

    th = "ไม่พบงานที่ส่งมอบ «{hand_off}»"
    en = "There is no hand-off «{hand_off}»"


class HandOffIsWithdrawn(LedgerError):
    """The work was withdrawn; it need not be done any more."""

    th = "งานนี้ยกเลิกแล้ว ไม่ต้องดำเนินการต่อ: {reason}"
    en = "This work was withdrawn and need not be done: {reason}"


class HandOffIsAnswered(LedgerError):
    """The form was submitted before, with other content."""

    th = "งานนี้มีผู้ส่งแล้วโดย {by} เมื่อ {at}"
    en = "This work was already submitted by {by} at {at}"


class FormWasUsed(LedgerError):
    """The form was sent before, with other content: it has opened a case, or stands in one."""

    th = "แบบฟอร์มนี้ส่งไปแล้ว อยู่ในเรื่อง «{case}» หากต้องการส่งข้อความด้านล่างเป็นอีกรายการหนึ่ง กรุณากดส่งอีกครั้ง"
    en = "This form was sent before, see «{case}»; to send what stands below as another one, send it again"


class RecordsAreInUse(LedgerError):
    """The pots are split by the personnel records that stand; others come too late."""

    th = "กพร. บันทึกวงเงินแล้ว จึงเปลี่ยนทะเบียนบุคคลของ «{case}» ไม่ได้ หากข้อมูลบุคคลคลาดเคลื่อน ให้หน่วยงานแก้ไขในบัญชีรายชื่อของหน่วยงาน"
    en = "The pots of «{case}» are keyed in and its records hold; units correct persons in their own lists"


class NobodyTakesIt(LedgerError):
    """The case no longer takes what was sent to it."""

    th = "เรื่อง «{case}» ไม่รับข้อมูลนี้แล้ว"
    en = "The case «{case}» no longer takes this"


class NotTheHolder(LedgerError):
    """The officer's unit does not hold this work."""

    th = "งานนี้เป็นของ «{unit}» ท่านไม่มีสิทธิดำเนินการ"
    en = "This work is held by «{unit}»; you may not act on it"


class RunTakenOver(LedgerError):
    """Another run of the same case holds the lease now; this one must stop without writing."""

    th = "มีรอบการทำงานใหม่ของเรื่อง «{case}» แล้ว รอบนี้ต้องหยุด"
    en = "A newer run of case «{case}» has taken over (fence {held}, ours {ours})"


class ChainBroken(LedgerError):
    """The hash chain of a case does not hold at an event; `reason` says how (`ledger.chain.Break`)."""

    th = "ห่วงโซ่หลักฐานของเรื่อง «{case}» ขาดที่ลำดับ {seq}: {why_th}{window_th}"
    en = "The hash chain of case «{case}» breaks at event {seq}: {why}{window}"


class CaseIsMissing(LedgerError):
    """An anchor saw the case, and it is gone with its whole history."""

    th = "ไม่มีเรื่อง «{case}» แล้ว หมุดหลักฐานเคยบันทึกไว้ {seq} รายการ เรื่องถูกลบออก{window_th}"
    en = "Case «{case}» is missing: anchors saw {seq} events of it, and it was taken away{window}"


class CaseStaysClosed(LedgerError):
    """The process ends for good: only where it provides for it a completed case is taken up again."""

    th = "เรื่อง «{case}» สิ้นสุดโดยกระบวนงานไม่ให้นำกลับมาดำเนินการอีก หากต้องดำเนินการเพิ่มเติมให้เริ่มเรื่องใหม่"
    en = "Case «{case}» has ended for good; what is still to be done begins as a new case"


class HistoryCannotBeRead(LedgerError):
    """Nothing can be made of what an event of the case holds."""

    exit_code = 3
    th = "อ่านลำดับ {seq} ({kind}) ของเรื่อง «{case}» ไม่ได้: {column}"
    en = "Event {seq} ({kind}) of case «{case}» cannot be read: its {column}"


class HistoryIsGone(LedgerError):
    """The case is there and none of its events: each case begins with one."""

    exit_code = 3
    th = "เรื่อง «{case}» ไม่มีประวัติเหลืออยู่ ทั้งที่ระบุไว้ว่ามี {seq} รายการ"
    en = "Case «{case}» has no history left, though its row says that it had {seq} events"


class ProofDoesNotHold(LedgerError):
    """What the ledger keeps of an anchor's tree does not lead from the case to the signed root."""

    exit_code = 3
    th = "หลักฐานที่ผูกเรื่อง «{case}» กับหมุดหลักฐานที่ {anchor} ใช้ไม่ได้ จึงไม่ส่งออก ให้เรียก sangkan audit verify {case}"
    en = "The proof of «{case}» against anchor {anchor} does not hold; it is not exported: sangkan audit verify {case}"


class DocumentIsMissing(LedgerError):
    """No document with this content hash."""

    th = "ไม่พบเอกสาร {sha256}"
    en = "There is no document {sha256}"


class DocumentIsDamaged(LedgerError):
    """The stored content no longer has the hash that names it."""

    th = "เอกสาร {sha256} เสียหาย เนื้อหาไม่ตรงกับค่าแฮช"
    en = "Document {sha256} is damaged: its content has another hash"


class DraftIsTooLarge(LedgerError):
    """A draft has grown beyond what any form can hold."""

    th = "ร่างมีขนาด {size} ไบต์ เกินที่บันทึกได้ ({limit} ไบต์)"
    en = "The draft has {size} bytes, more than can be kept ({limit} bytes)"


class NoOrganisation(LedgerError):
    """No organisation was stored yet."""

    th = "ยังไม่ได้นำเข้าข้อมูลส่วนราชการ"
    en = "No organisation was stored yet"


class OfficerExists(LedgerError):
    """Another officer has this id."""

    th = "มีเจ้าหน้าที่รหัส «{officer}» อยู่แล้วและข้อมูลไม่ตรงกัน"
    en = "Officer «{officer}» exists already, with other data"


class PaperBroken(LedgerError):
    """A document of a case is not what its history says; `reason` says how (`ledger.chain.Break`)."""

    th = "เอกสาร «{name}» ของเรื่อง «{case}» (ลำดับ {seq}) {why_th}"
    en = "Document «{name}» of case «{case}» (event {seq}): {why}"


class AnchorBroken(LedgerError):
    """An anchor does not hold; `reason` says how (`ledger.chain.Break`)."""

    th = "หมุดหลักฐานที่ {anchor}: {why_th}"
    en = "Anchor {anchor}: {why}"


class FindingBroken(LedgerError):
    """A finding in the register does not hold; `reason` says how (`ledger.chain.Break`)."""

    th = "ข้อตรวจพบที่ {finding}: {why_th}"
    en = "Finding {finding}: {why}"


class AnchorKeyIsMissing(LedgerError):
    """The file of the key that signs anchors does not exist."""

    th = "ไม่พบแฟ้มกุญแจลงนามหมุดหลักฐาน {file} ให้เรียก sangkan audit make-key"
    en = "There is no anchor key in {file}; run: sangkan audit make-key"


class AnchorKeyStands(LedgerError):
    """A key is never overwritten: what it signed could not be continued."""

    th = "มีแฟ้มกุญแจ {file} อยู่แล้ว ระบบไม่เขียนทับ"
    en = "The key file {file} exists and is not overwritten"


class AnchorKeyIsExposed(LedgerError):
    """Others than its owner may read or change the key's file."""

    th = "ผู้อื่นอ่านหรือแก้แฟ้มกุญแจ {file} ได้ ให้ตั้งสิทธิเป็นเจ้าของอ่านได้ผู้เดียว (chmod 600)"
    en = "Others may read or change the key file {file}; make it its owner's only (chmod 600)"


class AnchorKeyIsNotReadable(LedgerError):
    """The key's file belongs to another user."""

    th = "ผู้ใช้นี้ไม่มีสิทธิอ่านแฟ้มกุญแจลงนามหมุดหลักฐาน {file}"
    en = "This user may not read the anchor key {file}"


class AnchorKeyIsUnusable(LedgerError):
    """The file holds no Ed25519 key that can be read without a password."""

    th = "แฟ้ม {file} ไม่มีกุญแจ Ed25519 ที่ใช้ได้"
    en = "{file} holds no usable Ed25519 key"


class AnchorKeyDoesNotFollow(LedgerError):
    """The last anchor was signed with another key, and did not hand over to this one."""

    th = "กุญแจ {ours} ไม่ใช่กุญแจที่หมุดหลักฐานที่ {anchor} กำหนดให้ใช้ต่อ ({wanted}) หากกุญแจเดิมสูญหาย ดูคู่มือผู้ดูแลระบบ"
    en = "Key {ours} does not follow anchor {anchor}, which names {wanted}; if that key is lost, see the runbook"


class AnchorsBeginAnew(LedgerError):
    """A first anchor over a history that is older than it should be: earlier anchors may have been taken away."""

    th = (
        "ไม่มีหมุดหลักฐานในฐานข้อมูล ทั้งที่ประวัติเริ่มเมื่อ {since_th} หากเคยมีหมุดหลักฐาน หมุดเหล่านั้นถูกลบออก "
        "ให้ตรวจกับผู้เก็บรักษาภายนอกก่อน หากไม่เคยมี หรือเริ่มใหม่ด้วยกุญแจใหม่ ให้เรียก sangkan audit anchor --first"
    )
    en = (
        "There is no anchor, though the history begins at {since}. If there were any, they were taken away: ask the "
        "outside keeper first. If there were none, or a lost key makes you begin anew: sangkan audit anchor --first"
    )


class UnknownAnchor(LedgerError):
    """There is no anchor with this number."""

    th = "ไม่พบหมุดหลักฐานที่ {anchor}"
    en = "There is no anchor {anchor}"


class NotOnPostgreSQL(LedgerError):
    """The ledger is a file of SQLite, which knows no roles."""

    th = "บัญชีประวัติเป็นแฟ้ม SQLite ซึ่งไม่มีบทบาทผู้ใช้ฐานข้อมูล หน้าตรวจสอบเปิดแฟ้มแบบอ่านอย่างเดียวอยู่แล้ว"
    en = "The ledger is a file of SQLite, which knows no roles; auditors' pages open it read-only as it is"


class UnknownRole(LedgerError):
    """The database has no role of this name."""

    th = "ฐานข้อมูลไม่มีบทบาท «{role}» ให้สร้างก่อนด้วย createuser {role} --pwprompt"
    en = "The database has no role «{role}»; make it first: createuser {role} --pwprompt"
