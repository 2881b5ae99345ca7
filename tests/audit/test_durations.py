"""How long work waits, counted by both databases: compared with what a person would count from the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import literal, select
from sqlalchemy.ext.asyncio import AsyncEngine

from audit.durations import (
    PEOPLE,
    TIME,
    Heat,
    InStep,
    Passed,
    Period,
    heat_of,
    of_case,
    passed_in_case,
    passed_in_process,
)
from audit.keys import element_of
from ledger import cases, hand_offs, reading, waits
from ledger.cases import NewCase
from ledger.column_types import UtcMoment
from ledger.dialect import element_of_key, place_of, seconds_between
from ledger.hand_offs import HandOffOrder, Submission, hand_off_id
from ledger.work import Ledger
from schemas.actor import system
from schemas.form import FormContext
from tests.conftest import ClockThatIsSet

FLOW = system("flow")
MONDAY = datetime(2018, 2, 12, 2, tzinfo=UTC)
HOUR = 3600.0
LANES = {"report": "สำนัก/กอง", "check": "กลุ่มแผน", "consolidate": "ฝ่ายเลขานุการ"}
EVER = Period(since=MONDAY - timedelta(days=1), until=MONDAY + timedelta(days=99))


@pytest.fixture
def ledger(database: AsyncEngine, clock: ClockThatIsSet) -> Ledger:
    """On both databases."""
    clock.moment = MONDAY
    return Ledger(database, clock)


ORDER = HandOffOrder(
    key="", element="", branch="", unit="div-a", duty="officer", form="WeeklyReport", title="รายงาน", asked_by="plan",
    subject="d", urgency="normal", due_at=None, context=FormContext(),
)  # fmt: skip


class Week:
    """One case of a process, moved along by hand."""

    def __init__(self, ledger: Ledger, clock: ClockThatIsSet, case_id: str = "week-1") -> None:
        self.ledger, self.clock, self.case_id = ledger, clock, case_id

    async def opened(self, process: str = "weekly-cycle") -> Week:
        new = NewCase(id=self.case_id, process=process, version=1, title="สัปดาห์", data={}, units=())
        async with self.ledger.begin() as work:
            await cases.open_case(work, new, actor=FLOW)
            await work.commit()
        return self

    async def asks(self, key: str, unit: str = "div-a", *, due: float | None = None) -> None:
        due_at = None if due is None else MONDAY + timedelta(hours=due)
        order = ORDER._replace(key=key, element=element_of(key), unit=unit, due_at=due_at)
        async with self.ledger.begin() as work:
            await work.lock(self.case_id)
            hand_offs.open_hand_off(work, self.case_id, order, actor=FLOW)
            await work.commit()

    async def gets(self, key: str) -> None:
        sent = Submission(hand_off=hand_off_id(self.case_id, key), case_id=self.case_id, data={}, actor=FLOW)
        async with self.ledger.begin() as work:
            (answer,) = await hand_offs.submit_all(work, [sent])
            assert not isinstance(answer, Exception)
            await work.commit()

    async def takes_back(self, key: str) -> None:
        async with self.ledger.begin() as work:
            found = await reading.hand_off(work.connection, hand_off_id(self.case_id, key))
            await hand_offs.withdraw(work, [found], reason="", actor=FLOW)
            await work.commit()

    async def sets(self, key: str, *, at: float) -> None:
        moment = MONDAY + timedelta(hours=at)
        async with self.ledger.begin() as work:
            await work.lock(self.case_id)
            waits.set_timer(
                work, self.case_id, key=key, element=element_of(key), branch="", at=moment, gate=None, actor=FLOW
            )  # fmt: skip
            await work.commit()

    def hours(self, hours: float) -> datetime:
        return self.clock.advance(hours=hours)


async def lived(ledger: Ledger, clock: ClockThatIsSet) -> Week:
    """Two reports, one of them sent back; the ministry's overview is open at the end, after ten hours."""
    week = await Week(ledger, clock).opened()
    await week.sets("cut_off", at=90)
    await week.asks("reports[d1]/report", "div-a", due=3)
    await week.asks("joining/reports[d2]/report", "div-b", due=9)
    week.hours(2)
    await week.gets("reports[d1]/report")
    await week.asks("reports[d1]/check", "plan", due=3)
    week.hours(4)  # 6
    await week.gets("joining/reports[d2]/report")
    await week.asks("joining/reports[d2]/check", "plan")
    await week.gets("reports[d1]/check")
    await week.asks("reports[d1]/report#2", "div-a", due=7)
    week.hours(1)  # 7: at the deadline is too late
    await week.gets("reports[d1]/report#2")
    week.hours(1)  # 8
    await week.gets("joining/reports[d2]/check")
    await week.asks("consolidate", "secretariat", due=20)
    week.hours(10)  # 18
    return week


