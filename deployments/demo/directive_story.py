"""The story of S0 in three reporting weeks of April 2561, told once; who plays it is given (`DirectiveCompany`).

The first week has a Friday holiday, Songkran on 13 April 2561, and its Monday: the cut-off is Thursday 12 April, 16.00,
and the minister reads the report on Tuesday 17 April. Six directives; every turn that a directive can take happens to
one of them. What must come of it stands in `directive_expected`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Protocol

import yaml

from deployments.demo.company import Company, together
from rules.calendar import bangkok_moment
from schemas.base import CaseId, OfficerId
from schemas.directive import Level

_TEXTS = Path(__file__).with_name("directive.yaml")
TEXTS: Mapping[str, Mapping[str, Any]] = yaml.safe_load(_TEXTS.read_text(encoding="utf-8"))
"""Registration and six headings of each directive by its name."""
FIRST, SECOND, THIRD = "week-2018-04-13", "week-2018-04-20", "week-2018-04-27"
NEW_OFFICER: OfficerId = "dept2-div-a.2"
ACCEPT, APPROVE = {"decision": "accept"}, {"decision": "approve"}


def on(day: int, at: str) -> datetime:
    """A moment of April 2561 in Bangkok."""
    return bangkok_moment(date(2018, 4, day), time.fromisoformat(at))


BEGINS, ENDS = on(9, "08:30"), on(30, "09:30")
MEETING_AT = on(18, "09:30")


class DirectiveCompany(Company, Protocol):
    """What the story asks of those who play it, beside the work that they are asked for."""

    async def register(self, registration: Mapping[str, Any]) -> tuple[CaseId, ...]:
        """The secretariat registers a directive; the cases of its agencies."""
        ...

    async def order_printout(self, meeting_at: datetime, *, officer: OfficerId) -> CaseId:
        """A planning unit orders the print-out for a meeting."""
        ...

    async def choose_password(self, officer: OfficerId) -> None:
        """A new officer takes up the invitation."""
        ...


@dataclass(slots=True)
class DirectiveStory:
    """The three weeks. Cases are known by their role once they are registered."""

    company: DirectiveCompany
    cases: dict[str, CaseId] = field(default_factory=dict)

    async def play(self) -> None:
        await self.monday_9_april()
        await self.songkran_week()
        await self.tuesday_17_april()
        await self.second_week()
        await self.third_week()

    # --- 9 April: registered, received, assigned -------------------------------------------------------

    async def monday_9_april(self) -> None:
        await self.company.pass_to(on(9, "09:00"))
        self.company.tell("สนย. ลงทะเบียนข้อสั่งการ 5 เรื่อง ถึงกลุ่มแผน/กองแผนของ 6 ส่วนราชการ")
        await self._register("budget", "budget_dept", "budget_dept2")
        for name in ("law_aid", "crowding", "e_service", "reform"):
            await self._register(name, name)
        await self.company.pass_to(on(9, "10:00"))
        self.company.tell("กลุ่มแผนรับทราบ มอบหมายกอง · เรื่องหนึ่งไม่ใช่ภารกิจ ถูกส่งต่อให้ สกธ. · กองหนึ่งส่งคืน · ขอ User เพิ่ม")
        await together(
            self._shared_by_two_divisions(),
            self._with_one_more_user(),
            self._assigned("law_aid", "oja-div-a"),
            self._assigned("crowding", "dept3-div-a", mode="planning_keys"),
            self._returned_by_a_division(),
            self._rerouted(),
        )

    async def _register(self, name: str, *roles: str) -> None:
        made = await self.company.register(TEXTS[name]["registration"])
        self.cases |= dict(zip(roles, made, strict=True))

    async def _assigned(self, role: str, lead: str, *, mode: str = "division_keys") -> None:
        await self._act(role, "receive", ACCEPT)
        await self._act(role, "assign", {"divisions": [lead], "lead": lead, "mode": mode})
        await self._act(role, "accept", ACCEPT)

    async def _shared_by_two_divisions(self) -> None:
        both = ["dept-div-a", "dept-div-b"]
        await self._act("budget_dept", "receive", ACCEPT)
        await self._act("budget_dept", "assign", {"divisions": both, "lead": both[0], "mode": "division_keys"})
        for division in both:
            await self._act("budget_dept", "accept", ACCEPT, unit=division)

    async def _with_one_more_user(self) -> None:
        """ขอ User เพิ่ม (S0 line 33): granted, invited, and the new officer chooses a password."""
        await self._act("budget_dept2", "receive", ACCEPT)
        asked = {
            "divisions": ["dept2-div-a"], "lead": "dept2-div-a", "mode": "division_keys",
            "extra_user_name": "เจ้าหน้าที่ผู้รายงาน คนที่ 2 (กอง (ตัวอย่าง ก) กรมตัวอย่างที่ 2)",
            "extra_user_position": "นักวิชาการเงินและบัญชี", "extra_user_email": "dept2-div-a.2@moj.example",
        }  # fmt: skip
        await self._act("budget_dept2", "assign", asked)
        await self._act("budget_dept2", "grant_user", {"decision": "grant"})
        await self.company.choose_password(NEW_OFFICER)
        await self._act("budget_dept2", "accept", ACCEPT)

    async def _returned_by_a_division(self) -> None:
        await self._act("e_service", "receive", ACCEPT)
        first, second = "dept4-div-a", "dept4-div-b"
        await self._act("e_service", "assign", {"divisions": [first], "lead": first, "mode": "division_keys"})
        await self._act(
            "e_service", "accept", {"decision": "return", "reason": "เป็นภารกิจของกอง (ตัวอย่าง ข)"}, unit=first
        )
        await self._act("e_service", "assign", {"divisions": [second], "lead": second, "mode": "division_keys"})
        await self._act("e_service", "accept", ACCEPT, unit=second)

    async def _rerouted(self) -> None:
        """สกธ. is responsible for the reform of the ministry (S0 line 39)."""
        refused = {"decision": "not_ours", "reason": "การปฏิรูปในภาพรวมของกระทรวงเป็นภารกิจของ สกธ."}
        await self._act("reform", "receive", refused)
        await self._act("reform", "reroute", {"decision": "reroute", "agency": "oja"})
        first = self.cases["reform"]
        self.cases |= {"reform_refused": first, "reform": first.removesuffix("dept5") + "oja"}
        await self._assigned("reform", "oja-div-b")

    # --- the first week: cut-off on Thursday 12 April --------------------------------------------------

    async def songkran_week(self) -> None:
        await self.company.pass_to(on(11, "10:00"))
        self.company.tell("กองรายงาน กลุ่มแผนตรวจ · รายงานหนึ่งถูกส่งคืนให้แก้ · กรมสั่งจัดทำเอกสารประชุมผู้บริหารวันที่ 18 เมษายน")
        self.cases["printout"] = await self.company.order_printout(MEETING_AT, officer="dept-plan.1")
        await together(
            self._reported("budget_dept", Level.GENERAL),
            self._reported("e_service", Level.IN_PROGRESS),
            self._sent_back_and_corrected(),
            self._act("crowding", "report", report_on("crowding", Level.IN_PROGRESS)),
        )
        await self.company.pass_to(on(12, "10:00"))
        self.company.tell("วันสุดท้ายของสัปดาห์คือวันพฤหัสบดี เพราะวันศุกร์ที่ 13 เป็นวันสงกรานต์ · เรื่องหนึ่งยังไม่มีรายงาน")
        await together(
            self._reported("budget_dept2", Level.GENERAL, by=NEW_OFFICER),
            self._act("crowding", "key_in", report_on("crowding", Level.IN_PROGRESS) | APPROVE),
        )

    async def _sent_back_and_corrected(self) -> None:
        await self._act("law_aid", "report", report_on("law_aid", Level.CONTINUOUS) | {"impact": "อยู่ระหว่างรวบรวม"})
        await self._act("law_aid", "check", {"decision": "return", "comment": "ขอผลกระทบที่เกิดแล้วจริง"})
        await self._reported("law_aid", Level.CONTINUOUS)

    # --- 17 April: the minister's report, a late report, the print-out ---------------------------------

    async def tuesday_17_april(self) -> None:
        await self.company.pass_to(on(17, "08:00"))
        self.company.tell("สนย. ตรวจทานรายงานภาพรวม · 08.30 น. รายงานถึงรัฐมนตรี (วันจันทร์ที่ 16 เป็นวันหยุดชดเชย)")
        await self.company.act(FIRST, "consolidate", {"note": "เรื่องการปฏิรูปประเทศ สกธ. เพิ่งรับเรื่อง จะรายงานเพิ่มเติม"})
        await self.company.pass_to(on(17, "10:00"))
        self.company.tell("รายงานล่าช้าของสัปดาห์ก่อนเข้ามา · กลุ่มแผนตรวจเอกสารประชุม · สนย. ลงทะเบียนเรื่องใหม่ ซึ่งเข้าสัปดาห์ที่เปิดอยู่")
        await self._register("probation", "probation")
        await together(
            self._reported("reform", Level.IN_PROGRESS, week=FIRST),
            self._act("printout", "check", APPROVE),
            self._assigned("probation", "dept5-div-a"),
        )
        await self.company.pass_to(on(18, "09:00"))
        self.company.tell("อธิบดีรับเอกสารประกอบการประชุมผู้บริหาร")
        await self._act("printout", "acknowledge", {"note": "นำเข้าที่ประชุม"})

    # --- the second and the third week -----------------------------------------------------------------

    async def second_week(self) -> None:
        await self.company.pass_to(on(18, "13:00"))
        self.company.tell("สัปดาห์ที่สอง: เรื่องหนึ่งแล้วเสร็จ เรื่องหนึ่งไม่รายงานเลย")
        await together(
            self._act("crowding", "report", report_on("crowding", Level.IN_PROGRESS)),
            self._reported("budget_dept", Level.IN_PROGRESS),
            self._reported("law_aid", Level.CONTINUOUS),
            self._reported("e_service", Level.COMPLETED, completed_on="2018-04-18"),
            self._reported("reform", Level.IN_PROGRESS, week=SECOND),
            self._reported("probation", Level.GENERAL),
        )
        await self.company.pass_to(on(19, "13:00"))
        await self._act("crowding", "key_in", report_on("crowding", Level.IN_PROGRESS) | APPROVE)
        await self.company.pass_to(on(23, "09:30"))
        self.company.tell("รายงานถึงรัฐมนตรีตามเวลาแม้ไม่มีผู้ตรวจทาน · ผู้อำนวยการกองได้รับรายการงานที่ค้าง")

    async def third_week(self) -> None:
        await self.company.pass_to(on(25, "10:00"))
        self.company.tell("สัปดาห์ที่สาม: ทุกเรื่องที่ยังไม่แล้วเสร็จรายงานทันกำหนด เรื่องที่แล้วเสร็จไม่ถูกถามอีก")
        await together(
            self._act("crowding", "report", report_on("crowding", Level.IN_PROGRESS)),
            self._reported("budget_dept", Level.CONTINUOUS),
            self._reported("budget_dept2", Level.IN_PROGRESS, by=NEW_OFFICER, week=THIRD),
            self._reported("law_aid", Level.CONTINUOUS),
            self._reported("reform", Level.IN_PROGRESS),
            self._reported("probation", Level.CONTINUOUS),
        )
        await self._act("crowding", "key_in", report_on("crowding", Level.IN_PROGRESS) | APPROVE)
        await self.company.pass_to(on(30, "08:00"))
        await self.company.act(THIRD, "consolidate", {"note": "ทุกส่วนราชการรายงานทันกำหนด"})
        await self.company.pass_to(ENDS)

    # --- what officers do over and over ----------------------------------------------------------------

    async def _reported(
        self, role: str, level: Level, *, by: OfficerId | None = None, week: CaseId | None = None,
        completed_on: str | None = None,
    ) -> None:  # fmt: skip
        """The division reports, the planning unit checks."""
        text = role.removesuffix("_dept").removesuffix("_dept2")
        answer = report_on(text, level) | ({"completed_on": completed_on} if completed_on else {})
        await self._act(role, "report", answer, officer=by, week=week)
        await self._act(role, "check", APPROVE, week=week)

    async def _act(self, role: str, element: str, answer: Mapping[str, Any], **which: Any) -> None:
        await self.company.act(self.cases[role], element, answer, **which)


def report_on(name: str, level: Level) -> dict[str, Any]:
    """The weekly report: six headings, or 4.1 and 4.2 alone while in progress (S0 line 26)."""
    headings: Mapping[str, str] = TEXTS[name]["headings"]
    wanted = ("goal", "plan") if level is Level.IN_PROGRESS else tuple(headings)
    return {"level": level.value, "unchanged_confirmed": "true", **{h: headings[h] for h in wanted}}
