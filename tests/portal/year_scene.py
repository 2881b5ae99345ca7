"""A department's agreement year for the portal's tests: its KPIs, its people, and what they report."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from schemas.criteria import Composite, External, Milestones, Part, Quantitative
from schemas.kpi import Baseline, DataKeeper, Dimension, Holding, Kpi, KpiBook, Owner, OwnerRole, Responsible, Round


def levels(*values: float) -> Quantitative:
    one, two, three, four, five = (Decimal(str(value)) for value in values)
    return Quantitative(points=(one, two, three, four, five))


def held(unit: str, share: float) -> Holding:
    return Holding(unit=unit, weight_share=Decimal(str(share)))


def led_by(unit: str, activity: str) -> Responsible:
    return Responsible(
        supervisor=f"{unit}.group", keepers=(DataKeeper(officer=f"{unit}.1", activity=activity),),
        owners=(Owner(officer=f"{unit}.head", role=OwnerRole.MAIN_OWNER), Owner(officer=f"{unit}.1", role=OwnerRole.SUPPORTER)),
    )  # fmt: skip


def before(*values: float) -> tuple[Baseline, ...]:
    """The results of the years before 2555, the latest first."""
    return tuple(
        Baseline(fiscal_year=2555 - ago, value=Decimal(str(value))) for ago, value in enumerate(values, start=1)
    )


BOOK = KpiBook(
    fiscal_year=2555,
    agency="cdd",
    frame=(
        Dimension(id="external", th="มิติภายนอก", en="External dimension", weight=Decimal(70)),
        Dimension(id="effect", th="การประเมินประสิทธิผล", en="Effectiveness", weight=Decimal(60), parent="external"),
        Dimension(id="quality", th="การประเมินคุณภาพ", en="Quality", weight=Decimal(10), parent="external"),
        Dimension(id="internal", th="มิติภายใน", en="Internal dimension", weight=Decimal(30)),
    ),
    kpis=(
        Kpi(
            number="1.1.1", th="ร้อยละของหมู่บ้านที่มีแผนชุมชนผ่านเกณฑ์มาตรฐาน", dimension="effect", weight=Decimal(15),
            en="Share of villages whose community plan meets the standard",
            unit_of_measure="ร้อยละ", target=Decimal(80), criteria=levels(60, 65, 70, 75, 80),
            baselines=before(71.5, 68, 62.25), holdings=(held("cdd-community", 15),),
            responsible=led_by("cdd-community", "เก็บข้อมูลแผนชุมชนจากทุกอำเภอ"),
        ),
        Kpi(
            number="1.1.2", th="ร้อยละของครัวเรือนยากจนที่พัฒนาคุณภาพชีวิตได้ตามเกณฑ์ จปฐ.", dimension="effect",
            weight=Decimal(15), unit_of_measure="ร้อยละ", target=Decimal(90), criteria=levels(70, 75, 80, 85, 90),
            holdings=(held("cdd-community", 15),), responsible=led_by("cdd-community", "สำรวจครัวเรือนเป้าหมาย"),
        ),
        Kpi(
            number="4.1", th="ร้อยละของกลุ่มออมทรัพย์เพื่อการผลิตที่มีธรรมาภิบาล", dimension="effect", weight=Decimal(15),
            unit_of_measure="ร้อยละ", target=Decimal(75), criteria=levels(55, 60, 65, 70, 75),
            baselines=before(64, 61), holdings=(held("cdd-funds", 15),),
            responsible=led_by("cdd-funds", "ตรวจสุขภาพทางการเงินของกลุ่ม"),
        ),
        Kpi(
            number="4.2", th="ระยะเวลาเฉลี่ยในการรับรองผลิตภัณฑ์ชุมชน", dimension="effect", weight=Decimal(15),
            unit_of_measure="วัน", target=Decimal(30), criteria=levels(50, 45, 40, 35, 30),
            baselines=before(44, 47, 52), holdings=(held("cdd-wisdom", 15),),
            responsible=led_by("cdd-wisdom", "บันทึกวันที่รับคำขอและวันที่รับรอง"),
        ),
        Kpi(
            number="6", th="ร้อยละของระดับความพึงพอใจของผู้รับบริการ", dimension="quality", weight=Decimal(10),
            criteria=External(assessor="สำนักงานสถิติแห่งชาติ"), starts_at=Round.TWELVE,
            holdings=(held("cdd-information", 10),), responsible=led_by("cdd-information", "ประสานการสำรวจ"),
        ),
        Kpi(
            number="7", th="ร้อยละของการเบิกจ่ายเงินงบประมาณ", dimension="internal", weight=Decimal(15),
            unit_of_measure="ร้อยละ", holdings=(held("cdd-finance", 15),),
            responsible=led_by("cdd-finance", "สรุปผลการเบิกจ่าย"),
            criteria=Composite(
                parts=(
                    Part(number="7.1", th="รายจ่ายลงทุน", weight=Decimal(2), criteria=levels(68, 70, 72, 74, 76)),
                    Part(number="7.2", th="รายจ่ายภาพรวม", weight=Decimal(1), criteria=levels(90, 91, 92, 93, 94)),
                )
            ),
        ),
        Kpi(
            number="8", th="ระดับความสำเร็จของการจัดทำต้นทุนต่อหน่วยผลผลิต", dimension="internal", weight=Decimal(5),
            unit_of_measure="ระดับ", holdings=(held("cdd-finance", 5),), starts_at=Round.NINE,
            criteria=Milestones(steps=("กำหนดผลผลิต", "เก็บข้อมูล", "คำนวณต้นทุน", "เปรียบเทียบ", "จัดทำแผน")),
        ),
        Kpi(
            number="10", th="ระดับความสำเร็จของการพัฒนาสมรรถนะบุคลากร", dimension="internal", weight=Decimal(10),
            unit_of_measure="ระดับ", holdings=(held("cdd-personnel", 5), held("cdd-institute", 5)),
            criteria=Milestones(steps=("วางแผน", "อนุมัติแผน", "ดำเนินการ", "ประเมินผล", "รายงาน")),
        ),
    ),
)  # fmt: skip
"""Eight KPIs of every kind, together 100 per cent from the round of twelve months on, 85 at six."""

SAID: dict[str, Any] = {"explanation": "ดำเนินการตามแผนครบถ้วน"}
