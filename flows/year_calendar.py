"""A day of an agreement year's calendar is moved while the year runs (decision 24)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from engine.replan import replan
from engine.runtime import Runtime
from engine.waits import message_name
from ledger import organisations, waits
from ledger.work import Work
from rules.year import calendar_of
from rules.year_move import reason_th, with_day
from schemas.actor import Actor
from schemas.agreement import agreement_case_id
from schemas.base import FiscalYear, UnitId
from schemas.deadline import OnYearDay
from schemas.year_move import DayMove, Replanned, YearDayMoved

CALENDAR_MOVE = "calendar_move"
"""Key of the event with which a move goes into the history of the year's case."""


async def move_year_day(
    runtime: Runtime, agency: UnitId, fiscal_year: FiscalYear, move: DayMove, *, actor: Actor
) -> tuple[Replanned, ...]:
    """Give a named day another date; open work that is due on it follows at once, and its holders are told.

    The new policy, the new moments, the mails and the record in the year's case are one transaction. The same move
    once more changes nothing. The form was admitted by the caller.

    :raises NoYearCalendar: the policy has no calendar of that year for the agency.
    """
    async with runtime.ledger.begin() as work:
        await runtime.hold(work)
        entry = calendar_of(runtime.policy.years, agency, fiscal_year).entry(move.day)
        policy = with_day(runtime.policy, agency, fiscal_year, move)
        if policy == runtime.policy:
            return ()
        reason, named = reason_th(entry, move), OnYearDay(agency=agency, fiscal_year=fiscal_year, day=move.day)
        organisation = runtime.directory.organisation
        version = await organisations.store(work, organisation, policy, actor=actor, reason=reason)
        year_case = agreement_case_id(agency, fiscal_year)
        heard = await listeners_of(work, [named])
        moved = await replan(
            work, runtime, policy, [named.year], reason=reason, actor=actor, with_cases={year_case, *heard[named]}
        )
        standing = work.held(year_case)
        if standing is not None and standing.state == "open":
            said = {
                "day": move.day, "was": [str(entry.opens or ""), str(entry.due)],
                "becomes": [str(move.opens or ""), str(move.due)], "version": version, "reason": reason,
                "replanned": [each.model_dump(mode="json") for each in moved],
            }  # fmt: skip
            work.append(year_case, "case:record", CALENDAR_MOVE, actor, said)
        await tell_listeners(work, heard, actor=actor)
        await work.commit()
    await runtime.refresh(at_once=True)
    return moved


Heard = Mapping[OnYearDay, AbstractSet[str]]
"""By day the cases that wait to hear that it has moved."""


async def listeners_of(work: Work, days: Iterable[OnYearDay]) -> Heard:
    """Read before anything is locked: they are locked with what is replanned."""
    return {day: await waits.listening(work, message_name(YearDayMoved, day.topic)) for day in days}


async def tell_listeners(work: Work, heard: Heard, *, actor: Actor) -> None:
    """Those that heard of a day ask for its dates anew; all are locked."""
    for day, listeners in heard.items():
        said = YearDayMoved(agency=day.agency, fiscal_year=day.fiscal_year, day=day.day).model_dump(mode="json")
        name = message_name(YearDayMoved, day.topic)
        await waits.signal(work, listeners, name=name, payload=said, sender=day.agency, actor=actor)
