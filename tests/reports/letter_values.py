"""An appeal and a site visit of the department of `agreement_year`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from schemas.appeal import AppealKind
from schemas.directive import Urgency
from schemas.kpi import Round
from schemas.letters import AppealLetter, AppealPoint, Notice, OfficialLetter, Signatory
from schemas.visit_record import Present, RecordedKpi, ScheduleLine, Visit, VisitRecord, VisitRequest

WRITTEN_AT = datetime(2013, 2, 8, 4, tzinfo=UTC)
"""Friday 8 February 2556, 11.00 น."""
HEAD = Signatory(name="นายสมชาย ใจดี", position="อธิบดีกรมตัวอย่าง")
REASONS = (
    "ผลการดำเนินงานที่นำมาคิดคะแนนยังไม่รวมหมู่บ้านที่ผ่านเกณฑ์ในเดือนกันยายน 2555 จำนวน 120 แห่ง "
    "ซึ่งสำนักงานพัฒนาชุมชนจังหวัดรายงานไว้ในระบบแล้วก่อนวันสิ้นสุดการรายงาน"
)

LETTER = OfficialLetter(
    urgency=Urgency.VERY_URGENT, no="ตย 0408/1234", sender_th="กรมตัวอย่าง",
    address="ศูนย์ราชการ ถนนตัวอย่าง\nกรุงเทพฯ 10210", on=date(2013, 2, 8),
    subject="ขออุทธรณ์ผลคะแนนการประเมินผลการปฏิบัติราชการ ประจำปีงบประมาณ พ.ศ. 2555", to="เลขาธิการ ก.พ.ร.",
    references=("หนังสือสำนักงาน ก.พ.ร. ที่ นร 1200/85 ลงวันที่ 28 มกราคม 2556",),
    enclosures=("รายงานผลการประเมินตนเอง รอบ 12 เดือน จำนวน 1 ชุด", "หลักฐานประกอบการอุทธรณ์ จำนวน 3 ฉบับ"),
    signatory=HEAD, owner_th="กลุ่มพัฒนาระบบบริหาร", phone="0 2141 1234", fax="0 2141 1235", email="psdg2555@dept.example",
)  # fmt: skip

APPEAL = AppealLetter(
    letter=LETTER, fiscal_year=2555, round=Round.TWELVE, kind=AppealKind.SCORE, notified_by="สำนักงาน ก.พ.ร.",
    notified_on=date(2013, 1, 30),
    points=(
        AppealPoint(
            number="1.1", th="ร้อยละของหมู่บ้านที่ผ่านเกณฑ์การพัฒนา", original="3.4000", requested="3.8000",
            reasons=REASONS, evidence=("บัญชีหมู่บ้านที่ผ่านเกณฑ์เดือนกันยายน 2555",),
        ),
        AppealPoint(
            number="3", th="ระดับความสำเร็จของการควบคุมภายใน", original="2.0000", requested="4.0000",
            reasons="ขั้นตอนที่ 3 ดำเนินการแล้วตามหนังสือที่แนบ",
        ),
    ),
)  # fmt: skip

VISIT = VisitRecord(
    fiscal_year=2555, visit=Visit.POST, agency_th="กรมตัวอย่าง", visitor_th="สำนักงาน ก.พ.ร.", on=date(2012, 11, 20),
    place="ห้องประชุม 1 กรมตัวอย่าง",
    schedule=(
        ScheduleLine(at=datetime(2012, 11, 20, 2, tzinfo=UTC), what="นำเสนอภาพรวมผลการดำเนินงาน", place="ห้องประชุม 1"),
        ScheduleLine(at=datetime(2012, 11, 20, 6, 30, tzinfo=UTC), what="ตรวจหลักฐานรายตัวชี้วัด"),
        ScheduleLine(at=datetime(2012, 11, 21, 3, tzinfo=UTC), what="ตรวจเยี่ยมพื้นที่", place="จังหวัดตัวอย่าง"),
    ),
    present=(
        Present(name="นางสาวตรวจ สอบ", position="นักพัฒนาระบบราชการชำนาญการ", of="สำนักงาน ก.พ.ร."),
        Present(name="นายถูกต้อง ตรวจทาน", position="ผู้อำนวยการกลุ่มพัฒนาระบบบริหาร", of="กรมตัวอย่าง"),
        Present(name="นางวันดี มีสุข"),
    ),
    findings=(
        RecordedKpi(
            number="1.1", th="ร้อยละของหมู่บ้านที่ผ่านเกณฑ์การพัฒนา", findings="ตรวจสอบฐานข้อมูลแล้วถูกต้องตรงกัน",
            reported=Decimal("3.4000"), proposed=Decimal("3.4000"),
        ),
        RecordedKpi(
            number="3", th="ระดับความสำเร็จของการควบคุมภายใน", findings="ขาดแผนปรับปรุงการควบคุมภายในของกองคลัง",
            reported=Decimal("3.0000"), proposed=Decimal("2.0000"),
            requests=(
                VisitRequest(
                    request="ขอแผนปรับปรุงการควบคุมภายใน", due=date(2012, 11, 29), answer="จัดส่งแผนฉบับลงนามแล้ว",
                    answered_by="กองคลัง", answered_on=date(2012, 11, 27),
                ),
                VisitRequest(request="ขอรายงานการประชุมคณะทำงาน", due=date(2012, 11, 29)),
            ),
        ),
        RecordedKpi(number="4", th="ความพึงพอใจจากการสำรวจ", findings="ใช้ผลการสำรวจของสำนักงานสถิติแห่งชาติ"),
    ),
    summary="ข้อมูลและหลักฐานส่วนใหญ่ครบถ้วน ให้กรมจัดส่งเอกสารเพิ่มเติมตามข้อซักถาม",
    signatories=(
        Signatory(name="นางสาวตรวจ สอบ", position="นักพัฒนาระบบราชการชำนาญการ", signed_on=date(2012, 11, 21)),
        Signatory(position="ผู้อำนวยการกลุ่มพัฒนาระบบบริหาร"),
    ),
)  # fmt: skip

ORDER = Notice(
    issuer_th="กรมตัวอย่าง", no="123/2556",
    subject="จ่ายเงินรางวัลตามผลการปฏิบัติราชการ ประจำปีงบประมาณ พ.ศ. 2555",
    grounds=(
        "ตามที่สำนักงาน ก.พ.ร. ได้แจ้งผลคะแนนการประเมินผลการปฏิบัติราชการตามคำรับรองการปฏิบัติราชการ ประจำปีงบประมาณ "
        "พ.ศ. 2555 และคณะกรรมการจัดสรรเงินรางวัลได้พิจารณาการจัดสรรแล้ว นั้น"
    ),
    signatory=HEAD.replace(signed_on=date(2013, 4, 1)),
)  # fmt: skip

ANNOUNCEMENT = Notice(
    issuer_th="กรมตัวอย่าง", subject="ผลคะแนนการประเมินผลการปฏิบัติราชการ ประจำปีงบประมาณ พ.ศ. 2555",
    grounds="ตามที่สำนักงาน ก.พ.ร. ได้แจ้งผลคะแนนการประเมินผลการปฏิบัติราชการตามคำรับรองการปฏิบัติราชการแล้ว นั้น",
    signatory=HEAD.replace(signed_on=date(2013, 3, 15)),
)  # fmt: skip