async def test_the_time_in_each_step_of_a_case_and_with_whom(ledger: Ledger, clock: ClockThatIsSet) -> None:
    week = await lived(ledger, clock)
    async with ledger.read() as connection:
        found = await of_case(connection, week.case_id, clock.moment)
    assert found == (
        step("cut_off", "", 1, open=1, hours=18, longest=18),
        step("report", "div-a", 2, late=1, hours=3, longest=2),
        step("report", "div-b", 1, hours=6, longest=6),
        step("check", "plan", 2, late=1, hours=6, longest=4),
        step("consolidate", "secretariat", 1, open=1, hours=10, longest=10),
    )


def step(
    element: str, unit: str, count: int, *, open: int = 0, late: int = 0, hours: float, longest: float  # noqa: A002
) -> InStep:  # fmt: skip
    return InStep(
        element=element, unit=unit, count=count, open=open, late=late, seconds=hours * HOUR, longest=longest * HOUR
    )  # fmt: skip


async def test_work_goes_from_lane_to_lane_within_its_instance(ledger: Ledger, clock: ClockThatIsSet) -> None:
    """A report goes to whoever checks that report, however many others are handed in meanwhile."""
    week = await lived(ledger, clock)
    async with ledger.read() as connection:
        found = await passed_in_case(connection, week.case_id, LANES, clock.moment)
        assert await passed_in_case(connection, week.case_id, {}, clock.moment) == ()
        everywhere = await passed_in_process(connection, "weekly-cycle", EVER, LANES, clock.moment)
    assert found == everywhere
    assert set(found) == {
        passed("สำนัก/กอง", "กลุ่มแผน", 2, median=2, longest=4),
        passed("กลุ่มแผน", "สำนัก/กอง", 1, median=1, longest=1),
        passed("กลุ่มแผน", "ฝ่ายเลขานุการ", 1, median=10, longest=10),
    }


def passed(giver: str, taker: str, count: int, *, median: float, longest: float) -> Passed:
    return Passed(giver=giver, taker=taker, count=count, median=median * HOUR, longest=longest * HOUR)


async def test_the_heat_of_a_process_is_that_of_all_its_cases_and_of_no_other(
    ledger: Ledger, clock: ClockThatIsSet
) -> None:
    await lived(ledger, clock)
    other = await Week(ledger, clock, "other").opened("meeting-printout")
    await other.asks("check", "plan")
    other.hours(50)
    async with ledger.read() as connection:
        found = {each.element: each for each in await heat_of(connection, "weekly-cycle", EVER, clock.moment)}
        assert list(found) == ["cut_off", "consolidate", "check", "report"]  # the longest median first
    assert found["check"] == Heat(
        element="check", waits_for=PEOPLE, count=2, open=0, dated=1, late=1, seconds=6 * HOUR, median=2 * HOUR,
        p90=4 * HOUR, longest=4 * HOUR,
    )  # fmt: skip
    assert (found["report"].share_late, found["cut_off"].waits_for, found["cut_off"].share_late) == (1 / 3, TIME, None)


