"""A case that stands still: what its administrators are told, and what they can do."""

from __future__ import annotations

from schemas.actor import system
from schemas.mail import Notice
from tests.conftest import ClockThatIsSet
from tests.engine.driver import Stage
from tests.flows.people import case_of, messages_of, register


async def test_the_administrators_are_told_why_it_stands_and_how_it_is_taken_up(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    (case,) = await register(ministry)
    title = (await case_of(ministry, case)).title
    async with ministry.runtime.ledger.begin() as work:
        await work.lock(case)
        work.append(case, "run:fail", "", system("flow"), {"error": "ValueError: ทดสอบ"})
        ministry.runtime.post.trouble(work, case, title, "run-fail", "กระบวนงานหยุดเนื่องจากข้อผิดพลาด", "ValueError: ทดสอบ")
        await work.commit()
    (told, *others) = await messages_of(ministry, case, "notice")
    assert isinstance(told, Notice)
    assert all(other == told for other in others)
    assert (told.to, told.title) == ("ผู้ดูแลระบบ", title)
    assert told.body.splitlines()[-1] == "สาเหตุ: ValueError: ทดสอบ"
    assert told.asked == f"ตรวจสอบสาเหตุ แล้วรับเรื่องต่อด้วยคำสั่ง sangkan case take-up {case}"
