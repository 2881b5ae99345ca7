"""Why an agency, a pot or a person gets no award money, in Thai and in English."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from schemas.award import (
    PERSON_GROUP_EN,
    PERSON_GROUP_TH,
    AwardPerson,
    AwardPolicy,
    LeftOut,
    LeftOutReason,
    Stint,
)

_REASONS: Mapping[LeftOutReason, tuple[str, str]] = {
    LeftOutReason.GROUP: (
        "{group_th}ไม่อยู่ในกลุ่มผู้มีสิทธิได้รับเงินรางวัล",
        "The group “{group_en}” is not entitled to award money",
    ),
    LeftOutReason.PENALTY: (
        "ถูกลงโทษทางวินัยในปีงบประมาณ",
        "Under a disciplinary penalty in the fiscal year",
    ),
    LeftOutReason.MONTHS: (
        "ปฏิบัติงานในหน่วยงาน {months} เดือน ไม่ถึง {at_least} เดือน",
        "Served {months} months in the unit, fewer than {at_least}",
    ),
    LeftOutReason.NO_POOL: (
        "หน่วยงานไม่ได้อยู่ในวงเงินใดสำหรับบุคลากรประเภทนี้",
        "The unit draws on no pot for persons of this kind",
    ),
    LeftOutReason.UNIT_SCORE: (
        "หน่วยงานไม่มีคะแนน หรือมีคะแนนต่ำกว่า {unit_threshold}",
        "The unit has no score, or one below {unit_threshold}",
    ),
    LeftOutReason.FACTOR_ZERO: (
        "ค่าถ่วงตามบทบาทหรือผลการปฏิบัติงานเป็นศูนย์",
        "The factor for the role or the performance is zero",
    ),
}


def left_out(person: AwardPerson, stint: Stint | None, reason: LeftOutReason, policy: AwardPolicy) -> LeftOut:
    """That a person gets nothing, for a stint or altogether."""
    facts = {
        "group_th": PERSON_GROUP_TH[person.group],
        "group_en": PERSON_GROUP_EN[person.group],
        "months": stint.months if stint else "",
        "at_least": policy.months_at_least,
        "unit_threshold": policy.unit_threshold,
    }
    th, en = _REASONS[reason]
    return LeftOut(
        person=person.id,
        unit=stint.unit if stint else None,
        reason=reason,
        th=th.format_map(facts),
        en=en.format_map(facts),
    )


def of_agency(total: Decimal, threshold: Decimal) -> tuple[str, str]:
    """Whether the agency's total reaches the threshold, in words."""
    if total >= threshold:
        return (
            f"คะแนนรวม {total:.4f} ไม่น้อยกว่า {threshold:.4f} มีสิทธิได้รับเงินรางวัล",
            f"The total of {total:.4f} is not less than {threshold:.4f}: entitled to award money",
        )
    return (
        f"คะแนนรวม {total:.4f} น้อยกว่า {threshold:.4f} ไม่มีสิทธิได้รับเงินรางวัล",
        f"The total of {total:.4f} is less than {threshold:.4f}: not entitled to award money",
    )


def nobody() -> tuple[str, str]:
    """Why an agency that is entitled leaves a pot undistributed."""
    return "ไม่มีผู้มีสิทธิได้รับเงินจากวงเงินนี้", "Nobody is entitled to this pot"
