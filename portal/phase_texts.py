"""What pages call the phases of cases, in Thai and in English."""

from __future__ import annotations

PHASE_TEXTS: dict[str, tuple[str, str]] = {
    "phase.reporting": ("รายงานทุกสัปดาห์", "weekly reporting"),
    "phase.completed": ("แล้วเสร็จ", "completed"),
    "phase.closed": ("ปิดทะเบียน", "closed"),
    "phase.collecting": ("เปิดรับรายงาน", "taking reports"),
    "phase.frozen": ("ตรึงข้อมูลแล้ว", "data frozen"),
    "phase.delivered": ("เสนอรัฐมนตรีแล้ว", "delivered to the minister"),
    "phase.planned": ("มีแผนที่อนุมัติแล้ว", "plan approved"),
    "phase.detailed": ("รายละเอียดตัวชี้วัดครบถ้วน", "KPI details agreed"),
    "phase.scored": ("คำนวณคะแนนแล้ว", "scored"),
    "phase.provisional": ("คะแนนก่อนอุทธรณ์", "scores before appeals"),
    "phase.final": ("คะแนนสุดท้าย", "final"),
    "phase.proposals": ("หน่วยงานเสนอรายชื่อ", "units propose their persons"),
    "phase.checking": ("ตรวจสอบการจัดสรร", "shares are checked"),
    "phase.objections": ("รับข้อโต้แย้ง", "objections"),
    "phase.ordered": ("ออกคำสั่งจ่ายแล้ว", "ordered"),
    "phase.agenda": ("เสนอที่ประชุมกรม", "before the department's meeting"),
    "phase.minuted": ("บันทึกรายงานการประชุมแล้ว", "minuted"),
    "phase.announced": ("แจ้งวันตรวจประเมินแล้ว", "days announced"),
    "phase.visiting": ("ตรวจประเมิน", "being visited"),
    "phase.answered": ("รอปิดการตรวจประเมิน", "to be closed"),
    "phase.visit_closed": ("ปิดการตรวจประเมินแล้ว", "visit closed"),
}
