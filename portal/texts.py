"""Every sentence of the pages, in Thai and in English, by key."""

from __future__ import annotations

from typing import Literal, NamedTuple

from portal.access_texts import ACCESS_TEXTS
from portal.audit_diagram_texts import AUDIT_DIAGRAM_TEXTS
from portal.audit_texts import AUDIT_TEXTS
from portal.board_texts import BOARD_TEXTS
from portal.door_texts import DOOR_TEXTS
from portal.event_texts import EVENT_TEXTS
from portal.form_texts import FORM_TEXTS
from portal.link_texts import LINK_TEXTS
from portal.phase_texts import PHASE_TEXTS
from portal.year_texts import YEAR_TEXTS

Language = Literal["th", "en"]


class Text(NamedTuple):
    th: str
    en: str


def text(key: str, language: Language, /, **facts: object) -> str:
    """The sentence of a key with its facts. KeyError for an unknown key: a programming error."""
    found = TEXTS[key]
    sentence = found.en if language == "en" else found.th
    return sentence.format(**facts) if facts else sentence


PARTS = (
    FORM_TEXTS, PHASE_TEXTS, EVENT_TEXTS, YEAR_TEXTS, DOOR_TEXTS, LINK_TEXTS, BOARD_TEXTS, ACCESS_TEXTS, AUDIT_TEXTS,
    AUDIT_DIAGRAM_TEXTS,
)  # fmt: skip
"""What stands in files of its own."""
TEXTS: dict[str, Text] = {
    # --- every page
    "base.skip": Text("ข้ามไปยังเนื้อหา", "Skip to content"),
    "base.menu": Text("เมนูหลัก", "Main menu"),
    "base.inbox": Text("งานของหน่วยงาน", "Work of my unit"),
    "base.cases": Text("เรื่องทั้งหมด", "Cases"),
    "base.weeks": Text("รายงานประจำสัปดาห์", "Weekly reports"),
    "base.mailbox": Text("กล่องจดหมาย", "Mailbox"),
    "base.officers": Text("ผู้ใช้งาน", "Officers"),
    "base.audit": Text("บันทึกการเข้าใช้", "Access log"),
    "base.password": Text("เปลี่ยนรหัสผ่าน", "Change password"),
    "base.sign_out": Text("ออกจากระบบ", "Sign out"),
    "base.other_language": Text("English", "ภาษาไทย"),
    "base.footer": Text("เวลาที่แสดงเป็นเวลาประเทศไทย", "Times are those of Thailand"),
    "paging.label": Text("หน้าอื่น", "Other pages"),
    "paging.previous": Text("ก่อนหน้า", "Previous"),
    "paging.next": Text("ถัดไป", "Next"),
    "paging.shown": Text("รายการที่ {first}–{last} จาก {total}", "{first}–{last} of {total}"),
    "search.do": Text("ค้นหา", "Search"),
    # --- deadlines
    "due.today": Text("วันนี้ ก่อน {time}", "today before {time}"),
    "due.tomorrow": Text("พรุ่งนี้ ก่อน {time}", "tomorrow before {time}"),
    "due.in_days": Text("อีก {n} วัน", "in {n} days"),
    "due.just_passed": Text("เพิ่งพ้นกำหนด", "just overdue"),
    "due.hours_ago": Text("เกินกำหนด {n} ชั่วโมง", "{n} hours overdue"),
    "due.hours_ago_1": Text("เกินกำหนด {n} ชั่วโมง", "{n} hour overdue"),
    "due.days_ago": Text("เกินกำหนด {n} วัน", "{n} days overdue"),
    "due.days_ago_1": Text("เกินกำหนด {n} วัน", "{n} day overdue"),
    # --- signing in
    "sign_in.title": Text("เข้าสู่ระบบ", "Sign in"),
    "sign_in.do": Text("เข้าสู่ระบบ", "Sign in"),
    "sign_in.account": Text("ชื่อผู้ใช้", "Account"),
    "sign_in.account_help": Text("เช่น dept-plan.1", "For example dept-plan.1"),
    "sign_in.password": Text("รหัสผ่าน", "Password"),
    "sign_in.wrong": Text("ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง", "The account or the password is wrong"),
    "sign_in.ended": Text("กรุณาเข้าสู่ระบบอีกครั้ง", "Please sign in again"),
    "sign_in.kept": Text(
        "การเข้าใช้งานสิ้นสุดแล้ว กรุณาเข้าสู่ระบบอีกครั้ง ข้อความที่พิมพ์ไว้จะอยู่ในแบบฟอร์มครบถ้วน",
        "Your session has ended. Sign in again; all that you typed will be in the form",
    ),
    "sign_in.forgotten": Text(
        "ลืมรหัสผ่านหรือยังไม่มีบัญชี กรุณาติดต่อผู้ดูแลระบบ",
        "If you forgot your password or have no account, ask the administrator",
    ),
    "password.change": Text("เปลี่ยนรหัสผ่าน", "Change password"),
    "password.choose": Text("ตั้งรหัสผ่าน", "Choose a password"),
    "password.welcome": Text("ยินดีต้อนรับ", "Welcome,"),
    "password.current": Text("รหัสผ่านปัจจุบัน", "Current password"),
    "password.new": Text("รหัสผ่านใหม่", "New password"),
    "password.repeat": Text("รหัสผ่านใหม่อีกครั้ง", "New password again"),
    "password.rule": Text("อย่างน้อย 10 ตัวอักษร ใช้วลีที่จำง่ายแต่เดายากได้", "At least 10 characters; a phrase will do"),
    "password.save": Text("บันทึกรหัสผ่าน", "Save the password"),
    "password.too_short": Text("รหัสผ่านต้องยาวอย่างน้อย 10 ตัวอักษร", "The password needs at least 10 characters"),
    "password.too_long": Text("รหัสผ่านยาวได้ไม่เกิน 200 ตัวอักษร", "The password may have at most 200 characters"),
    "password.too_easy": Text("รหัสผ่านนี้เดาง่ายเกินไป", "This password is too easy to guess"),
    "password.differs": Text("รหัสผ่านใหม่ทั้งสองช่องไม่ตรงกัน", "The two new passwords differ"),
    "password.current_wrong": Text("รหัสผ่านปัจจุบันไม่ถูกต้อง", "The current password is wrong"),
    # --- inbox
    "inbox.title": Text("งานของหน่วยงาน", "Work of my unit"),
    "inbox.counts": Text("งานค้าง {open}\u00a0รายการ เกินกำหนด {late}\u00a0รายการ", "{open} open, {late} overdue"),
    "inbox.tabs": Text("สถานะงาน", "State of the work"),
    "inbox.open": Text("ต้องดำเนินการ", "To do"),
    "inbox.done": Text("ดำเนินการแล้ว", "Done"),
    "inbox.overseen": Text("หน่วยงานในกำกับดูแล", "Units that I oversee"),
    "inbox.overseen_late": Text("เกินกำหนด {late}", "{late} overdue"),
    "inbox.search": Text("ค้นหาชื่องานหรือชื่อเรื่อง", "Search work or case"),
    "inbox.group.overdue": Text("เกินกำหนด", "Overdue"),
    "inbox.group.today": Text("ครบกำหนดวันนี้", "Due today"),
    "inbox.group.later": Text("ครบกำหนดภายหลัง", "Due later"),
    "inbox.group.undated": Text("ไม่มีกำหนด", "Without a date"),
    "inbox.asked_by": Text("จากหน่วยงาน", "Asked by"),
    "inbox.for_unit": Text("งานของ", "for"),
    "inbox.other_duty": Text("ผู้มีหน้าที่อื่นในหน่วยงานเป็นผู้ดำเนินการ", "for another duty in the unit"),
    "inbox.done_at": Text("ส่งแล้วเมื่อ", "Submitted"),
    "inbox.undated": Text("ไม่มีกำหนด", "No due date"),
    "inbox.nothing": Text("ไม่มีงานค้าง", "Nothing to do"),
    "inbox.nothing_done": Text("ยังไม่มีงานที่ดำเนินการแล้ว", "Nothing has been done yet"),
    "inbox.nothing_overseen": Text("หน่วยงานในกำกับดูแลไม่มีงานค้าง", "The units that you oversee have nothing to do"),
    "inbox.nothing_found": Text("ไม่พบงานที่ตรงกับคำค้น", "No work matches your search"),
    "inbox.password_changed": Text("บันทึกรหัสผ่านใหม่แล้ว", "The new password is saved"),
    "start.registration": Text("ลงทะเบียนข้อสั่งการ", "Register a directive"),
    "start.opinion_call": Text("เปิดรับความเห็น", "Open a call for opinions"),
    "start.printout": Text("จัดทำเอกสารประกอบการประชุม", "Prepare a print-out"),
    # --- forms
    "over.submitted": Text("ส่งแล้วเมื่อ", "Submitted on"),
    "over.by": Text("โดย", "by"),
    "over.receipt": Text("ดูใบรับ", "See the receipt"),
    "over.withdrawn": Text("งานนี้ยกเลิกแล้ว ไม่ต้องดำเนินการ", "This work was withdrawn; nothing needs to be done"),
    "over.case_closed": Text("เรื่องนี้ปิดแล้ว ไม่ต้องดำเนินการ", "This case is closed; nothing needs to be done"),
    "over.typed": Text("ข้อความที่ท่านพิมพ์ไว้", "What you typed"),
    "over.typed_help": Text("ข้อความนี้ยังไม่ได้ส่ง คัดลอกไปใช้ต่อได้", "This was not submitted; copy it if you need it"),
    "over.answer": Text("ข้อมูลที่ส่ง", "What was submitted"),
    "receipt.title": Text("รับเรื่องเรียบร้อยแล้ว", "Received"),
    "receipt.at": Text("ส่งแล้วเมื่อ", "Submitted"),
    "receipt.by": Text("ผู้ส่ง", "By"),
    "receipt.number": Text("เลขที่รับ", "Receipt number"),
    "receipt.hash": Text("รหัสหลักฐาน", "Evidence code"),
    "receipt.in_time": Text("ทันกำหนด", "On time"),
    "receipt.late": Text("ส่งหลังกำหนด", "Late"),
    "receipt.due": Text("(กำหนดส่ง {due})", "(due {due})"),
    "receipt.to_inbox": Text("กลับไปยังงานของหน่วยงาน", "Back to the work of my unit"),
    "receipt.to_case": Text("ดูเรื่อง", "See the case"),
    "receipt.close": Text("ปิดหน้านี้ได้", "You can close this page"),
    # --- starting
    "start.do": Text("บันทึกและส่ง", "Save and send"),
    "start.leave": Text("ยกเลิก", "Cancel"),
    "start.help.registration": Text(
        "ระบบจะส่งข้อสั่งการถึงกลุ่มแผน/กองแผนของทุกส่วนราชการที่เลือก",
        "The directive goes to the planning unit of every agency that you choose",
    ),
    "start.help.opinion-call": Text(
        "ระบบจะขอความเห็นจากกลุ่มแผน/กองแผนของทุกส่วนราชการ",
        "The planning unit of every agency is asked for its opinion",
    ),
    "start.help.printout": Text(
        "ระบบจะจัดทำตารางตามระดับข้อสั่งการ เพื่อให้หัวหน้าส่วนราชการใช้ในการประชุม",
        "The table by levels is made for the agency head to take to the meeting",
    ),
    # --- cases
    "cases.title": Text("เรื่องทั้งหมด", "Cases"),
    "cases.text": Text("คำค้น", "Text"),
    "cases.process": Text("กระบวนงาน", "Process"),
    "cases.unit": Text("ส่วนราชการ", "Agency"),
    "cases.state": Text("สถานะ", "State"),
    "cases.year": Text("ปีงบประมาณ พ.ศ.", "Fiscal year (B.E.)"),
    "cases.any": Text("ทั้งหมด", "any"),
    "cases.found": Text("พบ {n} เรื่อง", "{n} found"),
    "cases.none": Text("ไม่พบเรื่องตามเงื่อนไข", "No case fits"),
    "state.open": Text("กำลังดำเนินการ", "Open"),
    "state.completed": Text("เสร็จสิ้น", "Completed"),
    "state.cancelled": Text("ยกเลิก", "Cancelled"),
    "state.superseded": Text("ถูกแทนที่", "Superseded"),
    "case.work": Text("งานที่รอดำเนินการ", "Open work"),
    "case.reports": Text("รายงานประจำสัปดาห์", "Weekly reports"),
    "case.history": Text("ประวัติของเรื่อง", "History"),
    "case.part_of_week": Text("แสดงเฉพาะส่วนของส่วนราชการของท่านในสัปดาห์นี้", "Only your agency's part of the week is shown"),
    "case.events_shown": Text("เหตุการณ์ที่ {first}–{last} จากทั้งหมด {total}", "Events {first}–{last} of {total}"),
    "case.first_events": Text("แรกสุด", "First"),
    "case.earlier_events": Text("ก่อนหน้า", "Earlier"),
    "case.later_events": Text("ถัดไป", "Later"),
    "case.latest_events": Text("ล่าสุด", "Latest"),
    "case.more_work": Text("และอีก {n} งานที่ครบกำหนดภายหลัง", "and {n} more, due later"),
    "case.latest_mails": Text(
        "แสดง {n} ฉบับล่าสุด ฉบับอื่นอยู่ในประวัติของเรื่อง", "The latest {n} are shown; the others stand in the history"
    ),
    "case.system_events": Text("การทำงานของระบบ {n} รายการ", "{n} events of the system"),
    "case.system_events_1": Text("การทำงานของระบบ {n} รายการ", "{n} event of the system"),
    "case.see_form": Text("ดูแบบฟอร์มที่ส่ง", "See the form"),
    "case.about": Text("ข้อมูลเรื่อง", "About"),
    "case.units": Text("หน่วยงานที่เกี่ยวข้อง", "Units concerned"),
    "case.opened": Text("เปิดเรื่องเมื่อ", "Opened"),
    "case.closed": Text("ปิดเรื่องเมื่อ", "Closed"),
    "case.week_board": Text("กระดานรายงานของสัปดาห์", "The week's board"),
    "case.run": Text("ดูรอบการทำงานใน Prefect", "See the run in Prefect"),
    "case.related": Text("เรื่องที่เกี่ยวข้อง", "Related cases"),
    "case.parent": Text("เป็นส่วนหนึ่งของ", "Part of"),
    "case.documents": Text("เอกสาร", "Documents"),
    "case.mails": Text("อีเมล", "Mails"),
    "case.see_mails": Text("ดูรายการอีเมล", "See the mails"),
    "case.orders": Text("คำสั่งของฝ่ายเลขานุการ", "Orders of the secretariat"),
    "case.reason": Text("เหตุผล", "Reason"),
    "case.reason_missing": Text("กรุณาระบุเหตุผล", "Give a reason"),
    "case.is_closed": Text("เรื่องนี้ปิดแล้ว", "The case is closed already"),
    "case.is_not_closed": Text("นำกลับมาดำเนินการได้เฉพาะเรื่องที่เสร็จสิ้นแล้ว", "Only a completed case can be reopened"),
    "case.is_not_stopped": Text("เรื่องนี้ทำงานตามปกติ ไม่ต้องรับเรื่องต่อ", "The case runs as it should"),
    "case.cancel": Text("ยกเลิกเรื่อง", "Cancel the case"),
    "case.cancel.help": Text(
        "งานที่ค้างทั้งหมดของเรื่องนี้และของเรื่องย่อยจะถูกยกเลิก และระบบจะแจ้งผู้รับผิดชอบทุกหน่วยงาน",
        "All open work of the case and of those that it called is withdrawn and its holders are told",
    ),
    "case.cancel.do": Text("ยืนยันยกเลิกเรื่อง", "Cancel the case"),
    "case.is_needed": Text(
        "ยกเลิกเฉพาะเรื่องนี้ไม่ได้ เนื่องจากเรื่องหลักต้องใช้ผลของเรื่องนี้ กรุณาดำเนินการเรื่องนี้ต่อ หรือยกเลิกเรื่องหลัก ซึ่งจะยุติเรื่องนี้ไปด้วย",
        "This case cannot be cancelled by itself: the case that called it needs its result; "
        "carry it on, or cancel the case that called it, which ends this one as well",
    ),
    "case.stays_closed": Text(
        "เรื่องนี้สิ้นสุดโดยกระบวนงานไม่ให้นำกลับมาดำเนินการอีก หากต้องดำเนินการเพิ่มเติม กรุณาเริ่มเรื่องใหม่",
        "The case has ended for good; what is still to be done begins as a new case",
    ),
    "case.reopen": Text("นำเรื่องกลับมาดำเนินการอีกครั้ง", "Reopen the case"),
    "case.reopen.help": Text(
        "เรื่องที่เสร็จสิ้นแล้วจะกลับมาดำเนินการอีกครั้ง และต้องรายงานทุกสัปดาห์",
        "The completed case is taken up again and is reported every week",
    ),
    "case.reopen.do": Text("ยืนยันนำเรื่องกลับมาดำเนินการ", "Reopen the case"),
    "case.take_up": Text("รับเรื่องต่อ", "Take the case up again"),
    "case.stopped.failed": Text("กระบวนงานของเรื่องนี้หยุดเพราะเกิดข้อผิดพลาด", "The run of this case stopped with an error"),
    "case.stopped.detached": Text(
        "รอบการทำงานของเรื่องนี้ถูกยกเลิกหรือลบใน Prefect", "The run of this case was cancelled or deleted in Prefect"
    ),
    "case.stopped.ask": Text("ผู้ดูแลระบบเป็นผู้รับเรื่องต่อ", "The administrator can take it up again"),
    "case.error": Text("รายละเอียดข้อผิดพลาด", "The error"),
    "case.done.started": Text("บันทึกและส่งแล้ว", "Saved and sent"),
    "case.done.cancelled": Text("ยกเลิกเรื่องแล้ว", "The case is cancelled"),
    "case.done.reopened": Text("นำเรื่องกลับมาดำเนินการอีกครั้งแล้ว", "The case is open again"),
    "case.done.taken_up": Text("รับเรื่องต่อแล้ว ระบบกำลังทำงานต่อ", "The case is being carried on"),
    "about.no": Text("ข้อสั่งการที่", "Number"),
    "about.ordered_by": Text("ผู้สั่งการ", "Ordered by"),
    "about.ordered_on": Text("วันที่สั่งการ", "Ordered on"),
    "about.source": Text("ที่มา", "Source"),
    "about.nature": Text("ลักษณะข้อสั่งการ", "Nature"),
    "about.urgency": Text("ชั้นความเร็ว", "Urgency"),
    "about.text": Text("รายละเอียด", "Text"),
    "about.agency": Text("ส่วนราชการ", "Agency"),
    "about.agencies": Text("ส่วนราชการ", "Agencies"),
    "about.week": Text("สัปดาห์", "Week"),
    "about.cut_off": Text("กำหนดปิดรับรายงาน", "Cut-off"),
    "about.report_at": Text("เสนอรัฐมนตรี", "Report to the minister"),
    "about.meeting": Text("วันประชุม", "Meeting"),
    "about.due": Text("กำหนดส่ง", "Due"),
    # --- what happened
    **{key: Text(*said) for part in PARTS for key, said in part.items()},
    "mail.state.queued": Text("รอส่ง", "Queued"),
    "mail.state.sent": Text("ส่งแล้ว", "Sent"),
    "mail.state.skipped": Text("ไม่ส่ง", "Not sent"),
    "mail.state.failed": Text("ส่งไม่สำเร็จ", "Failed"),
    "mail.kind.task": Text("มอบงาน", "Task"),
    "mail.kind.reminder": Text("แจ้งเตือน", "Reminder"),
    "mail.kind.replanned": Text("เปลี่ยนกำหนดเวลา", "Due at another time"),
    "mail.kind.anchor": Text("หมุดหลักฐานถึงผู้เก็บรักษา", "Anchor for the outside keeper"),
    "mail.kind.digest": Text("สรุปงานเกินกำหนด", "Digest of late work"),
    "mail.kind.overseen": Text("สรุปงานเกินกำหนดของหน่วยงานในกำกับดูแล", "Digest of late work in units that are overseen"),
    "mail.kind.open_work": Text("แจ้งเตือนงานค้าง", "Reminder of open work"),
    "mail.kind.withdrawn": Text("ถอนงาน", "Withdrawal"),
    "mail.kind.minister_report": Text("รายงานเสนอรัฐมนตรี", "Report to the minister"),
    "mail.kind.invitation": Text("คำเชิญใช้งาน", "Invitation"),
    "mail.kind.undeliverable": Text("แจ้งอีเมลส่งไม่ถึง", "Undeliverable mail"),
    "mail.kind.notice": Text("แจ้งเพื่อทราบ", "Notice"),
    # --- weeks
    "weeks.title": Text("รายงานประจำสัปดาห์", "Weekly reports"),
    "weeks.running": Text("กำลังเปิดรับรายงาน", "Taking reports"),
    "weeks.closed": Text("ปิดรับแล้ว", "Closed"),
    "weeks.none": Text("ยังไม่มีสัปดาห์ที่เปิดรับรายงาน", "No week has been opened yet"),
    "week.running": Text("กำลังเปิดรับรายงาน", "Taking reports"),
    "week.closed": Text("ปิดรับแล้ว", "Closed"),
    "week.frozen": Text("ปิดรับแล้ว ข้อมูล ณ เวลาปิดรับรายงาน", "Closed, data frozen"),
    "week.live": Text(
        "เอกสารที่พิมพ์ขณะยังไม่ตรึงข้อมูลจะมีข้อความ «ข้อมูล ณ วันที่ … เวลา … น.» กำกับ",
        "Until the data are frozen, print-outs carry a watermark with the date and time",
    ),
    "week.friday": Text("สัปดาห์วันศุกร์ที่ {friday}", "Week of Friday {friday}"),
    "week.pdf": Text("พิมพ์ตาราง (PDF)", "Print-out (PDF)"),
    "week.xlsx": Text("ตาราง (Excel)", "Table (Excel)"),
    "week.other": Text("สัปดาห์อื่น", "Other weeks"),
    "week.earlier": Text("สัปดาห์ก่อน", "Earlier"),
    "week.later": Text("สัปดาห์ถัดไป", "Later"),
    "week.all_agencies": Text("ทุกส่วนราชการ", "All agencies"),
    "week.show": Text("แสดง", "Show"),
    "week.empty": Text("สัปดาห์นี้ไม่มีข้อสั่งการที่ต้องรายงาน", "No directive is reported in this week"),
    "week.by_agency": Text("สรุปตามส่วนราชการ", "By agency"),
    "week.sum": Text("รวม", "Sum"),
    "week.levels": Text(
        "ระดับ 2.1 ถึง 2.4 นับเฉพาะเรื่องที่ส่งรายงานแล้ว ส่วนตารางที่พิมพ์นับเรื่องที่ไม่มีรายงานไว้ในระดับล่าสุดที่ทราบด้วย",
        "Levels 2.1 to 2.4 count what is reported; the print-out also counts what is not, at its last known level",
    ),
    "week.matrix": Text("ข้อสั่งการและส่วนราชการ", "Directives and agencies"),
    "week.directive": Text("ข้อสั่งการ", "Directive"),
    "week.details": Text("รายละเอียด", "Details"),
    "standing.reported": Text("รายงานแล้ว", "Reported"),
    "standing.late": Text("รายงานล่าช้า", "Late"),
    "standing.checking": Text("รอกลุ่มแผนตรวจ", "Being checked"),
    "standing.returned": Text("ส่งคืนแก้ไข", "Returned"),
    "standing.waiting": Text("ยังไม่รายงาน", "Not yet"),
    "standing.missing": Text("ไม่รายงาน", "Missing"),
    # --- officers, access log, mailbox
    "officers.help": Text(
        "รายชื่อตามข้อมูลส่วนราชการที่ใช้อยู่ คำเชิญใช้ตั้งรหัสผ่านครั้งแรกหรือตั้งใหม่",
        "As the standing organisation has them; an invitation lets an officer choose a password",
    ),
    "officers.search": Text("ค้นหาชื่อ รหัส หรือหน่วยงาน", "Search name, id or unit"),
    "officers.none": Text("ไม่พบผู้ใช้งาน", "No officer found"),
    "officers.inactive": Text("ปิดใช้งาน", "Closed"),
    "officers.password_since": Text("ตั้งรหัสผ่านเมื่อ", "Password set"),
    "officers.no_password": Text("ยังไม่ตั้งรหัสผ่าน", "No password yet"),
    "officers.invite": Text("สร้างคำเชิญ", "Make an invitation"),
    "officers.link": Text("ลิงก์คำเชิญ", "Invitation link"),
    "officers.link_for": Text("ลิงก์คำเชิญของ", "Invitation of"),
    "officers.link_help": Text(
        "ส่งลิงก์นี้ให้เจ้าตัวเท่านั้น ใช้ได้ครั้งเดียวภายใน 7 วัน และจะไม่แสดงอีก",
        "Give it to this officer only; it works once, within 7 days, and is not shown again",
    ),
    "duty.officer": Text("เจ้าหน้าที่", "officer"),
    "duty.supervisor": Text("ผู้กำกับดูแล", "supervisor"),
    "duty.head": Text("หัวหน้าหน่วยงาน", "head"),
    "duty.administrator": Text("ผู้ดูแลระบบ", "administrator"),
    "duty.auditor": Text("ผู้ตรวจสอบ", "auditor"),
    "mailbox.help": Text(
        "อีเมลทุกฉบับที่ระบบส่งในชุดทดลอง ไม่มีฉบับใดออกนอกเครื่องนี้",
        "Every mail of this rehearsal; none of them leaves this machine",
    ),
    "mailbox.search": Text("ค้นหาเรื่องหรือผู้รับ", "Search subject or recipient"),
    "mailbox.nothing": Text("ยังไม่มีอีเมล", "No mail yet"),
    "mailbox.no_subject": Text("(ไม่มีชื่อเรื่อง)", "(no subject)"),
    "mailbox.no_name": Text("(ไม่มีชื่อ)", "(no name)"),
    "mailbox.duplicate": Text("ซ้ำ", "Duplicate"),
    "mailbox.from": Text("จาก", "From"),
    "mailbox.to": Text("ถึง", "To"),
    "mailbox.date": Text("วันที่", "Date"),
    "mailbox.attachments": Text("สิ่งที่ส่งมาด้วย", "Attachments"),
    "mailbox.as_sent": Text("อีเมลตามที่ส่ง", "The mail as it was sent"),
    "mailbox.text": Text("ข้อความล้วน", "Plain text"),
    "refused.case": Text(
        "เรื่องนี้ไม่เกี่ยวข้องกับหน่วยงานของท่าน ระบบบันทึกการเข้าถึงครั้งนี้ไว้แล้ว",
        "The case does not concern your unit; the attempt has been recorded",
    ),
    "refused.role": Text(
        "หน้านี้เป็นหน้าที่ของผู้อื่น ระบบบันทึกการเข้าถึงครั้งนี้ไว้แล้ว", "This is for another duty; the attempt has been recorded"
    ),
    "refused.start": Text("ท่านไม่มีหน้าที่เริ่มเรื่องนี้", "It is not for you to start this"),
    "refused.weeks": Text("ท่านดูได้เฉพาะรายงานของส่วนราชการของท่าน", "You may see the reports of your own agency only"),
    # --- refusals and failures
    "refused.csrf": Text(
        "แบบฟอร์มนี้ไม่ได้มาจากหน้าที่ท่านเปิดไว้ หรือเปิดค้างไว้นานเกินไป กรุณาเปิดหน้าใหม่แล้วส่งอีกครั้ง",
        "The form did not come from a page of your session, or was open for too long; open the page again",
    ),
    "refused.not_holder": Text(
        "งานนี้ไม่ได้อยู่ในความรับผิดชอบของหน่วยงานท่าน ระบบบันทึกการเข้าถึงครั้งนี้ไว้แล้ว",
        "Your unit does not hold this work; the attempt has been recorded",
    ),
    "refused.link_of_another": Text(
        "ลิงก์นี้ออกให้เจ้าหน้าที่ท่านอื่น หากเป็นงานของหน่วยงานท่าน กรุณาเปิดจากงานของหน่วยงาน",
        "The link was made for another officer; if your unit holds the work, open it from your inbox",
    ),
    "failure.403.title": Text("ไม่มีสิทธิเข้าถึง", "Not allowed"),
    "failure.403.text": Text("ท่านไม่มีสิทธิเข้าถึงหน้านี้", "You may not open this page"),
    "failure.404.title": Text("ไม่พบหน้าที่ต้องการ", "Not found"),
    "failure.404.text": Text(
        "ไม่พบหน้านี้ ที่อยู่อาจไม่ถูกต้องหรือเรื่องถูกย้ายแล้ว", "There is no such page; the address may be wrong"
    ),
    "failure.405.title": Text("ทำรายการนี้ไม่ได้", "This cannot be done here"),
    "failure.405.text": Text("หน้านี้ไม่รับคำสั่งดังกล่าว", "The page does not take this kind of request"),
    "failure.413.title": Text("ข้อความยาวเกินไป", "Too much text"),
    "failure.413.text": Text(
        "ข้อมูลที่ส่งมีขนาดใหญ่เกินที่ระบบรับได้ แต่ละช่องรับได้ไม่เกิน 20,000 ตัวอักษร กดย้อนกลับเพื่อกลับไปที่แบบฟอร์ม ข้อความที่พิมพ์ยังอยู่",
        "The form is larger than can be taken; each field takes up to 20,000 characters. "
        "Go back: what you typed is still there",
    ),
    "failure.415.title": Text("อ่านแบบฟอร์มไม่ได้", "The form cannot be read"),
    "failure.415.text": Text("ข้อมูลที่ส่งไม่ใช่แบบฟอร์มของระบบ", "What was sent is not a form of this system"),
    "failure.429.title": Text("ลองเข้าสู่ระบบหลายครั้งเกินไป", "Too many attempts"),
    "failure.429.text": Text("กรุณารอสักครู่แล้วลองใหม่", "Wait a while and try again"),
    "failure.429.sign_in": Text(
        "ใส่รหัสผ่านผิดหลายครั้ง กรุณารอ {n} นาทีแล้วลองใหม่ หรือติดต่อผู้ดูแลระบบ",
        "The password was wrong several times; wait {n} minutes and try again, or ask the administrator",
    ),
    "failure.429.sign_in_1": Text(
        "ใส่รหัสผ่านผิดหลายครั้ง กรุณารอ {n} นาทีแล้วลองใหม่ หรือติดต่อผู้ดูแลระบบ",
        "The password was wrong several times; wait {n} minute and try again, or ask the administrator",
    ),
    "failure.500.title": Text("ระบบขัดข้อง", "Something went wrong"),
    "failure.500.text": Text(
        "เกิดข้อผิดพลาดในระบบ ผู้ดูแลได้รับแจ้งแล้ว กรุณาลองใหม่", "An error occurred and was logged; please try again"
    ),
    "failure.503.title": Text("ระบบยังไม่พร้อมให้บริการ", "Not available at the moment"),
    "failure.503.text": Text(
        "ระบบไม่สามารถบันทึกข้อมูลได้ในขณะนี้ กรุณาลองใหม่ในอีกสักครู่",
        "Nothing can be saved at the moment; please try again shortly",
    ),
    "failure.nothing_lost": Text(
        "ข้อความที่พิมพ์ไว้อยู่ครบด้านล่าง ยังไม่ได้ส่ง กด «ส่งอีกครั้ง» เมื่อระบบพร้อม",
        "All that you typed is below and not submitted yet; send it again in a moment",
    ),
    "resend.title": Text("แบบฟอร์มยังไม่ได้ส่ง", "Your form is not sent yet"),
    "resend.help": Text(
        "การเข้าใช้งานสิ้นสุดก่อนส่งแบบฟอร์ม สิ่งที่กรอกไว้ยังอยู่ครบ กด «ส่งอีกครั้ง» เพื่อส่งในชื่อบัญชีที่เข้าสู่ระบบอยู่นี้",
        "Your session ended before the form was sent. All of it is still here; send it again from this account",
    ),
    "resend.leave": Text("ไม่ส่ง ไปยังงานของหน่วยงาน", "Do not send; go to the work of my unit"),
    "failure.send_again": Text("ส่งอีกครั้ง", "Send again"),
    "failure.open_as_named": Text("ออกจากระบบ แล้วเปิดลิงก์นี้", "Sign out and open the link"),
    "failure.to_inbox": Text("กลับไปยังงานของหน่วยงาน", "Back to the work of my unit"),
}
"""By key: the page or part of it, a dot, what is said."""
