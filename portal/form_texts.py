"""What the pages say in and around a form and its attached files: key → Thai, English; part of `portal.texts`."""

from __future__ import annotations

from collections.abc import Mapping

FORM_TEXTS: Mapping[str, tuple[str, str]] = {
    "inbox.drafted": ("มีร่าง", "Draft kept"),
    "form.by_link": ("เปิดจากลิงก์ในอีเมลในนาม", "Opened from the link in the mail, as"),
    "form.for_unit": ("หน่วยงานที่ดำเนินการ", "Unit"),
    "form.directive": ("ข้อสั่งการ", "The directive"),
    "form.directive_case": ("เปิดเรื่องของข้อสั่งการนี้", "Open the case of the directive"),
    "form.due": ("กำหนดส่ง", "Due"),
    "form.required": ("จำเป็น", "required"),
    "form.optional": ("ไม่บังคับ", "optional"),
    "form.required_by_level": ("จำเป็นตามระดับข้อสั่งการ", "required by level"),
    "form.line": ("ลำดับที่", "No."),
    "form.choose": ("– เลือก –", "– choose –"),
    "form.date_hint": ("เช่น 13 เม.ย. 2561 หรือ 13/4/2561", "For example 13/4/2018"),
    "form.submit": ("ส่ง", "Submit"),
    "form.sending": ("กำลังส่ง…", "Sending…"),
    "form.save_draft": ("บันทึกร่าง", "Save draft"),
    "form.draft_saved": ("บันทึกร่างแล้ว เวลา {at} ยังไม่ได้ส่ง", "Draft saved at {at}; not submitted yet"),
    "form.draft_restored": ("เปิดร่างที่บันทึกไว้เมื่อ {at} ยังไม่ได้ส่ง", "Your draft of {at} is below; it is not submitted yet"),
    "form.autosaved": ("บันทึกร่างอัตโนมัติแล้ว เวลา", "Draft saved at"),
    "form.autosave_failed": (
        "บันทึกร่างไม่สำเร็จ จะลองใหม่ กรุณาอย่าปิดหน้านี้",
        "The draft could not be saved; keep this page open",
    ),
    "form.autosave_over": (
        "งานนี้ปิดแล้ว จึงบันทึกร่างไม่ได้ กรุณาคัดลอกข้อความไว้",
        "This work is closed; copy your text before you leave",
    ),
    "form.too_long": ("เกินความยาวที่กำหนด (ตัวอักษร):", "Characters over the limit:"),
    "form.not_accepted": ("ยังส่งไม่ได้ กรุณาแก้ไขรายการต่อไปนี้", "Not submitted yet; please correct the following"),
    "files.attach": ("แนบไฟล์", "Attach"),
    "files.choose": ("เลือกไฟล์ที่จะแนบ", "Choose files to attach"),
    "files.remove": ("ลบ", "Remove"),
    "files.remove_named": ("ลบไฟล์ {name}", "Remove {name}"),
    "files.limits": (
        "แนบได้ไม่เกิน {most} ไฟล์ ไฟล์ละไม่เกิน {megabytes} MB ชนิด {kinds}",
        "Up to {most} files of at most {megabytes} MB each: {kinds}",
    ),
    "files.full": ("แนบครบจำนวนแล้ว", "No more files can be attached"),
    "files.attaching": ("กำลังแนบไฟล์… กรุณาอย่าปิดหน้านี้", "Attaching… keep this page open"),
    "files.too_large": (
        "ไฟล์ต่อไปนี้มีขนาดเกิน {megabytes} MB จึงแนบไม่ได้:",
        "These files have more than {megabytes} MB and cannot be attached:",
    ),
    "files.choose_again": (
        "ไฟล์ที่เพิ่งเลือกยังไม่ได้แนบ กรุณาเลือกไฟล์และแนบอีกครั้ง",
        "The files you just chose were not attached; choose them again",
    ),
    "files.yours": ("ไฟล์ที่ท่านแนบไว้", "Files that you attached"),
    "files.yours_help": ("ไฟล์เหล่านี้ยังไม่ได้ส่ง ดาวน์โหลดไปใช้ต่อได้", "They were not submitted; fetch them if you need them"),
    "files.with_work": ("เอกสารแนบ", "Attachments"),
}
