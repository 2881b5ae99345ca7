"""What the access log says to administrators and auditors: key → Thai, English."""

from __future__ import annotations

ACCESS_TEXTS: dict[str, tuple[str, str]] = {
    "access.help": (
        "บันทึกการเข้าใช้ การถูกปฏิเสธ และการเปิดอ่าน เวลาตามนาฬิกาของเครื่อง การเปิดหน้านี้และเงื่อนไขที่ค้นถูกบันทึกด้วย",
        "Who came in, who was refused, who read what, by the machine's clock; that this page is opened, and what it is "
        "asked for, is recorded too",
    ),
    "access.kind": ("เหตุการณ์", "Event"),
    "access.at": ("เวลา", "Time"),
    "access.what": ("เหตุการณ์", "Event"),
    "access.who": ("ผู้ใช้", "Who"),
    "access.officer": ("ผู้ใช้", "Who"),
    "access.address": ("ที่อยู่เครือข่าย", "Address"),
    "access.path": ("หน้าหรือเรื่อง", "Page or case"),
    "access.nobody": ("ไม่ได้เข้าสู่ระบบ", "Not signed in"),
    "access.no_account": ("ไม่ใช่บัญชีในระบบ", "No account of today"),
    "access.none": ("ไม่พบรายการตามเงื่อนไข", "No entry fits"),
    "access.found": ("พบ {n} รายการ", "{n} entries"),
    "access.group.sign_in": ("การเข้าสู่ระบบทั้งหมด", "All sign-ins"),
    "access.group.refused": ("การถูกปฏิเสธทั้งหมด", "All refusals"),
    "access.group.read": ("การเปิดอ่านทั้งหมด", "All readings"),
    "access.of_link": ("ลิงก์ในอีเมล", "Link of a mail"),
    "access.of_invitation": ("ลิงก์ตั้งรหัสผ่าน", "Invitation to choose a password"),
    "access.for": ("ให้ {whom}", "For {whom}"),
    "access.asked": ("เงื่อนไข: {query}", "Asked for: {query}"),
    "security.sign_in:ok": ("เข้าสู่ระบบด้วยรหัสผ่าน", "Signed in with a password"),
    "security.sign_in:link": ("เข้าจากลิงก์ในอีเมล", "Came in by the link of a mail"),
    "security.sign_in:fail": ("ชื่อผู้ใช้หรือรหัสผ่านผิด", "Wrong account or password"),
    "security.sign_in:limited": (
        "พักการเข้าสู่ระบบชั่วคราว เนื่องจากใส่รหัสผ่านผิดหลายครั้ง",
        "Sign-in paused after too many failures",
    ),
    "security.sign_out": ("ออกจากระบบ", "Signed out"),
    "security.refused:not_holder": ("ปฏิเสธ: ไม่ใช่งานหรือเรื่องของหน่วยงาน", "Refused: work or case of another unit"),
    "security.refused:role": ("ปฏิเสธ: ไม่มีหน้าที่นี้", "Refused: another duty"),
    "security.refused:link": ("ปฏิเสธ: ลิงก์ใช้ไม่ได้", "Refused: the link lets this person in no more, or never did"),
    "security.refused:csrf": (
        "ปฏิเสธ: แบบฟอร์มไม่ได้มาจากหน้าที่ผู้ใช้เปิดไว้",
        "Refused: the form did not come from a page of the session",
    ),
    "security.password:change": ("ตั้งหรือเปลี่ยนรหัสผ่าน", "Chose or changed a password"),
    "security.invitation:make": ("ออกลิงก์ตั้งรหัสผ่าน", "Made an invitation to choose a password"),
    "security.read:case": ("เปิดอ่านเรื่อง", "Read a case"),
    "security.read:document": ("เปิดเอกสาร", "Fetched a document"),
    "security.read:audit": ("เปิดหน้าตรวจสอบ", "Read an auditor's page"),
}
