"""Work that is due on a named day gets a new plan: its rungs go on counting, whatever became of the earlier ones."""

from __future__ import annotations

from datetime import timedelta

from ledger import reading, tables
from ledger.hand_offs import hand_off_id
from ledger.restore import differences
from ledger.work import Ledger
from ledger.year_days import replan_hand_offs
from rules.reminders import Ladder
from tests.ledger.scene import CUT_OFF, DIRECTIVE, SOMCHAI, fire_reminder, handed_off, opened, order, rows

LATER = CUT_OFF + timedelta(days=14)
PLAN = Ladder(reminders=(LATER - timedelta(days=1),), escalations=(LATER,))


async def replanned(ledger: Ledger, *keys: str) -> None:
    async with ledger.begin() as work:
        await work.lock(DIRECTIVE)
        found = [await reading.hand_off(work.connection, hand_off_id(DIRECTIVE, key)) for key in keys]
        await replan_hand_offs(work, [(each, LATER, PLAN) for each in found], reason="เลื่อนวัน", actor=SOMCHAI)
        await work.commit()


async def fired(ledger: Ledger, key: str, kind: str, rung: int) -> None:
    async with ledger.begin() as work:
        await work.lock(DIRECTIVE)
        fire_reminder(work, DIRECTIVE, key, kind, rung)
        await work.commit()


async def rungs(ledger: Ledger) -> list[tuple[str, str, int]]:
    keys = {hand_off_id(DIRECTIVE, key): key for key in ("report", "other")}
    found = await rows(ledger, tables.reminders, "hand_off_id", "kind", "rung")
    return sorted((keys[row[0]], row[1], row[2]) for row in found)


async def test_a_new_plan_takes_the_place_of_what_was_to_come_and_numbers_on(ledger: Ledger) -> None:
    await opened(ledger)
    await handed_off(ledger, order("report"), order("other"))
    for kind, rung in (("reminder", 1), ("reminder", 2), ("escalation", 1)):
        await fired(ledger, "report", kind, rung)
    assert await rungs(ledger) == [("other", "escalation", 1), ("other", "reminder", 1), ("other", "reminder", 2)]

    await replanned(ledger, "report", "other")
    assert await rungs(ledger) == [
        ("other", "escalation", 2), ("other", "reminder", 3), ("report", "escalation", 2), ("report", "reminder", 3),
    ]  # fmt: skip

    await fired(ledger, "report", "reminder", 3)
    await replanned(ledger, "report")
    assert await rungs(ledger) == [
        ("other", "escalation", 2), ("other", "reminder", 3), ("report", "escalation", 3), ("report", "reminder", 4),
    ]  # fmt: skip
    async with ledger.read() as connection:
        assert await differences(connection, DIRECTIVE) == ()
