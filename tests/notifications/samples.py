"""One message of each kind and condition, as the processes would write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from rules.notices import circular_again
from schemas.circular import Circular, CircularCase, Conclusion
from schemas.circular import Recipient as CircularRecipient
from schemas.directive import Urgency
from schemas.mail import (
    AnchorMail,
    DigestLine,
    DigestMail,
    InvitationMail,
    Message,
    MinisterReportMail,
    Notice,
    OpenWorkMail,
    OverseenMail,
    ReminderMail,
    ReplannedLine,
    ReplannedMail,
    TaskMail,
    UndeliverableMail,
    WithdrawnMail,
)

FRIDAY_16_00 = datetime(2018, 4, 13, 9, 0, tzinfo=UTC)
"""Friday 13 April 2561, 16.00 น."""
PORTAL = "https://order.moj.go.th"
LINK = f"{PORTAL}/f/eyJoIjoiZGlyZWN0aXZlLTI1NjEtMDAwNy1kaXYtcGxhbm5pbmcifQ.WtCq2w.9nV0x1cLr3yQ"
TITLE = "การแก้ไขปัญหาความแออัดในเรือนจำและการเพิ่มประสิทธิภาพการบำบัดฟื้นฟูผู้ติดยาเสพติดอย่างเป็นระบบ"

TASK = TaskMail(
    asked="รับทราบข้อสั่งการ",
    title=TITLE,
    unit="กองยุทธศาสตร์และแผนงาน กรมราชทัณฑ์",
    asked_by="สำนักนโยบายและยุทธศาสตร์ สำนักงานปลัดกระทรวงยุติธรรม",
    due=FRIDAY_16_00,
    urgency=Urgency.MOST_URGENT,
    facts=(
        ("เลขที่ข้อสั่งการ", "2561-0007"),
        ("ผู้สั่งการ", "รัฐมนตรีว่าการกระทรวงยุติธรรม"),
        ("ที่มา", "การประชุมผู้บริหารกระทรวงยุติธรรม วันที่ 8 กุมภาพันธ์ 2561"),
        ("ข้อสั่งการ", "ให้กรมราชทัณฑ์เร่งจัดทำแผน\nและรายงานความก้าวหน้าทุกสัปดาห์"),
    ),
    note="โปรดประสานกรมคุมประพฤติก่อนตอบรับ",
    files=("คำสั่งกระทรวงยุติธรรม ที่ 35-2561.pdf", "แผนปฏิบัติการ.xlsx"),
    more_files=3,
    link=LINK,
)
PLAIN_TASK = TASK.replace(
    asked="รายงานผลการดำเนินงานตามข้อสั่งการประจำสัปดาห์",
    title="การอำนวยความยุติธรรมเชิงรุก",
    urgency=Urgency.NORMAL,
    due=None,
    facts=(),
    note="",
    files=(),
    more_files=0,
)
RETURNED_TASK = PLAIN_TASK.replace(note="กองแผนงาน ส่งคืนแก้ไข: ขอผลกระทบต่อประชาชน", due=FRIDAY_16_00)
REMINDER = ReminderMail(
    **{**dict(TASK), "asked": "รายงานผลการดำเนินงานตามข้อสั่งการประจำสัปดาห์", "urgency": Urgency.VERY_URGENT},
    rung=2,
    overdue=False,
)
OVERDUE = REMINDER.replace(rung=4, overdue=True, urgency=Urgency.MOST_URGENT, note="")
DIGEST = DigestMail(
    unit="กองยุทธศาสตร์และแผนงาน กรมราชทัณฑ์",
    as_of=datetime(2018, 4, 16, 1, 30, tzinfo=UTC),
    lines=(
        DigestLine(asked="รับทราบข้อสั่งการ", title=TITLE, unit="กองยุทธศาสตร์และแผนงาน", due=FRIDAY_16_00, link=LINK),
        DigestLine(
            asked="มอบหมายสำนัก/กอง", title="การอำนวยความยุติธรรมเชิงรุก",
            unit="กองยุทธศาสตร์และแผนงาน", due=None, link=f"{PORTAL}/f/2",
        ),
    ),
    link=f"{PORTAL}/inbox?late=1",
)  # fmt: skip
OPEN_WORK = OpenWorkMail(
    **{**dict(DIGEST), "lines": (DIGEST.lines[0], DIGEST.lines[1].replace(urgency=Urgency.MOST_URGENT))}
)
OVERSEEN = OverseenMail(
    overseer="รองอธิบดี", as_of=DIGEST.as_of, link=f"{PORTAL}/?show=overseen",
    lines=(DIGEST.lines[0], DIGEST.lines[1].replace(unit="กองทัณฑปฏิบัติ")),
)  # fmt: skip
REPLANNED = ReplannedMail(
    unit="สำนักเสริมสร้างความเข้มแข็งชุมชน",
    reason="เลื่อน «สำนัก/กอง จัดทำ SAR รอบ 6 เดือน» จาก 11 เมษายน 2555 เป็น 20 เมษายน 2555: หนังสือ ที่ มท 0414/ว 12",
    lines=(
        ReplannedLine(
            asked="รายงานผลตัวชี้วัดที่ 1.1.1 รอบ 6 เดือน", title="SAR รอบ 6 เดือน ปีงบประมาณ พ.ศ. 2555 กรมการพัฒนาชุมชน",
            unit="สสช.", was=datetime(2012, 4, 11, 16, 59, 59, tzinfo=UTC),
            due=datetime(2012, 4, 20, 16, 59, 59, tzinfo=UTC), link=LINK,
        ),
        ReplannedLine(
            asked="รับรองผลตัวชี้วัดที่ 1.1.2 รอบ 6 เดือน", title="SAR รอบ 6 เดือน ปีงบประมาณ พ.ศ. 2555 กรมการพัฒนาชุมชน",
            unit="สสช.", was=datetime(2012, 4, 11, 16, 59, 59, tzinfo=UTC),
            due=datetime(2012, 4, 20, 16, 59, 59, tzinfo=UTC), link=f"{PORTAL}/f/2",
        ),
    ),
    link=f"{PORTAL}/",
)  # fmt: skip
WITHDRAWN = WithdrawnMail(
    asked="มอบหมายสำนัก/กอง",
    title=TITLE,
    unit="กองยุทธศาสตร์และแผนงาน กรมราชทัณฑ์",
    reason="ข้อสั่งการนี้อยู่ในภารกิจของกรมคุมประพฤติ จึงส่งต่อให้กรมคุมประพฤติดำเนินการ",
    link=f"{PORTAL}/cases/directive-2561-0007-doc",
)
MINISTER_REPORT = MinisterReportMail(
    ministry="กระทรวงยุติธรรม",
    week="สัปดาห์วันที่ 6–12 เมษายน 2561",
    cut_off=datetime(2018, 4, 12, 9, 0, tzinfo=UTC),
    counts=(("ทั่วไป", 12), ("ต่อเนื่อง", 7), ("แล้วเสร็จ", 3), ("อยู่ระหว่างดำเนินการ", 21)),
    missing=2,
    late=1,
    note="กรมราชทัณฑ์แจ้งขอขยายเวลารายงาน 1 เรื่อง\nเนื่องจากอยู่ระหว่างรวบรวมข้อมูลจากเรือนจำทั่วประเทศ",
    reviewed=True,
)
UNREVIEWED_REPORT = MINISTER_REPORT.replace(reviewed=False, note="", missing=0, late=0)
INVITATION = InvitationMail(
    name="นางสาวจิราภรณ์ ศรีสุขสันต์",
    unit="กองทัณฑวิทยา กรมราชทัณฑ์",
    account="jiraporn.s@correct.go.th",
    expires=FRIDAY_16_00,
    link=f"{PORTAL}/invitation/eyJvIjoiamlyYXBvcm4ifQ.WtCq2w.Zk3",
)
UNDELIVERABLE = UndeliverableMail(
    addressee="ผู้อำนวยการสำนักนโยบายและยุทธศาสตร์",
    recipient="กองยุทธศาสตร์และแผนงาน <plan@correct.go.th>",
    subject="[ด่วนที่สุด] รับทราบข้อสั่งการ: การแก้ไขปัญหาความแออัดในเรือนจำ",
    reason="550 5.1.1 ไม่พบกล่องจดหมายของผู้รับ (mailbox unavailable)",
    title=TITLE,
    link=f"{PORTAL}/cases/directive-2561-0007-doc",
)
NOTICE = Notice(
    subject="ยุติการติดตามข้อสั่งการ",
    body="ผู้ดูแลระบบได้ยุติการติดตามข้อสั่งการเรื่องนี้ในระบบเมื่อวันศุกร์ที่ 13 เมษายน 2561 เวลา 16.00 น.\n"
    "หากเห็นว่าไม่ถูกต้อง โปรดติดต่อหน่วยงานเลขานุการ",
    title=TITLE,
    link=f"{PORTAL}/cases/directive-2561-0007-doc",
)
ASKING_NOTICE = circular_again(
    CircularCase(
        sender="plan", issuer="doc",
        recipients=(CircularRecipient(unit="prison-7", addressee="ผู้บัญชาการเรือนจำกลางคลองเปรม"),),
        letter=Circular(
            no="ยธ 0701.2/ว 45", on=date(2018, 4, 9), subject="การเตรียมความพร้อมช่วงเทศกาลสงกรานต์", to="ผู้บัญชาการเรือนจำ",
            text="ด้วยใกล้ถึงเทศกาลสงกรานต์", conclusion=Conclusion.COMPLY,
        ),
    ),
    to="ผู้บัญชาการเรือนจำกลางคลองเปรม", issuer_th="กรมราชทัณฑ์", sender_th="กองยุทธศาสตร์และแผนงาน", due=FRIDAY_16_00,
    note="โปรดรายงานจำนวนผู้ต้องขังที่ป่วยด้วย", link=f"{PORTAL}/f/3",
)  # fmt: skip

ANCHOR = AnchorMail(
    ministry="กระทรวงยุติธรรม",
    number=412,
    at=FRIDAY_16_00,
    cases=1834,
    events=121877,
    refused=0,
    groups=("9f2c04d1", "77ab3e60", "5d18c9f4", "02be61aa", "c3d4e5f6", "10293847", "aabbccdd", "0f1e2d3c"),
    statement='{"at":"2018-04-13T09:00:00.000000+00:00","cases":1834,"events":121877,"number":412}',
    signature="ab" * 64,
)
SAMPLES: dict[str, Message] = {
    "task": TASK,
    "task_plain": PLAIN_TASK,
    "task_returned": RETURNED_TASK,
    "reminder": REMINDER,
    "reminder_overdue": OVERDUE,
    "open_work": OPEN_WORK,
    "digest": DIGEST,
    "overseen": OVERSEEN,
    "replanned": REPLANNED,
    "withdrawn": WITHDRAWN,
    "minister_report": MINISTER_REPORT,
    "minister_report_unreviewed": UNREVIEWED_REPORT,
    "invitation": INVITATION,
    "undeliverable": UNDELIVERABLE,
    "notice": NOTICE,
    "notice_asking": ASKING_NOTICE,
    "anchor": ANCHOR,
    "anchor_refusing": ANCHOR.replace(refused=2),
}
