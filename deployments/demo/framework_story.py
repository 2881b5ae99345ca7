"""P13 as S4 dates it, told once: the framework of fiscal year 2563, seventy-six provinces, September 2562.

What must come of it stands in `framework_expected`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Protocol

from deployments.demo.company import Company
from ledger.hand_offs import HandOff
from rules.calendar import bangkok_moment
from schemas.base import CaseId, UnitId

FRAMEWORK, CIRCULAR = "framework-2563", "circular-framework-2563"
CENTRAL = "opdc-monitoring"
SLOW_READERS: tuple[UnitId, ...] = ("mae-hong-son-office", "narathiwat-office")
LATE_DRAFT, RETURNED, LAST = "tak-office", "phuket", "bueng-kan"
LETTER_NO = "นร 1200/ว 12"
COMPONENTS = ("การปฏิบัติงานตามหน้าที่และอำนาจ", "นโยบายสำคัญและการพัฒนาพื้นที่", "ศักยภาพการดำเนินงาน")
KPIS: tuple[dict[str, Any], ...] = (
    {"th": "รายได้จากการท่องเที่ยว", "unit_of_measure": "ล้านบาท", "years": "1", "targets": "1200", "plan": "provincial"},
    {
        "th": "คุณภาพแหล่งน้ำสายหลัก",
        "unit_of_measure": "คะแนน",
        "years": "3",
        "targets": "60 / 65 / 70",
        "plan": "national",
    },
    {"th": "ผู้ป่วยโรคไม่ติดต่อรายใหม่", "unit_of_measure": "คน", "years": "1", "targets": "450", "plan": "master"},
    {"th": "พื้นที่เกษตรปลอดภัย", "unit_of_measure": "ไร่", "years": "5", "targets": "10/15/20/25/30", "plan": "regional"},
    {"th": "จุดเสี่ยงอุบัติเหตุที่แก้ไขแล้ว", "unit_of_measure": "แห่ง", "years": "1", "targets": "12"},
)
Answer = Mapping[str, Any]


def on(month: int, day: int, at: str) -> datetime:
    """A moment of 2562 in Bangkok."""
    return bangkok_moment(date(2019, month, day), time.fromisoformat(at))


BEGINS, ENDS = on(9, 2, "08:30"), on(10, 3, "10:00")
ORDER: Answer = {
    "fiscal_year": "2563", "briefing_on": "6 ก.ย. 2562", "workshop_from": "11 ก.ย. 2562", "workshop_to": "19 ก.ย. 2562",
}  # fmt: skip


class FrameworkCompany(Company, Protocol):
    """What the story asks of those who play it, beside the work that they are asked for."""

    async def open_framework(self, order: Answer) -> None:
        """The central office begins to draft."""
        ...

    async def open_work(self, case: CaseId) -> Sequence[HandOff]:
        """What is open in a case, once all is at rest."""
        ...

    async def hand_in_all(self, answers: Sequence[tuple[HandOff, Answer]]) -> None:
        """Several officers hand their work in."""
        ...


@dataclass(slots=True)
class FrameworkStory:
    company: FrameworkCompany

    async def play(self) -> None:
        await self.the_framework()
        await self.the_circular()
        await self.the_workshop()
        await self.advice_and_adoption()
        await self.before_and_after_the_year_begins()

    async def the_framework(self) -> None:
        company = self.company
        await company.pass_to(on(9, 2, "09:00"))
        company.tell("สำนักงาน ก.พ.ร. เริ่มจัดทำกรอบการประเมินจังหวัด ปีงบประมาณ พ.ศ. 2563")
        await company.open_framework(ORDER)
        await company.pass_to(on(9, 3, "10:00"))
        company.tell("ร่างกรอบแล้วเสร็จ เปรียบเทียบปี 2562 กับ 2563 · หนังสือเวียนถึง 76 จังหวัด")
        await self._done(FRAMEWORK, "draft_framework", lambda _work: _framework())

    async def the_circular(self) -> None:
        company = self.company
        await company.pass_to(on(9, 4, "11:00"))
        company.tell("74 จังหวัดตอบรับหนังสือเวียน")
        await self._done(CIRCULAR, "acknowledge", lambda work: None if work.unit in SLOW_READERS else {})
        await company.pass_to(on(9, 9, "09:00"))
        company.tell("พ้นกำหนดตอบรับ ยังขาดสองจังหวัด · ส่งหนังสือซ้ำ")
        again = {"decision": "resend", "note": "ขอความร่วมมือตอบรับโดยด่วน", "again_on": "12 ก.ย. 2562"}
        await self._done(CIRCULAR, "chase", lambda _work: again)
        await company.pass_to(on(9, 10, "10:00"))
        company.tell("สองจังหวัดที่เหลือตอบรับ")
        await self._done(CIRCULAR, "acknowledge", lambda _work: {})

    async def the_workshop(self) -> None:
        company = self.company
        await company.pass_to(on(9, 13, "14:00"))
        company.tell("ประชุมเชิงปฏิบัติการ 11–19 กันยายน: 75 จังหวัดส่งร่างตัวชี้วัด จังหวัดละ 3–5 ตัว")
        await self._done(FRAMEWORK, "draft", lambda work: None if work.unit == LATE_DRAFT else _draft(work.unit))
        await company.pass_to(on(9, 20, "09:30"))
        company.tell("จังหวัดตากส่งร่างหลังวันสุดท้าย")
        await self._done(FRAMEWORK, "draft", lambda work: _draft(work.unit))

    async def advice_and_adoption(self) -> None:
        company = self.company
        company.tell("สำนักงาน ก.พ.ร. ให้คำแนะนำ · จังหวัดปรับปรุงร่าง")
        advised = {work.key: number % 3 == 0 for number, work in enumerate(await self._asked(FRAMEWORK, "advise"))}
        await self._done(
            FRAMEWORK, "advise", lambda work: {"comment": "ควรทบทวนค่าเป้าหมาย" if advised[work.key] else ""}
        )  # fmt: skip
        await company.pass_to(on(9, 23, "10:00"))
        await self._done(FRAMEWORK, "revise", lambda work: _draft(work.unit))
        await company.pass_to(on(9, 24, "10:00"))
        company.tell("ผู้ว่าราชการจังหวัดเห็นชอบ · จังหวัดภูเก็ตส่งคืนหนึ่งครั้ง · จังหวัดบึงกาฬยังไม่พิจารณา")
        await self._done(FRAMEWORK, "adopt", _verdict)
        await company.pass_to(on(9, 25, "10:00"))
        await self._done(FRAMEWORK, "revise", lambda work: _draft(work.unit))
        await self._done(FRAMEWORK, "adopt", lambda work: None if work.unit == LAST else {"decision": "approve"})

    async def before_and_after_the_year_begins(self) -> None:
        company = self.company
        await company.pass_to(on(10, 1, "08:30"))
        company.tell("เผยแพร่เล่มที่ 1 ก่อนเริ่มปีงบประมาณ 75 จังหวัด · แจ้งผู้ว่าราชการจังหวัดบึงกาฬ")
        await company.pass_to(on(10, 3, "09:00"))
        company.tell("จังหวัดบึงกาฬเห็นชอบ · เผยแพร่เล่มที่ 2 ครบ 76 จังหวัด")
        await self._done(FRAMEWORK, "adopt", lambda _work: {"decision": "approve"})
        await company.pass_to(ENDS)

    # --- how it is done --------------------------------------------------------------------------------

    async def _asked(self, case: CaseId, element: str) -> list[HandOff]:
        return [work for work in await self.company.open_work(case) if work.element == element]

    async def _done(self, case: CaseId, element: str, answer: Callable[[HandOff], Answer | None]) -> None:
        """Whoever has an answer hands it in."""
        given = [(work, answer(work)) for work in await self._asked(case, element)]
        await self.company.hand_in_all([(work, said) for work, said in given if said is not None])


def _framework() -> Answer:
    said: dict[str, Any] = {
        "principles": (
            "จังหวัดเป็นผู้กำหนดตัวชี้วัดที่สอดคล้องกับแผนพัฒนาจังหวัดและขับเคลื่อนยุทธศาสตร์ชาติได้ โดยสำนักงาน ก.พ.ร. ให้คำแนะนำ\n"
            "กำหนด 3–5 ตัวชี้วัดที่สำคัญเท่านั้น และตัวชี้วัดระยะยาว 3–5 ปี"
        ),
        "letter_no": LETTER_NO,
    }  # fmt: skip
    for number, component in enumerate(COMPONENTS):
        said |= {
            f"components.{number}.component": component, f"components.{number}.before": "รายงานทุกตัวชี้วัดของหน่วยงานกลาง",
            f"components.{number}.now": "เฉพาะตัวชี้วัดที่สำคัญของจังหวัด",
        }  # fmt: skip
    return said


def _draft(unit: UnitId) -> Answer:
    """Three, four or five KPIs, by the province; the fifth names no plan."""
    count = 3 + len(unit) % 3
    return {f"kpis.{row}.{name}": value for row, kpi in enumerate(KPIS[:count]) for name, value in kpi.items()}


def _verdict(work: HandOff) -> Answer | None:
    if work.unit == LAST:
        return None
    if work.unit == RETURNED:
        return {"decision": "return", "comment": "ขอให้ทบทวนค่าเป้าหมายปีแรก"}
    return {"decision": "approve"}
