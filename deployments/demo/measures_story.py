"""P12 as S3 dates it, told once: Samut Sakhon and two smaller provinces in fiscal year 2561.

What must come of it stands in `measures_expected`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Protocol

from deployments.demo.company import Company
from deployments.demo.measures_letter import SAMUT_SAKHON_LETTER, short_letter
from ledger.hand_offs import HandOff
from rules.calendar import bangkok_moment
from rules.measures import month_th, months_of
from schemas.base import CaseId, UnitId
from schemas.measures import ALL_YEAR, CATEGORIES, MEASURES, SOURCE_TH, Source

Answer = Mapping[str, Any]
YEAR = 2561
CENTRAL = "opdc-monitoring"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Province:
    """One province of the story: what it counts, needs and uses."""

    id: UnitId
    th: str
    counted: bool
    letter_no: str
    baselines: Mapping[Source, int]
    used: Mapping[Source, int]
    target: int
    """Of each activity that has an output; how many months it takes at one a month."""

    @property
    def case(self) -> CaseId:
        return f"six-measures-{YEAR}-{self.id}"

    @property
    def circular(self) -> CaseId:
        return f"circular-{self.case}"

    @property
    def office(self) -> UnitId:
        return f"{self.id}-strategy"


SAMUT_SAKHON = Province(
    id="samut-sakhon", th="จังหวัดสมุทรสาคร", counted=True, letter_no="สค 0017.2/ว 14080", target=3,
    baselines={Source.PAPER: 1_000, Source.BUDGET: 500_000}, used={Source.PAPER: 850, Source.BUDGET: 465_000},
)  # fmt: skip
SAMUT_SONGKHRAM = Province(
    id="samut-songkhram", th="จังหวัดสมุทรสงคราม", counted=False, letter_no="สส 0017.2/ว 9001", target=2,
    baselines={Source.PAPER: 400, Source.BUDGET: 200_000}, used={Source.PAPER: 360, Source.BUDGET: 170_000},
)  # fmt: skip
NAKHON_PATHOM = Province(
    id="nakhon-pathom", th="จังหวัดนครปฐม", counted=True, letter_no="นฐ 0017.2/ว 7001", target=2,
    baselines={Source.PAPER: 800, Source.BUDGET: 300_000}, used={Source.PAPER: 728, Source.BUDGET: 255_000},
)  # fmt: skip
PROVINCES = (SAMUT_SAKHON, SAMUT_SONGKHRAM, NAKHON_PATHOM)
SLOW_READERS: tuple[UnitId, ...] = ("samut-sakhon-fisheries", "samut-sakhon-livestock")
RETURNED, NEVER_COMPLETE = "chosen-2", "chosen-6"
NEW_BASELINE = 960
"""Of paper in Samut Sakhon under the criteria."""
CRITERIA: Answer = {
    "reference": "นร 1204/ว 5", "on": "15 ก.พ. 2561",
    "text": "ค่าฐานของการลดกระดาษให้คำนวณจากปริมาณที่จัดซื้อของหน่วยงานที่จังหวัดคัดเลือก",
}  # fmt: skip
ENERGY_LATER: Mapping[tuple[CaseId, str], tuple[int, time]] = {
    (SAMUT_SAKHON.case, "2017-12"): (2, time(22)), (NAKHON_PATHOM.case, "2018-01"): (5, time(9)),
    (SAMUT_SAKHON.case, "2018-03"): (3, time(9)),
}  # fmt: skip
"""Energy that does not come on the first: once in the last evening, a holiday, and twice after the 2nd."""


def on(year: int, month: int, day: int, at: str) -> datetime:
    """A moment in Bangkok."""
    return bangkok_moment(date(year, month, day), time.fromisoformat(at))


BEGINS, ENDS = on(2017, 10, 11, "08:30"), on(2018, 10, 3, "09:00")


class MeasuresCompany(Company, Protocol):
    """What the story asks of those who play it, beside the work that they are asked for."""

    async def begin(self, province: Province, order: Answer) -> None:
        """A province begins its year."""
        ...

    async def issue_criteria(self, criteria: Answer) -> None:
        """The central office writes to all provinces that are at work."""
        ...

    async def open_work(self, case: CaseId) -> Sequence[HandOff]:
        """What is open in a case, once all is at rest."""
        ...

    async def hand_in_all(self, answers: Sequence[tuple[HandOff, Answer]]) -> None:
        """Several officers hand their work in."""
        ...


@dataclass(slots=True)
class MeasuresStory:
    company: MeasuresCompany

    async def play(self) -> None:
        await self.the_letter()
        await self.the_plans_begin()
        await self.the_plans_are_sent()
        for month in months_of(YEAR)[1:4]:
            await self.a_month(month)
        await self.the_criteria()
        for month in months_of(YEAR)[4:]:
            await self.a_month(month)
        await self.company.pass_to(ENDS)

    async def the_letter(self) -> None:
        company = self.company
        await company.pass_to(on(2017, 10, 11, "09:00"))
        company.tell("สามจังหวัดเวียนหนังสือ · จังหวัดสมุทรสาคร ด่วนที่สุด ที่ สค 0017.2/ว 14080 ถึงหัวหน้าส่วนราชการ 29 แห่ง")
        for province in PROVINCES:
            await company.begin(province, order(province))
        await company.pass_to(on(2017, 10, 12, "10:00"))
        company.tell("หัวหน้าส่วนราชการตอบรับ ยังขาดสองแห่งของจังหวัดสมุทรสาคร")
        for province in PROVINCES:
            await self._done(province.circular, "acknowledge", lambda work: None if work.unit in SLOW_READERS else {})
        await company.pass_to(on(2017, 10, 17, "09:00"))
        company.tell("พ้นกำหนดตอบรับ 2 วันทำการ · ส่งหนังสือซ้ำ")
        again = {"decision": "resend", "note": "ขอให้ตอบรับโดยด่วน", "again_on": "20 ต.ค. 2560"}
        await self._say(SAMUT_SAKHON.circular, "chase", again)
        await company.pass_to(on(2017, 10, 18, "10:00"))
        await self._say(SAMUT_SAKHON.circular, "acknowledge", {})

    async def the_plans_begin(self) -> None:
        company = self.company
        await company.pass_to(on(2017, 10, 20, "10:00"))
        company.tell("สองจังหวัดนับมาตรการ 6 เรื่องในตัวชี้วัดที่ 4.2 และเลือกเพิ่ม 6 กิจกรรม จังหวัดสมุทรสงครามไม่นับ เลือก 12 กิจกรรม")
        for province in PROVINCES:
            await self._say(province.case, "count_six", {"counted": "true"} if province.counted else {})
            await self._say(province.case, "choose", chosen(province))
        for province in (SAMUT_SAKHON, NAKHON_PATHOM):
            await self._planned(province, "plan_activity")
        await self.a_month(months_of(YEAR)[0])

    async def the_plans_are_sent(self) -> None:
        company = self.company
        await company.pass_to(on(2017, 11, 14, "10:00"))
        company.tell("ผู้ว่าราชการจังหวัดสมุทรสาครส่งคืนหนึ่งกิจกรรม แล้วอนุมัติ ส่งสำนักงาน ก.พ.ร. ก่อนกำหนด")
        returned = {"decision": "return", "activities": [RETURNED], "comment": "ขอให้ระบุขั้นตอนให้ชัดเจน"}
        await self._say(SAMUT_SAKHON.case, "approve", returned)
        await self._planned(SAMUT_SAKHON, "correct")
        await self._approved(SAMUT_SAKHON)
        await company.pass_to(on(2017, 11, 15, "20:00"))
        company.tell("จังหวัดนครปฐมส่งแผนในวันสุดท้าย")
        await self._approved(NAKHON_PATHOM)
        await company.pass_to(on(2017, 11, 17, "10:00"))
        company.tell("จังหวัดสมุทรสงครามส่งแผนหลังกำหนด 15 พฤศจิกายน 2560")
        await self._planned(SAMUT_SONGKHRAM, "plan_activity")
        await self._approved(SAMUT_SONGKHRAM)

    async def a_month(self, month: date) -> None:
        """All report on the first of the next month; energy comes later three times."""
        company, key, first = self.company, f"{month:%Y-%m}", after(month)
        await company.pass_to(bangkok_moment(first, time(10)))
        company.tell(f"รายงานประจำเดือน{month_th(month)} ของสามจังหวัด")
        later = {case: at for (case, of), at in ENERGY_LATER.items() if of == key}
        for province in PROVINCES:
            await self._reported(province, key, but="energy" if province.case in later else "")
        for province in PROVINCES:
            if province.case in later:
                day, at = later[province.case]
                await company.pass_to(bangkok_moment(first.replace(day=day), at))
                when = "ในวันสุดท้าย ซึ่งเป็นวันหยุด" if day == 2 else "หลังวันที่ 2"
                company.tell(f"สำนักงานพลังงาน{province.th} บันทึก{when}")
                await self._reported(province, key)

    async def the_criteria(self) -> None:
        company = self.company
        await company.pass_to(on(2018, 2, 15, "10:00"))
        company.tell("สำนักงาน ก.พ.ร. แจ้งหลักเกณฑ์เป็นลายลักษณ์อักษร ถึงทุกจังหวัดที่กำลังดำเนินการ")
        await company.issue_criteria(CRITERIA)
        for province in PROVINCES:
            await self._say(province.case, "revise", {"activities": ["paper"], "note": "ปรับค่าฐาน"})
            await self._planned(province, "adapt")
        await company.pass_to(on(2018, 2, 19, "10:00"))
        company.tell("ผู้ว่าราชการจังหวัดอนุมัติแผนฉบับที่ 2 ทั้งสามจังหวัด")
        for province in PROVINCES:
            await self._approved(province)

    # --- how it is done --------------------------------------------------------------------------------

    async def _done(self, case: CaseId, element: str, answer: Callable[[HandOff], Answer | None]) -> None:
        """Whoever has an answer hands it in."""
        asked = [work for work in await self.company.open_work(case) if work.element == element]
        given = [(work, answer(work)) for work in asked]
        await self.company.hand_in_all([(work, said) for work, said in given if said is not None])

    async def _say(self, case: CaseId, element: str, answer: Answer) -> None:
        await self._done(case, element, lambda _work: answer)

    async def _planned(self, province: Province, element: str) -> None:
        await self._done(province.case, element, lambda work: plan_of(province, work))

    async def _approved(self, province: Province) -> None:
        await self._say(province.case, "approve", {"decision": "approve"})

    async def _reported(self, province: Province, month: str, but: str = "") -> None:
        def said(work: HandOff) -> Answer | None:
            asked = work.context.limits
            return report_of(province, work) if asked["month"] == month and asked["activity"] != but else None

        await self._done(province.case, "report_month", said)


# --- what they write ---------------------------------------------------------------------------------------


def order(province: Province) -> Answer:
    """The letter, the day for the plan that S3 gives, and the office that records energy."""
    letter = SAMUT_SAKHON_LETTER if province is SAMUT_SAKHON else short_letter(province.th)
    return {
        **letter, "fiscal_year": str(YEAR), "plan_due_on": "15 พ.ย. 2560", "energy_office": f"{province.id}-energy",
        "no": province.letter_no, "on": "11 ต.ค. 2560",
    }  # fmt: skip


def chosen(province: Province) -> Answer:
    """The six measures, and six or twelve activities of the categories, whichever their former group."""
    sources = [*MEASURES, *(CATEGORIES[n % 5] for n in range(6 if province.counted else 12))]
    owners = {Source.ENERGY: "energy", Source.PAPER: "office", Source.BUDGET: "treasury"}
    said: dict[str, str] = {}
    for row, source in enumerate(sources):
        name = SOURCE_TH[source] if source in MEASURES else f"{SOURCE_TH[source]} เรื่องที่ {row - 5}"
        said |= {
            f"activities.{row}.source": source, f"activities.{row}.th": name,
            f"activities.{row}.owner": f"{province.id}-{owners.get(source, 'health')}",
        }  # fmt: skip
    return said


def plan_of(province: Province, work: HandOff) -> Answer:
    """What an owner plans; the measures that begin between January and March each take a month of their own."""
    key = key_of(work)
    later = {"it": 3, "anti_corruption": 4, "integration": 5}
    start = 0 if key in ALL_YEAR else later.get(key, 1)
    said = {
        "start": f"{months_of(YEAR)[start]:%Y-%m}", "output": "ผลการดำเนินงานตามแผน", "indicator": "จำนวนเรื่องที่แล้วเสร็จ",
        "unit_of_measure": "เรื่อง", "milestones": "เริ่มดำเนินการตามแผน",
    }  # fmt: skip
    if work.form == "SavingPlan":
        new = work.element == "adapt" and province is SAMUT_SAKHON
        baseline = NEW_BASELINE if new else province.baselines[Source(key)]
        unit = "รีม" if key == Source.PAPER else "บาท"
        return said | {"unit_of_measure": unit, "target": "10", "baselines": " / ".join([f"{baseline:,}"] * 12)}
    if work.form == "OutputPlan":
        never = province is SAMUT_SAKHON and key == NEVER_COMPLETE
        said["target"] = str(12 if never else province.target)
    return said


def report_of(province: Province, work: HandOff) -> Answer:
    """What is reported of a month; outputs grow by one a month."""
    key, month = work.context.limits["activity"], date.fromisoformat(f"{work.context.limits['month']}-01")
    place = months_of(YEAR).index(month)
    if work.form == "EnergyReport":
        day, _ = ENERGY_LATER.get((province.case, f"{month:%Y-%m}"), (1, None))
        return {
            "electricity": f"{48_000 + 100 * place:,}", "fuel": f"{1_600 + place}.50",
            "recorded_on": after(month).replace(day=day).isoformat(),
        }  # fmt: skip
    if work.form == "UsageReport":
        return {"used": f"{province.used[Source(key)]:,}"}
    before = dict(work.context.facts)["ผลผลิตที่รายงานล่าสุด"].removesuffix(" เรื่อง")
    return {"output": str(1 + (int(before) if before.isdigit() else 0)), "note": "ดำเนินการตามแผน"}


def after(month: date) -> date:
    """The first of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def key_of(work: HandOff) -> str:
    """The activity of a form, by its place in the case: «plan_activity[chosen-2]»."""
    return work.key.partition("[")[2].partition("]")[0]
