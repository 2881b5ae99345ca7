"""What is said to whoever opens a link of a mail that lets nobody in: key → Thai, English.

None of it says whether an account exists: who forges a link learns nothing, and who was sent one knows it already.
"""

from __future__ import annotations

LINK_TEXTS: dict[str, tuple[str, str]] = {
    "link.unknown.title": ("ลิงก์นี้ไม่ถูกต้อง", "This link is not valid"),
    "link.unknown.text": (
        "ลิงก์นี้ไม่ใช่ลิงก์ที่ระบบออกให้ ส่วนใหญ่เกิดจากคัดลอกมาไม่ครบ หรือโปรแกรมอีเมลตัดลิงก์ออกเป็นสองบรรทัด",
        "The system did not make this link. Most often it was copied only in part, or a mail program broke it in two",
    ),
    "link.expired.title": ("ลิงก์นี้หมดอายุแล้ว", "This link has expired"),
    "link.expired.text": (
        "ลิงก์ในอีเมลใช้ได้ {days} วันนับจากวันที่ส่ง หากงานยังไม่แล้วเสร็จ ให้เข้าสู่ระบบเพื่อดำเนินการ",
        "The link of a mail is good for {days} days. If the work is not done yet, sign in to do it",
    ),
    "link.ended.title": ("ลิงก์นี้ใช้ไม่ได้แล้ว", "This link is no longer good"),
    "link.ended.text": (
        "ลิงก์นี้ระบบเป็นผู้ออกให้ แต่งานหรือสิทธิที่ลิงก์นี้ให้ไว้สิ้นสุดแล้ว",
        "The system made this link, but the work or the right that it gave has ended",
    ),
    "link.invitation_used.title": ("ลิงก์ตั้งรหัสผ่านนี้ใช้แล้ว", "This invitation has been used"),
    "link.invitation_used.text": (
        "ลิงก์ตั้งรหัสผ่านใช้ได้ครั้งเดียว และมีการตั้งรหัสผ่านหลังจากออกลิงก์นี้แล้ว",
        "An invitation is good once, and a password has been chosen since it was made",
    ),
    "link.invitation_expired.title": ("ลิงก์ตั้งรหัสผ่านนี้หมดอายุแล้ว", "This invitation has expired"),
    "link.invitation_expired.text": (
        "ลิงก์ตั้งรหัสผ่านใช้ได้ {days} วันนับจากวันที่ออก",
        "An invitation is good for {days} days",
    ),
    "link.next": ("สิ่งที่ทำได้ต่อไป", "What you can do"),
    "link.open_again": (
        "เปิดลิงก์จากอีเมลฉบับเดิมอีกครั้ง หรือคัดลอกลิงก์ให้ครบตั้งแต่ต้นจนจบ",
        "Open the link from the mail again, or copy the whole of it",
    ),
    "link.later_mail": (
        "หากได้รับอีเมลแจ้งเตือนฉบับหลังจากนี้ ให้เปิดลิงก์จากฉบับล่าสุด",
        "If a reminder has come since, open the link of the latest mail",
    ),
    "link.sign_in": (
        "เข้าสู่ระบบด้วยบัญชีของท่าน งานที่รอดำเนินการอยู่ในหน้า «งานของหน่วยงาน»",
        "Sign in with your account: what is to be done stands under “Work of my unit”",
    ),
    "link.in_inbox": (
        "งานที่รอดำเนินการอยู่ในหน้า «งานของหน่วยงาน»",
        "What is to be done stands under “Work of my unit”",
    ),
    "link.with_password": (
        "หากท่านเป็นผู้ตั้งรหัสผ่าน ให้เข้าสู่ระบบด้วยรหัสผ่านนั้น",
        "If it was you who chose the password, sign in with it",
    ),
    "link.not_you": (
        "หากท่านไม่ได้เป็นผู้ตั้งรหัสผ่าน ให้แจ้งผู้ดูแลระบบทันที",
        "If it was not you, tell the administrator at once",
    ),
    "link.ask_anew": (
        "ขอให้ผู้ดูแลระบบออกลิงก์ตั้งรหัสผ่านให้ใหม่",
        "Ask the administrator for a new invitation",
    ),
    "link.ask": (
        "หากยังเข้าใช้งานไม่ได้ กรุณาติดต่อผู้ดูแลระบบ",
        "If you still cannot get in, ask the administrator",
    ),
    "link.to_sign_in": ("เข้าสู่ระบบ", "Sign in"),
    "link.to_work": ("เข้าสู่ระบบเพื่อเปิดงานนี้", "Sign in and open the work"),
    "link.open_work": ("เปิดงานนี้", "Open the work"),
}
