"""English names of processes, and of the facts that flows put above their forms."""

from __future__ import annotations

from schemas.weekly import HEADINGS

PROCESSES = {
    "directive-lifecycle": "Life of a directive",
    "weekly-cycle": "Weekly reporting cycle",
    "opinion-collection": "Opinions on the draft strategy",
    "meeting-printout": "Print-out for the executive meeting",
    "agreement-cycle": "Performance agreement of a year",
    "sar-round": "Self-assessment report (SAR)",
    "appeal": "Appeals on KPIs",
}
"""English titles of the processes, by id."""

LABELS = {
    "เลขที่": "Number",
    "เรื่อง": "Subject",
    "ข้อสั่งการ": "Directive",
    "ผู้สั่งการ": "Ordered by",
    "วันที่สั่งการ": "Ordered on",
    "ที่มา": "Source",
    "ชั้นความเร็ว": "Urgency",
    "สัปดาห์ที่รายงาน": "Week reported",
    "สัปดาห์": "Week",
    "ระดับที่รายงาน": "Level reported",
    "ระดับที่รายงานล่าสุด": "Level last reported",
    "รายงานทันกำหนด": "Reported on time",
    "ไม่รายงาน": "Missing",
    "รายงานล่าช้าของสัปดาห์ก่อน": "Late reports of the week before",
    "ชื่อ–สกุล": "Name",
    "ตำแหน่ง": "Position",
    "หน่วยงาน": "Unit",
    "อีเมล": "E-mail",
    "โทรศัพท์": "Telephone",
    "รายละเอียด": "Details",
    "กำหนดส่ง": "Due",
    "ได้รับความเห็นแล้ว": "Opinions received",
    "ประเด็น": "Item",
    "ความเห็น": "Opinion",
    "การประชุม": "Meeting",
    "ที่มาของข้อมูล": "Data",
    "จำนวนข้อสั่งการ": "Directives",
    # --- KPIs
    "ส่วนราชการ": "Agency",
    "ปีงบประมาณ": "Fiscal year (B.E.)",
    "ปีงบประมาณ พ.ศ.": "Fiscal year (B.E.)",
    "รอบรายงาน": "Reporting round",
    "ตัวชี้วัด": "KPI",
    "ตัวชี้วัดย่อย": "Sub-KPI",
    "ตัวชี้วัดที่เสนอ": "KPIs proposed",
    "หน่วยวัด": "Unit of measure",
    "ค่าเป้าหมาย": "Target",
    "น้ำหนัก": "Weight",
    "น้ำหนัก (ร้อยละ)": "Weight (per cent)",
    "เกณฑ์ระดับ 1 ถึง 5": "Criteria of levels 1 to 5",
    "คำอธิบาย": "Description",
    "สูตรการคำนวณ": "Formula",
    "ประชุมชี้แจง": "Briefing",
    "จังหวัด": "Province",
    "งบประมาณที่ได้รับจัดสรร": "Budget allotted",
    "กิจกรรม": "Activity",
    "ขอเปลี่ยนเป็น": "Change asked for",
    "รายละเอียดที่ขอเปลี่ยน": "Details of the change",
    "เหตุผลความจำเป็น": "Why it is needed",
    "ผู้ขอ": "Asked by",
    "คะแนนประเมินตนเอง": "Score of the self-assessment",
    "ความเห็น กพร.": "Opinion of the PSDG",
    "อุทธรณ์": "Appeal",
    "ลงนามเมื่อ": "Signed",
    "หน่วยงานร่วมรับผิดชอบ": "Units that share it",
    "หน่วยงานที่รับผิดชอบ": "Units responsible",
    "ได้รับแจ้งเมื่อ": "Notified",
    "อธิบดีลงนามได้ถึง": "The director-general may sign until",
    "หลักฐานประกอบ": "Evidence",
    "หลักฐานอ้างอิง": "Evidence",
    "ค่าหรือคะแนนที่ขอ": "Value or score asked for",
    "เหตุผล": "Reasons",
    "เลขอ้างอิง": "Reference number",
    "ผู้กำกับดูแลตัวชี้วัดรับรอง": "Certified by the KPI's supervisor",
    "กิจกรรมที่รับผิดชอบ": "Activities in charge",
    "ปัจจัยสนับสนุน": "Factors of success",
    "อุปสรรค": "Obstacles",
    "ผลการดำเนินงาน": "Result",
    "ค่าคะแนนที่ได้": "Score",
    "รับรองแล้ว": "Certified",
    "ยังไม่รายงาน": "Not reported",
    "คะแนนเฉพาะตัวที่รายงาน": "Score of what was reported",
    "คะแนนรวม (ไม่รายงานนับคะแนนต่ำสุด)": "Total score (not reported counts lowest)",
    "ข้อสังเกต": "Findings",
} | {th: en for _, th, en in HEADINGS}
"""Labels of facts that flows put above a form."""

WRITTEN_BY_PEOPLE = frozenset(
    {
        "เรื่อง", "ข้อสั่งการ", "ผู้สั่งการ", "ที่มา", "รายละเอียด", "ประเด็น", "ความเห็น", "ชื่อ–สกุล", "ตำแหน่ง", "หน่วยวัด",
        "ตัวชี้วัด", "ตัวชี้วัดย่อย", "คำอธิบาย", "สูตรการคำนวณ", "กิจกรรม", "รายละเอียดที่ขอเปลี่ยน", "เหตุผลความจำเป็น", "ความเห็น กพร.",
        "หลักฐานประกอบ", "หลักฐานอ้างอิง", "เหตุผล", "กิจกรรมที่รับผิดชอบ", "ปัจจัยสนับสนุน", "อุปสรรค", "ผลการดำเนินงาน",
        "ค่าหรือคะแนนที่ขอ", "เกณฑ์ระดับ 1 ถึง 5", *(th for _, th, _ in HEADINGS),
    }
)  # fmt: skip
"""Labels under which stands what somebody typed."""
