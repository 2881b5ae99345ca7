"""What must come of the framework's story, written down by hand from S4 and the story's own words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from deployments.demo.checks import Check, common_checks, listed
from deployments.demo.framework_findings import FrameworkFindings
from deployments.demo.framework_story import CIRCULAR, FRAMEWORK
from rules.thai import thai_moment

PAPERS = (
    "กรอบการประเมิน-2563.pdf", "ตัวชี้วัดจังหวัด-2563-เล่ม-1.pdf", "ตัวชี้วัดจังหวัด-2563-เล่ม-2.pdf",
    "บัญชีผู้รับ-นร-1200-ว-12.pdf", "หนังสือเวียน-นร-1200-ว-12.pdf",
)  # fmt: skip
KPI_COUNTS = {3: 23, 4: 28, 5: 25}
"""Provinces by the number of their KPIs."""


def checks(found: FrameworkFindings) -> tuple[Check, ...]:
    return (*_framework(found), *_circular(found), *common_checks(found))


def _framework(found: FrameworkFindings) -> Iterator[Check]:
    provinces = found.provinces.values()
    case = found.cases[FRAMEWORK]
    yield Check(
        "เรื่องที่เสร็จสิ้น", "2 จาก 2", f"{sum(c.state == 'completed' for c in found.cases.values())} จาก {len(found.cases)}"
    )
    yield Check("จังหวัดที่เห็นชอบตัวชี้วัด", "76", str(len(found.outcome.adopted)))
    counts = Counter(province.kpis for province in provinces)
    yield Check("จังหวัดที่มีตัวชี้วัด 3, 4 และ 5 ตัว", str(list(KPI_COUNTS.values())), str([counts[n] for n in (3, 4, 5)]))
    yield Check("ตัวชี้วัดที่ไม่ระบุแผน (หนึ่งตัวในทุกจังหวัดที่มี 5 ตัว)", str(KPI_COUNTS[5]), str(sum(p.unlinked for p in provinces)))
    yield Check(
        "วันประชุมชี้แจง (S4): กำหนดส่งร่างกรอบ", "วันศุกร์ที่ 6 กันยายน 2562 เวลา 08.30 น.", _moment(found, "draft_framework")
    )
    opened = thai_moment(found.opened["draft"])
    yield Check("เปิดประชุมเชิงปฏิบัติการ (S4: 11 กันยายน)", "วันพุธที่ 11 กันยายน 2562 เวลา 08.30 น.", opened)
    yield Check(
        "วันสุดท้ายของการจัดทำร่าง (S4: 19 กันยายน)", "วันพฤหัสบดีที่ 19 กันยายน 2562 เวลา 23.59 น.", _moment(found, "draft")
    )
    yield Check("ส่งร่างหลังวันสุดท้าย", "จังหวัดตาก", listed(p.th for p in provinces if p.drafted_late))
    yield Check("จังหวัดที่ได้รับคำแนะนำ", "26", str(sum(p.advised for p in provinces)))
    yield Check("การปรับปรุงร่าง (ตามคำแนะนำ 26 และที่ผู้ว่าฯ ส่งคืน 1)", "27", str(sum(p.revisions for p in provinces)))
    volumes = {paper.name: thai_moment(paper.at) for paper in found.papers[FRAMEWORK]}
    yield Check("เล่มที่ 1 เผยแพร่ก่อน 1 ตุลาคม (R4.4)", "วันจันทร์ที่ 30 กันยายน 2562 เวลา 23.59 น.", volumes.get(PAPERS[1], ""))
    yield Check("ไม่ทันเล่มที่ 1", "จังหวัดบึงกาฬ", listed(p.th for p in provinces if p.volume == 2))
    yield Check("ผู้ที่ได้รับแจ้งว่าจังหวัดยังไม่เห็นชอบ", "bueng-kan.head", listed(found.told))
    yield Check(
        "เสร็จสิ้นเมื่อ",
        "วันพฤหัสบดีที่ 3 ตุลาคม 2562",
        thai_moment(case.closed_at).partition(" เวลา")[0] if case.closed_at else "",
    )
    names = sorted(paper.name for case_id in (FRAMEWORK, CIRCULAR) for paper in found.papers[case_id])
    yield Check("เอกสาร", listed(sorted(PAPERS)), listed(names))


def _circular(found: FrameworkFindings) -> Iterator[Check]:
    yield Check("จังหวัดที่ตอบรับหนังสือเวียน", "76", str(len(found.circular.received)))
    yield Check("ตอบรับหลังกำหนด", "2", str(found.late_receipts))
    yield Check("ส่งหนังสือซ้ำ", "1 ครั้ง", f"{found.circular.sent_again} ครั้ง")


def _moment(found: FrameworkFindings, element: str) -> str:
    due = found.due[element]
    return thai_moment(due) if due else ""
