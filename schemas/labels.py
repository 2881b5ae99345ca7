"""Thai and English names of every choice that people see."""

from __future__ import annotations

from enum import StrEnum

from schemas.agreement import ChangeVerdict
from schemas.appeal import (
    APPEAL_KIND_EN,
    APPEAL_KIND_TH,
    AppealKind,
    AppealVerdict,
    AppealWish,
    SignDecision,
)
from schemas.award import PERSON_GROUP_EN, PERSON_GROUP_TH, PersonGroup
from schemas.award_case import ObjectionWish
from schemas.cascade import FOLLOW_EN, FOLLOW_TH, KPI_KIND_EN, KPI_KIND_TH, DutyKind, Follow, KpiKind
from schemas.circular import CHASE_EN, CHASE_TH, CONCLUSION_EN, CONCLUSION_TH, ChaseDecision, Conclusion
from schemas.directive import (
    LEVEL_EN,
    LEVEL_NUMBER,
    LEVEL_TH,
    URGENCY_EN,
    URGENCY_TH,
    AcceptanceDecision,
    Level,
    Nature,
    ReceiptDecision,
    ReportingMode,
    RerouteDecision,
    Urgency,
    UserGrantDecision,
)
from schemas.duty import DUTY_EN, DUTY_TH
from schemas.follow_up import TRAFFIC_LIGHT_EN, TRAFFIC_LIGHT_TH, TrafficLight
from schemas.framework import PLAN_EN, PLAN_TH, Plan
from schemas.kpi import OWNER_ROLE_EN, OWNER_ROLE_TH, OwnerRole
from schemas.measures import OLD_GROUP, SOURCE_EN, SOURCE_TH, Source
from schemas.sar import ApprovalDecision, CertificationDecision
from schemas.site_visit import VISIT_EN
from schemas.user_request import EndorsementDecision
from schemas.visit_record import VISIT_TH, Visit
from schemas.weekly import ReviewDecision

