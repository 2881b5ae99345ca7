"""P11 as S2 dates it, told once: Ayutthaya in fiscal year 2553, from the agreements in May to the ranking in October.

What must come of it stands in `cascade_expected`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Protocol

from deployments.demo import cascade_data as data
from deployments.demo.cascade_data import AGENCIES, Answer
from deployments.demo.company import Company
from ledger.hand_offs import HandOff
from rules.calendar import bangkok_date, bangkok_moment

CASCADE = "cascade-2553-ayutthaya"
CLEANING = {5: 24, 6: 24, 7: 22, 8: 23, 9: 23}
"""Month of 2553 → Big Cleaning Day."""
SIGN: Answer = {"decision": "sign"}
APPROVED: Answer = {"decision": "approve"}


def on(month: int, day: int, at: str) -> datetime:
    """A moment of 2553 in Bangkok."""
    return bangkok_moment(date(2010, month, day), time.fromisoformat(at))


BEGINS, ENDS = on(5, 10, "08:30"), on(10, 22, "10:00")


class CascadeCompany(Company, Protocol):
    """What the story asks of those who play it, beside the work that they are asked for."""

    async def open_cascade(self, order: Answer) -> None:
        """The provincial office begins."""
        ...

    async def asked(self, element: str) -> Sequence[HandOff]:
        """What is open of an element in all cases, once all is at rest."""
        ...

    async def hand_in_all(self, answers: Sequence[tuple[HandOff, Answer]]) -> None:
        """Several officers hand their work in."""
        ...


@dataclass(slots=True)
class CascadeStory:
    company: CascadeCompany

    async def play(self) -> None:
        await self.key_kpis()
        await self.agreements()
        await self.cleaning(5, 24)
        await self.june()
        await self.july()
        await self.surveys_and_control()
        await self.persons_assessed()
        await self.ranking()

    async def key_kpis(self) -> None:
        company = self.company
        await company.pass_to(on(5, 10, "09:00"))
        company.tell("สำนักงานจังหวัดเริ่มถ่ายทอดตัวชี้วัด · คณะกรรมการเสนอตัวชี้วัดที่สำคัญ 7 ตัว · ผู้ว่าราชการจังหวัดเห็นชอบ")
        await company.open_cascade(data.ORDER)
        await self._done("propose", lambda _work: data.key_kpis())
        await self._done("settle", lambda _work: {"decision": "approve"})

    async def agreements(self) -> None:
        company = self.company
        await company.pass_to(on(5, 11, "10:00"))
        company.tell("หัวหน้าส่วนราชการ 33 แห่งลงนามกับผู้ว่าราชการจังหวัด · ส่งคืนหนึ่งแห่ง")
        await self._done("propose", lambda _work: data.agency_agreement())
        case = f"agency-cascade-2553-{data.RETURNED_AGENCY}"
        returned: Answer = {"decision": "return", "remark": "ขอให้ยืนยันระดับเป้าหมายอีกครั้ง"}
        await self._done("sign", lambda work: returned if work.case_id == case else SIGN)
        await self._done("propose", lambda _work: data.agency_agreement())
        await self._done("sign", lambda _work: SIGN)
        await company.pass_to(on(5, 12, "10:00"))
        company.tell("กลุ่มงาน 66 กลุ่มลงนามกับหัวหน้าส่วนราชการ")
        await self._done("share", lambda work: data.group_agreement(work.unit))
        await self._done("sign_group", lambda _work: SIGN)
        await company.pass_to(on(5, 13, "10:00"))
        company.tell("บุคคล 99 คนลงนามของตนเอง · ผู้บังคับบัญชาลงนาม ส่งคืนหนึ่งคน")
        await self._persons()
        back: Answer = {"decision": "return", "remark": "ขอให้เพิ่มงานตามตัวชี้วัดหลัก"}
        key = f"/persons[{data.RETURNED_PERSON}]/"
        await self._done("endorse", lambda work: back if key in work.key else SIGN)
        await self._persons()
        await self._done("endorse", lambda _work: SIGN)

    async def _persons(self) -> None:
        await self._done("agree", lambda work: data.own_agreement(work.unit, work.context.prefill["position"]))

    async def cleaning(self, month: int, day: int) -> None:
        """The office sets the day as the month begins; everybody cleans on it, before payday (S2, line 17)."""
        company = self.company
        begins = max(on(month, 2, "09:00"), on(5, 14, "09:00"))
        await company.pass_to(begins)
        chosen = {"on": f"{day}/{month}/2553", "note": "จัดเก็บและทำความสะอาดสถานที่ราชการ"}
        await self._done("set_day", lambda _work: chosen)
        await company.pass_to(on(month, day, "15:00"))
        company.tell(f"Big Cleaning Day วันที่ {day} ก่อนวันรับเงินเดือน: ทุกส่วนราชการ")
        await self._duty("cleaning", on(month, day, "15:00"), "จัดเก็บและทำความสะอาดแล้ว")

    async def june(self) -> None:
        """The meeting of 8 June, its nine remedial plans, the seminar of 30 June."""
        company = self.company
        await company.pass_to(on(6, 2, "10:00"))
        chosen = {"on": "24/6/2553", "note": ""}
        await self._done("set_day", lambda _work: chosen)
        await company.pass_to(on(6, 3, "10:00"))
        company.tell("33 ส่วนราชการส่งรายงานการประเมินตนเอง")
        await self._done("self_assess", lambda work: data.self_assessment(work.unit, 6))
        await company.pass_to(on(6, 7, "10:00"))
        company.tell("เจ้าภาพตัวชี้วัดให้ข้อสังเกตและข้อเสนอแนะ")
        await self._done("comment", lambda work: {"comment": data.COMMENTS[_name(work, "comments")]})
        await company.pass_to(on(6, 8, "15:30"))
        company.tell("ประชุมสรุปผลความก้าวหน้า: 32 จาก 33 ส่วนราชการเข้าร่วม · 9 แห่งคะแนนน้อยกว่า 2.5")
        await self._meeting("8 มิ.ย. 2553", absent={data.ABSENT}, resolution=(
            "ผลการดำเนินการเป็นที่น่าพอใจ ทั้ง 33 ส่วนราชการส่งรายงานการประเมินตนเอง อยู่ในระดับ 2–4\n"
            "รอบ 9 เดือนให้ส่งรายงานการประเมินตนเองภายใน 16 กรกฎาคม 2553 คะแนนของแต่ละส่วนราชการน่าจะไม่ต่ำกว่า 3.75"
        ))  # fmt: skip
        await company.pass_to(on(6, 9, "10:00"))
        company.tell("9 ส่วนราชการจัดทำแผนปรับปรุงการถ่ายทอดตัวชี้วัด")
        await self._done("plan", lambda _work: _plan("5 ก.ค. 2553"))
        await company.pass_to(on(6, 24, "15:00"))
        company.tell("Big Cleaning Day วันที่ 24 ก่อนวันรับเงินเดือน: ทุกส่วนราชการ")
        await self._duty("cleaning", on(6, 24, "15:00"), "จัดเก็บและทำความสะอาดแล้ว")
        await company.pass_to(on(6, 30, "16:00"))
        company.tell("สัมมนามาตรการป้องกันและปราบปรามการทุจริต 30 มิถุนายน 2553")
        await self._duty("seminar", on(6, 30, "16:00"), "ส่งผู้แทนเข้าร่วมสัมมนา 2 คน")

    async def july(self) -> None:
        """The recheck, the nine-month reports by 16 July, and who is warned."""
        company = self.company
        await company.pass_to(on(7, 5, "10:00"))
        company.tell("ประเมินซ้ำและเจ้าภาพตรวจ: 8 แห่งพ้นเกณฑ์ 1 แห่งต้องปรับปรุงอีกครั้ง")
        await self._done("reassess", lambda work: _again(low=work.case_id.endswith(data.TWICE)))
        await self._done("recheck", lambda _work: {"decision": "approve"})
        await self._done("plan", lambda _work: _plan("20 ก.ค. 2553"))
        await self._done("set_day", lambda _work: {"on": "22/7/2553", "note": ""})
        await company.pass_to(on(7, 16, "15:00"))
        company.tell("รอบ 9 เดือน ภายใน 16 กรกฎาคม 2553 · ต่ำกว่า 3.75 ได้รับแจ้งเตือน")
        await self._done("self_assess", lambda work: data.self_assessment(work.unit, 9))
        await company.pass_to(on(7, 20, "14:00"))
        company.tell("ประชุมรอบ 9 เดือน · ส่วนราชการที่ปรับปรุงครั้งที่สองพ้นเกณฑ์")
        await self._meeting("20 ก.ค. 2553", absent=set(), resolution="รับทราบผลรอบ 9 เดือน ให้เร่งดำเนินการก่อนสิ้นปี")
        await self._done("reassess", lambda _work: _again(low=False))
        await self._done("recheck", lambda _work: {"decision": "approve"})
        await company.pass_to(on(7, 22, "15:00"))
        company.tell("Big Cleaning Day วันที่ 22 ก่อนวันรับเงินเดือน: ทุกส่วนราชการ")
        await self._duty("cleaning", on(7, 22, "15:00"), "จัดเก็บและทำความสะอาดแล้ว")

    async def surveys_and_control(self) -> None:
        company = self.company
        await self.cleaning(8, CLEANING[8])
        await company.pass_to(on(8, 27, "10:00"))
        company.tell("ผลความพึงพอใจส่งสำนักงานคลังจังหวัด · แบบสอบถามส่งสำนักงานสถิติจังหวัด · แบบสำรวจป้องกันการทุจริต")
        for kind in ("satisfaction", "questionnaire", "anti_corruption"):
            await self._duty(kind, on(8, 27, "10:00"), "จัดเก็บครบทุกกลุ่มผู้รับบริการ")
        await self.cleaning(9, CLEANING[9])
        await company.pass_to(on(9, 30, "15:00"))
        company.tell("รายงานการควบคุมภายใน ภายใน 30 กันยายน 2553")
        await self._reports("internal_control", on(9, 30, "15:00"), "รายงานครบถ้วน", but=data.LATE_CONTROL)
        await company.pass_to(on(10, 1, "10:00"))
        company.tell("ส่วนราชการที่เหลือรายงานหลังกำหนด · สำนักงานจังหวัดสรุป")
        await self._duty("internal_control", on(10, 1, "10:00"), "รายงานครบถ้วน")

    async def persons_assessed(self) -> None:
        company = self.company
        await company.pass_to(on(10, 7, "10:00"))
        company.tell("บุคคล 99 คนประเมินผลของตนเมื่อสิ้นปี · ผู้บังคับบัญชารับรอง ส่งคืนหนึ่งคน")
        await self._done("assess_own", lambda work: data.own_assessment(work.officer or ""))
        back: Answer = {"decision": "return", "comment": "ขอให้แนบเหตุผลประกอบ"}
        key = f"/persons[{data.CLAIMED_TOO_MUCH}]/"
        await self._done("confirm_own", lambda work: back if key in work.key else APPROVED)
        await self._done("assess_own", lambda work: data.own_assessment(work.officer or ""))
        await self._done("confirm_own", lambda _work: APPROVED)

    async def ranking(self) -> None:
        company = self.company
        await company.pass_to(on(10, 14, "10:00"))
        company.tell("รอบ 12 เดือน")
        await self._done("self_assess", lambda work: data.self_assessment(work.unit, 12))
        await company.pass_to(on(10, 20, "14:00"))
        company.tell("ประชุมรอบ 12 เดือน · จัดอันดับการเบิกจ่าย 1–3 · ผู้ว่าราชการจังหวัดประกาศ")
        await self._meeting("20 ต.ค. 2553", absent=set(), resolution="รับทราบผลทั้งปี และให้ประกาศผลการจัดอันดับ")
        await self._done("announce", lambda _work: {"on": "21 ต.ค. 2553", "note": ""})
        await company.pass_to(ENDS)

    # --- how it is done --------------------------------------------------------------------------------

    async def _done(self, element: str, answer: Callable[[HandOff], Answer | None]) -> None:
        """Whoever has an answer hands it in."""
        given = [(work, answer(work)) for work in await self.company.asked(element)]
        await self.company.hand_in_all([(work, said) for work, said in given if said is not None])

    async def _reports(self, kind: str, at: datetime, result: str, *, but: str = "") -> None:
        said = {"done_on": _thai_day(at), "result": result}
        place = "cleaning-" if kind == "cleaning" else f"-{kind}"
        await self._done("report", lambda work: said if place in work.case_id and work.unit != but else None)

    async def _duty(self, kind: str, at: datetime, result: str) -> None:
        """All report, and whoever compiles sums it up."""
        await self._reports(kind, at, result)
        await self._done("compile", lambda _work: {"summary": "ทุกส่วนราชการดำเนินการครบถ้วน"})

    async def _meeting(self, held_on: str, *, absent: set[str], resolution: str) -> None:
        attended = [unit for unit in AGENCIES if unit not in absent]
        minutes: dict[str, Any] = {"held_on": held_on, "attended": attended, "resolution": resolution}
        await self._done("meet", lambda _work: minutes)


def _thai_day(at: datetime) -> str:
    day = bangkok_date(at)
    return f"{day.day}/{day.month}/{day.year + 543}"


def _name(work: HandOff, element: str) -> str:
    """What an instance is called in the key: `meetings[6]/comments[2.7]/comment` → `2.7`."""
    return work.key.partition(f"{element}[")[2].partition("]")[0]


def _plan(recheck_on: str) -> Answer:
    return {
        "cause": "ยังลงนามกับบุคคลไม่ครบทุกกลุ่มงาน", "actions": "นำข้อคิดเห็นที่ได้จากการประชุมไปปรับปรุง และเร่งลงนามให้ครบ",
        "recheck_on": recheck_on,
    }  # fmt: skip


def _again(*, low: bool) -> Answer:
    return {**data.rows([{"number": data.CASCADED, "level": "2" if low else "3"}]), "done": "ลงนามกับบุคคลเพิ่มเติมแล้ว"}
