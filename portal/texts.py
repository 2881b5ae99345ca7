"""Every sentence of the pages, in Thai and in English, by key."""

from __future__ import annotations

from typing import Literal, NamedTuple

Language = Literal["th", "en"]


class Text(NamedTuple):
    th: str
    en: str


def text(key: str, language: Language, **facts: object) -> str:
    """The sentence of a key with its facts. KeyError for an unknown key: a programming error."""
    found = TEXTS[key]
    sentence = found.en if language == "en" else found.th
    return sentence.format(**facts) if facts else sentence


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
    "due.just_passed": Text("เพิ่งเลยกำหนด", "just overdue"),
    "due.hours_ago": Text("เลยกำหนด {n} ชั่วโมง", "{n} hours overdue"),
    "due.hours_ago_1": Text("เลยกำหนด {n} ชั่วโมง", "{n} hour overdue"),
    "due.days_ago": Text("เลยกำหนด {n} วัน", "{n} days overdue"),
    "due.days_ago_1": Text("เลยกำหนด {n} วัน", "{n} day overdue"),
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
    "inbox.counts": Text("งานค้าง {open} รายการ เลยกำหนด {late} รายการ", "{open} open, {late} overdue"),
    "inbox.tabs": Text("สถานะงาน", "State of the work"),
    "inbox.open": Text("ต้องดำเนินการ", "To do"),
    "inbox.done": Text("ดำเนินการแล้ว", "Done"),
    "inbox.search": Text("ค้นหาชื่องานหรือชื่อเรื่อง", "Search work or case"),
    "inbox.group.overdue": Text("เลยกำหนด", "Overdue"),
    "inbox.group.today": Text("ครบกำหนดวันนี้", "Due today"),
    "inbox.group.later": Text("ครบกำหนดภายหลัง", "Due later"),
    "inbox.group.undated": Text("ไม่มีกำหนด", "Without a date"),
    "inbox.asked_by": Text("มอบหมายโดย", "Asked by"),
    "inbox.for_unit": Text("งานของ", "for"),
    "inbox.other_duty": Text("ผู้มีหน้าที่อื่นในหน่วยงานเป็นผู้ดำเนินการ", "for another duty in the unit"),
    "inbox.done_at": Text("ส่งแล้วเมื่อ", "Submitted"),
    "inbox.undated": Text("ไม่มีกำหนด", "No due date"),
    "inbox.nothing": Text("ไม่มีงานค้าง", "Nothing to do"),
    "inbox.nothing_done": Text("ยังไม่มีงานที่ดำเนินการแล้ว", "Nothing has been done yet"),
    "inbox.nothing_found": Text("ไม่พบงานที่ตรงกับคำค้น", "No work matches your search"),
    "inbox.password_changed": Text("บันทึกรหัสผ่านใหม่แล้ว", "The new password is saved"),
    "start.registration": Text("ลงทะเบียนข้อสั่งการ", "Register a directive"),
    "start.opinion_call": Text("เปิดรับความเห็น", "Open a call for opinions"),
    "start.printout": Text("จัดทำเอกสารประกอบการประชุม", "Prepare a print-out"),
    # --- forms
    "form.by_link": Text("เปิดจากลิงก์ในอีเมลในนาม", "Opened from the link in the mail, as"),
    "form.for_unit": Text("หน่วยงานที่ดำเนินการ", "Unit"),
    "form.due": Text("กำหนดส่ง", "Due"),
    "form.required": Text("จำเป็น", "required"),
    "form.optional": Text("ไม่บังคับ", "optional"),
    "form.required_by_level": Text("จำเป็นตามระดับข้อสั่งการ", "required by level"),
    "form.choose": Text("– เลือก –", "– choose –"),
    "form.date_hint": Text("เช่น 13 เม.ย. 2561 หรือ 13/4/2561", "For example 13 เม.ย. 2561 or 13/4/2561"),
    "form.submit": Text("ส่ง", "Submit"),
    "form.sending": Text("กำลังส่ง…", "Sending…"),
    "form.save_draft": Text("บันทึกร่าง", "Save draft"),
    "form.draft_saved": Text("บันทึกร่างแล้ว เวลา {at} ยังไม่ได้ส่ง", "Draft saved at {at}; not submitted yet"),
    "form.draft_restored": Text(
        "เปิดร่างที่บันทึกไว้เมื่อ {at} ยังไม่ได้ส่ง", "Your draft of {at} is below; it is not submitted yet"
    ),
    "form.autosaved": Text("บันทึกร่างอัตโนมัติแล้ว เวลา", "Draft saved at"),
    "form.autosave_failed": Text(
        "บันทึกร่างไม่สำเร็จ จะลองใหม่ กรุณาอย่าปิดหน้านี้", "The draft could not be saved; keep this page open"
    ),
    "form.autosave_over": Text(
        "งานนี้ปิดแล้ว จึงบันทึกร่างไม่ได้ กรุณาคัดลอกข้อความไว้", "This work is closed; copy your text before you leave"
    ),
    "form.too_long": Text("เกินความยาวที่กำหนด (ตัวอักษร):", "Characters over the limit:"),
    "form.not_accepted": Text("ยังส่งไม่ได้ กรุณาแก้ไขรายการต่อไปนี้", "Not submitted yet; please correct the following"),
    "over.submitted": Text("ส่งแล้วเมื่อ", "Submitted on"),
    "over.by": Text("โดย", "by"),
    "over.receipt": Text("ดูใบรับ", "See the receipt"),
    "over.withdrawn": Text("งานนี้ถูกถอนแล้ว ไม่ต้องดำเนินการ", "This work was withdrawn; nothing needs to be done"),
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
    # --- refusals and failures
    "refused.csrf": Text(
        "แบบฟอร์มนี้ไม่ได้มาจากหน้าที่ท่านเปิดไว้ หรือเปิดค้างไว้นานเกินไป กรุณาเปิดหน้าใหม่แล้วส่งอีกครั้ง",
        "The form did not come from a page of your session, or was open for too long; open the page again",
    ),
    "refused.not_holder": Text(
        "งานนี้ไม่ได้อยู่ในความรับผิดชอบของหน่วยงานท่าน ระบบบันทึกการเข้าถึงครั้งนี้ไว้แล้ว",
        "Your unit does not hold this work; the attempt has been recorded",
    ),
    "refused.link": Text(
        "ลิงก์ไม่ถูกต้องหรือไม่ครบถ้วน กรุณาเปิดจากอีเมลอีกครั้งหรือเข้าสู่ระบบ",
        "The link is not genuine or is incomplete; open it from the mail again, or sign in",
    ),
    "refused.link_expired": Text(
        "ลิงก์หมดอายุแล้ว กรุณาเข้าสู่ระบบเพื่อดำเนินการ", "The link has expired; sign in to do the work"
    ),
    "refused.link_of_another": Text(
        "ลิงก์นี้ออกให้เจ้าหน้าที่ท่านอื่น หากเป็นงานของหน่วยงานท่าน กรุณาเปิดจากงานของหน่วยงาน",
        "The link was made for another officer; if your unit holds the work, open it from your inbox",
    ),
    "refused.invitation_used": Text(
        "คำเชิญนี้ใช้แล้วหรือหมดอายุ กรุณาติดต่อผู้ดูแลระบบ",
        "This invitation has been used or has expired; ask the administrator",
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
        "ใส่รหัสผ่านผิดหลายครั้ง กรุณารอ 15 นาทีแล้วลองใหม่ หรือติดต่อผู้ดูแลระบบ",
        "The password was wrong several times; wait 15 minutes and try again, or ask the administrator",
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
    "failure.send_again": Text("ส่งอีกครั้ง", "Send again"),
    "failure.to_inbox": Text("กลับไปยังงานของหน่วยงาน", "Back to the work of my unit"),
}
"""By key: the page or part of it, a dot, what is said."""