CHOICES: dict[type[StrEnum], dict[StrEnum, tuple[str, str]]] = {
    Level: {v: (f"{LEVEL_NUMBER[v]} {LEVEL_TH[v]}", f"{LEVEL_NUMBER[v]} {LEVEL_EN[v]}") for v in Level},
    Urgency: {v: (URGENCY_TH[v], URGENCY_EN[v]) for v in Urgency},
    Nature: {
        Nature.GENERAL: ("ข้อสั่งการทั่วไป", "General"),
        Nature.CONTINUOUS: ("ข้อสั่งการต่อเนื่อง", "Continuous"),
    },
    ReceiptDecision: {
        ReceiptDecision.ACCEPT: ("รับทราบและดำเนินการ", "Acknowledge"),
        ReceiptDecision.NOT_OURS: ("ไม่ใช่ภารกิจของหน่วยงาน", "Not for this agency"),
    },
    RerouteDecision: {
        RerouteDecision.REROUTE: ("ส่งต่อให้ส่วนราชการอื่น", "Send to another agency"),
        RerouteDecision.CONFIRM: ("ยืนยันมอบหมายหน่วยงานเดิม", "Confirm the same agency"),
        RerouteDecision.WITHDRAW: ("ยกเลิกสำหรับหน่วยงานนี้", "Withdraw from this agency"),
    },
    ReportingMode: {
        ReportingMode.DIVISION_KEYS: ("สำนัก/กองบันทึกด้วยตนเอง", "The division keys it in"),
        ReportingMode.PLANNING_KEYS: ("กลุ่มแผน/กองแผนบันทึกให้", "The planning unit keys it in"),
    },
    AcceptanceDecision: {
        AcceptanceDecision.ACCEPT: ("รับมอบหมาย", "Accept"),
        AcceptanceDecision.RETURN: ("ส่งคืนกลุ่มแผน/กองแผน", "Return to the planning unit"),
    },
    UserGrantDecision: {
        UserGrantDecision.GRANT: ("อนุมัติ", "Grant"),
        UserGrantDecision.REFUSE: ("ไม่อนุมัติ", "Refuse"),
    },
    ChaseDecision: {v: (CHASE_TH[v], CHASE_EN[v]) for v in ChaseDecision},
    EndorsementDecision: {
        EndorsementDecision.ENDORSE: ("เห็นชอบ", "Endorse"),
        EndorsementDecision.DECLINE: ("ไม่เห็นชอบ", "Decline"),
    },
    Plan: {v: (PLAN_TH[v], PLAN_EN[v]) for v in Plan},
    Conclusion: {v: (CONCLUSION_TH[v], CONCLUSION_EN[v]) for v in Conclusion},
    KpiKind: {v: (KPI_KIND_TH[v], KPI_KIND_EN[v]) for v in KpiKind},
    Follow: {v: (FOLLOW_TH[v], FOLLOW_EN[v]) for v in Follow},
    DutyKind: {v: (DUTY_TH[v], DUTY_EN[v]) for v in DutyKind},
    Source: {
        v: (f"{SOURCE_TH[v]} (เดิมกลุ่ม {OLD_GROUP[v]})", f"{SOURCE_EN[v]} (formerly group {OLD_GROUP[v]})")
        if v in OLD_GROUP
        else (SOURCE_TH[v], SOURCE_EN[v])
        for v in Source
    },
    ChangeVerdict: {
        ChangeVerdict.APPROVE: ("อนุมัติ", "Approve"),
        ChangeVerdict.REFUSE: ("ไม่อนุมัติ", "Refuse"),
    },
    CertificationDecision: {
        CertificationDecision.CERTIFY: ("อนุมัติ", "Certify"),
        CertificationDecision.REFUSE: ("ไม่อนุมัติ (ส่งคืนผู้จัดเก็บข้อมูล)", "Refuse (back to the keeper)"),
    },
    ApprovalDecision: {
        ApprovalDecision.APPROVE: ("อนุมัติ", "Approve"),
        ApprovalDecision.RETURN: ("ส่งคืนแก้ไข", "Return for revision"),
    },
    ReviewDecision: {
        ReviewDecision.APPROVE: ("เห็นชอบ", "Approve"),
        ReviewDecision.RETURN: ("ส่งคืนแก้ไข", "Return for correction"),
    },
    AppealKind: {kind: (APPEAL_KIND_TH[kind], APPEAL_KIND_EN[kind]) for kind in AppealKind},
    AppealWish: {
        AppealWish.APPEAL: ("ขออุทธรณ์", "Appeal"),
        AppealWish.NONE: ("ไม่ประสงค์อุทธรณ์", "No appeal"),
    },
    SignDecision: {
        SignDecision.SIGN: ("ลงนาม", "Sign"),
        SignDecision.RETURN: ("ส่งคืนแก้ไข", "Return for correction"),
    },
    AppealVerdict: {
        AppealVerdict.ACCEPT: ("รับตามคำอุทธรณ์", "Accepted"),
        AppealVerdict.PARTLY: ("รับบางส่วน", "Accepted in part"),
        AppealVerdict.DISMISS: ("ยกคำอุทธรณ์", "Dismissed"),
    },
    PersonGroup: {group: (PERSON_GROUP_TH[group], PERSON_GROUP_EN[group]) for group in PersonGroup},
    OwnerRole: {role: (OWNER_ROLE_TH[role], OWNER_ROLE_EN[role]) for role in OwnerRole},
    ObjectionWish: {
        ObjectionWish.OBJECT: ("มีข้อโต้แย้ง", "There is an objection"),
        ObjectionWish.NONE: ("ไม่มีข้อโต้แย้ง", "There is none"),
    },
    TrafficLight: {light: (TRAFFIC_LIGHT_TH[light], TRAFFIC_LIGHT_EN[light]) for light in TrafficLight},
    Visit: {visit: (VISIT_TH[visit], VISIT_EN[visit]) for visit in Visit},
}


def label(choice: StrEnum, language: str = "th") -> str:
    """The name of a choice in `th` or `en`."""
    th, en = CHOICES[type(choice)][choice]
    return en if language == "en" else th
