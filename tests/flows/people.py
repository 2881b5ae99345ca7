"""What the officers of the sample ministry do, in words."""

from __future__ import annotations

from typing import Any

from flows import starting
from ledger import reading
from ledger.hand_offs import HandOff
from schemas.directive import Nature, Registration, Urgency
from tests.engine.driver import ACTOR, Stage

SIX = {heading: f"ข้อความ {heading}" for heading in ("goal", "plan", "result", "output", "outcome", "impact")}
TWO = {"goal": "เป้าหมาย", "plan": "แผน"}


async def settle(stage: Stage) -> None:
    """Run every case that wants to run, until none does (what the dispatcher does)."""
    from sqlalchemy import select

    from ledger import tables

    c = tables.cases.c
    while True:
        async with stage.runtime.ledger.read() as connection:
            wanted = select(c.id).where(c.wanted == "run").order_by(c.id)
            ids = list((await connection.scalars(wanted)).all())
        if not ids:
            return
        for case_id in ids:
            await stage.run(case_id)


async def register(stage: Stage, *agencies: str, title: str = "เร่งรัดคดีค้าง", **more: Any) -> tuple[str, ...]:
    form = Registration(
        title=title, text=f"ให้{title}", ordered_by="รัฐมนตรีว่าการกระทรวงยุติธรรม", ordered_on="2018-02-06",
        nature=more.get("nature", Nature.GENERAL), urgency=more.get("urgency", Urgency.NORMAL),
        source_meeting="การประชุมผู้บริหารกระทรวง", agencies=agencies or ("dept",),
    )  # fmt: skip
    made = await starting.register_directive(stage.runtime, form, actor=ACTOR)
    await settle(stage)
    return made


async def open_work(stage: Stage, subject: str, element: str) -> HandOff:
    async with stage.runtime.ledger.read() as connection:
        found = await reading.hand_offs_of_subject(connection, subject)
    (one,) = [h for h in found if h.state == "open" and h.element == element]
    return one


async def do(stage: Stage, subject: str, element: str, data: dict[str, Any]) -> HandOff:
    """The unit that holds the work hands the form in, and the flow goes on."""
    hand_off = await open_work(stage, subject, element)
    (holder, *_) = stage.runtime.post.holders(hand_off.unit, hand_off.duty)  # type: ignore[arg-type]
    await stage.intake.submit(hand_off.id, data, officer=holder.id, through="test")
    await settle(stage)
    return hand_off


async def accepted(stage: Stage, case_id: str, *, mode: str = "division_keys", lead: str = "dept-div-a") -> None:
    """From registration to the first weekly report."""
    await do(stage, case_id, "receive", {"decision": "accept"})
    await do(stage, case_id, "assign", {"divisions": [lead], "lead": lead, "mode": mode})
    await do(stage, case_id, "accept", {"decision": "accept"})
