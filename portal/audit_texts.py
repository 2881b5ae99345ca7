"""What auditors' pages say: key → Thai, English; part of `portal.texts`."""

from __future__ import annotations

AUDIT_TEXTS: dict[str, tuple[str, str]] = {
    "audit.nav": ("ตรวจสอบ", "Audit"),
    "refused.audit": (
        "หน้านี้เปิดให้ผู้ตรวจสอบเท่านั้น ระบบบันทึกการเข้าถึงครั้งนี้ไว้แล้ว",
        "This page is for auditors only; the attempt has been recorded",
    ),
    "audit.title": ("ตรวจสอบ", "Audit"),
}