@pytest.mark.parametrize(("count", "median", "p90"), [(1, 1, 1), (2, 1, 2), (9, 5, 9), (10, 5, 9), (11, 6, 10)])
async def test_percentiles_are_by_nearest_rank(
    ledger: Ledger, clock: ClockThatIsSet, count: int, median: int, p90: int
) -> None:
    week = await Week(ledger, clock).opened()
    for n in range(count):
        await week.asks(f"reports[{n}]/report")
    for n in range(count):
        week.hours(1)
        await week.gets(f"reports[{n}]/report")
    async with ledger.read() as connection:
        (found,) = await heat_of(connection, "weekly-cycle", EVER, clock.moment)
    assert (found.count, found.median, found.p90) == (count, median * HOUR, p90 * HOUR)


async def test_what_was_taken_back_does_not_count(ledger: Ledger, clock: ClockThatIsSet) -> None:
    week = await Week(ledger, clock).opened()
    await week.asks("reports[d]/report")
    await week.gets("reports[d]/report")
    await week.asks("reports[d]/check", "plan")
    week.hours(5)
    await week.takes_back("reports[d]/check")
    async with ledger.read() as connection:
        assert [each.element for each in await of_case(connection, week.case_id, clock.moment)] == ["report"]
        assert await passed_in_case(connection, week.case_id, LANES, clock.moment) == ()
        assert [h.element for h in await heat_of(connection, "weekly-cycle", EVER, clock.moment)] == ["report"]


async def test_a_period_and_units_choose_the_work_that_was_asked_for(ledger: Ledger, clock: ClockThatIsSet) -> None:
    await lived(ledger, clock)
    first = Period(since=MONDAY, until=MONDAY + timedelta(hours=6))
    async with ledger.read() as connection:

        async def counted(period: Period) -> dict[str, int]:
            return {h.element: h.count for h in await heat_of(connection, "weekly-cycle", period, clock.moment)}

        assert await counted(first) == {"report": 2, "check": 1, "cut_off": 1}
        assert await counted(Period(since=first.until, until=EVER.until)) == {
            "report": 1, "check": 1, "consolidate": 1,
        }  # fmt: skip
        # A moment that is waited for is nobody's.
        assert await counted(replace(EVER, units=("div-b", "plan"))) == {"report": 1, "check": 2}
        assert await counted(replace(EVER, units=())) == {}
        taken = await passed_in_process(
            connection, "weekly-cycle", replace(EVER, units=("plan",)), LANES, clock.moment
        )  # fmt: skip
    assert [(each.taker, each.count) for each in taken] == [("กลุ่มแผน", 2)]


# --- what the databases are asked ---------------------------------------------------------------------------

KEYS = ("receive", "assign#12", "accept[dept-a]", "a/b[c]/d", "a/b[c#d]/d[e]#3", "a[x]#2/keep[6]", "x[ก-1 (2)]")


async def test_a_key_is_read_in_the_database_as_it_is_read_here(ledger: Ledger) -> None:
    async with ledger.read() as connection:
        for key in KEYS:
            found = (await connection.execute(select(element_of_key(literal(key))))).scalar_one()
            assert found == element_of(key), key


async def test_places_and_seconds_are_the_same_on_both(ledger: Ledger) -> None:
    text = literal("a/b[c]/d")
    late = MONDAY + timedelta(days=400, milliseconds=1500)
    moments: Sequence[object] = [literal(each, UtcMoment()) for each in (MONDAY, late)]
    async with ledger.read() as connection:
        query = select(place_of("[", text), place_of("/", text), place_of("#", text), seconds_between(*moments))
        row = (await connection.execute(query)).one()
    assert tuple(row)[:3] == (4, 2, 0)
    assert row[3] == pytest.approx(400 * 86400 + 1.5, abs=0.01)
