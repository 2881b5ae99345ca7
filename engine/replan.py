"""A calendar has changed: open work and timers on its days follow, and their holders are told (decision 24)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from engine.runtime import Runtime
from ledger import year_days
from ledger.organisations import latest_version
from ledger.work import Work
from ledger.year_days import Planned
from rules.calendar import Calendar
from rules.reminders import Ladder, ladder
from rules.year import moment_of
from schemas.actor import Actor
from schemas.base import Moment
from schemas.policy import Policy
from schemas.year_move import Replanned

Moved = list[tuple[Planned, Moment]]


async def replan(
    work: Work, runtime: Runtime, policy: Policy, years: Sequence[str], *, reason: str, actor: Actor,
    with_cases: Collection[str] = (),
) -> tuple[Replanned, ...]:  # fmt: skip
    """Whatever is open on a day of these calendars (`2555/cdd`) and falls on another moment under `policy` gets it.

    :param with_cases: other cases that are to be locked together with those that are replanned.

    Written in the unit of work that makes the policy the standing one. Each piece of work and each timer has an event
    in its own case; each unit gets one mail; each case's run is woken, so that Prefect shows the new moments.
    """
    calendar = Calendar.of(policy)
    moved: Moved = [
        (each, at)
        for each in await year_days.lock_what_is_open(work, years, *with_cases)
        if (at := moment_of(each.year_day, calendar=calendar, policy=policy)) != each.due_at
    ]
    await _write(work, policy, calendar, moved, reason=reason, actor=actor)
    of_work = [(each.hand_off, at) for each, at in moved if each.hand_off is not None]
    runtime.post.replanned(work, of_work, reason=reason, occasion=f"replanned:{await latest_version(work.connection)}")
    for case_id in {each.case_id for each, _ in moved}:
        work.want_run(case_id)
    return tuple(
        Replanned(
            case=each.case_id, key=each.key, was=each.due_at, due=at, unit=each.hand_off.unit if each.hand_off else None
        )
        for each, at in moved
    )  # fmt: skip


async def _write(work: Work, policy: Policy, calendar: Calendar, moved: Moved, *, reason: str, actor: Actor) -> None:
    replanned = []
    for each, at in moved:
        if each.hand_off is None:
            year_days.replan_timer(work, each, at, reason=reason, actor=actor)
        else:
            replanned.append((each.hand_off, at, _ladder(work, policy, calendar, each, at)))
    if replanned:
        await year_days.replan_hand_offs(work, replanned, reason=reason, actor=actor)


def _ladder(work: Work, policy: Policy, calendar: Calendar, planned: Planned, due: Moment) -> Ladder:
    """The rungs that still lie ahead; who was never told on is not told on now."""
    return ladder(
        opened_at=work.now, due=due, calendar=calendar, at_most=policy.office.reminders_at_most,
        escalate=planned.escalates,
    )  # fmt: skip
