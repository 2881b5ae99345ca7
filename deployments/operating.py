"""What an operator does by command. Every change names its actor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from prefect.client.orchestration import get_client

from deployments.errors import (
    ClockGoesForward,
    ClockIsNotSet,
    ClockIsReal,
    PasswordIsNotGoodEnough,
    PasswordsDiffer,
    SecretIsMissing,
    UnreadableMoment,
)
from deployments.furnishing import counted
from deployments.opening import runtime_here
from deployments.prefect_setup import answering, deploy, prefect_url
from deployments.wording import say
from engine import actions
from engine.lease import TAKEN_UP
from engine.links import INVITATION_LIFETIME
from engine.process import processes
from engine.replan import replan
from engine.runtime import Runtime, ledger_of
from engine.settings import ClockKind, Settings
from flows.year_calendar import listeners_of, tell_listeners
from ledger import accounts, migrate, organisations, reading
from ledger import clock as ledger_clock
from portal.passwords import SHORTEST, hash_password, password_problem
from portal.state import SHORTEST_SECRET
from rules.calendar import BANGKOK, in_bangkok
from rules.organisation_file import load_organisation, load_policy
from rules.thai import thai_moment
from rules.thai_reading import year_ce
from rules.year import years_of
from rules.year_move import moved_days
from schemas.actor import Actor, ActorKind, system
from schemas.organisation import Organisation
from schemas.policy import Policy
from schemas.year_move import Replanned

THROUGH = "command-line"
PREFECT_SECONDS = 10.0
MOST = 1_000_000
"""Cases; more than a ministry ever has open."""


def officer_actor(runtime: Runtime, officer: str) -> Actor:
    """An officer at the command line. :raises UnknownOfficer:"""
    who = runtime.directory.officer(officer)
    return Actor(kind=ActorKind.OFFICER, officer=who.id, unit=who.unit, name=who.name, through=THROUGH)


# --- ledger and Prefect ------------------------------------------------------------------------------------


async def migrate_ledger(settings: Settings) -> None:
    """Bring the ledger to this version's revision."""
    ledger = ledger_of(settings)
    try:
        await migrate.upgrade(ledger.engine)
        say("migrated", {"revision": await migrate.current(ledger.engine)})
    finally:
        await ledger.engine.dispose()


async def deploy_to_prefect(settings: Settings, concurrency: int | None) -> None:
    """:raises PrefectIsNotSet, PrefectDoesNotAnswer, OtherKindOfPool:"""
    prefect_url()
    async with get_client() as client:
        await answering(client, seconds=PREFECT_SECONDS)
        names = await deploy(client, settings, processes(), concurrency=concurrency)
    say("deployed", {"names": ", ".join(names)})


# --- organisation and accounts -----------------------------------------------------------------------------


def check_files(organisation: str, policy: str | None) -> None:
    """:raises BrokenOrganisationFile, BrokenPolicyFile:"""
    checked = load_organisation(organisation)
    if policy is not None:
        load_policy(policy)
    say("file_is_good", counted(checked))


async def load_files(settings: Settings, organisation: str, policy: str | None, *, by: str | None, reason: str) -> None:
    """Make the files the standing organisation and policy. The first may be loaded by the system itself.

    Open work on the days of an agreement year follows the calendar and the holidays of the new policy.

    :raises BrokenOrganisationFile, BrokenPolicyFile, LedgerIsBehind:
    :raises NoYearCalendar: the new policy has no calendar of a year that is under way.
    """
    wanted = load_organisation(organisation)
    async with runtime_here(settings, furnished=by is not None) as runtime:
        actor = officer_actor(runtime, by) if by else system(THROUGH)
        async with runtime.ledger.begin() as work:
            # Before anything is read that is written again: a day that is moved meanwhile stays moved.
            await runtime.hold(work)
            standing = await organisations.latest(work.connection)
            kept = standing.policy if standing else Policy()
            policy_wanted = load_policy(policy) if policy is not None else kept
            version = await organisations.store(work, wanted, policy_wanted, actor=actor, reason=reason)
            moved: tuple[Replanned, ...] = ()
            if standing is not None:
                await runtime.hold(work)  # those are told who hold the work in the new organisation
                heard = await listeners_of(work, moved_days(kept, policy_wanted))
                moved = await replan(
                    work, runtime, policy_wanted, years_of(kept), reason=reason, actor=actor,
                    with_cases={case for cases in heard.values() for case in cases},
                )  # fmt: skip
                await tell_listeners(work, heard, actor=actor)
            await work.commit()
    say("organisation", counted(wanted) | {"version": version})
    if left := _left_out(standing.organisation if standing else None, wanted):
        say("officers_left", {"count": len(left), "officers": ", ".join(left)})
    told = sum(each.unit is not None for each in moved)
    for event, count in (("policy_replanned", told), ("policy_replanned_timers", len(moved) - told)):
        if count:
            say(event, {"count": count})


def _left_out(standing: Organisation | None, wanted: Organisation) -> list[str]:
    """Accounts that could come in so far and are not in the new file; some may have been granted in the portal."""
    known = {officer.id for officer in wanted.officers}
    before = standing.officers if standing else ()
    return [officer.id for officer in before if officer.active and officer.id not in known]


async def set_password(settings: Settings, officer: str, password: str, repeated: str) -> None:
    """:raises UnknownOfficer, PasswordsDiffer, PasswordIsNotGoodEnough:"""
    async with runtime_here(settings) as runtime:
        who = runtime.directory.officer(officer)
        problem = password_problem(password, repeated, officer=who.id)
        if problem == "password.differs":
            raise PasswordsDiffer
        if problem is not None:
            raise PasswordIsNotGoodEnough(shortest=SHORTEST)
        hashed = await hash_password(password)
        async with runtime.ledger.begin() as work:
            await accounts.set_password_hash(work, who.id, hashed)
            await work.commit()
    say("password_set", {"officer": who.id})


async def invite(settings: Settings, officer: str) -> None:
    """Print the link by which an officer chooses a password. :raises UnknownOfficer, SecretIsMissing:"""
    if len(settings.secret_key.get_secret_value()) < SHORTEST_SECRET:
        raise SecretIsMissing
    async with runtime_here(settings) as runtime:
        who = runtime.directory.officer(officer)
        async with runtime.ledger.read() as connection:
            account = await accounts.account(connection, who.id)
            now = await runtime.ledger.clock.now(connection)
        link = runtime.links.invitation(who.id, epoch=account.epoch if account else 0, issued_at=now)
    say("invitation", {"officer": who.id, "days": INVITATION_LIFETIME.days, "link": link})


# --- cases -------------------------------------------------------------------------------------------------


async def take_up(settings: Settings, case_ids: Sequence[str], *, all_stopped: bool, by: str) -> None:
    """Take up the cases, one by one. :raises UnknownOfficer, UnknownCase, CaseIsClosed, CaseIsNotStopped:"""
    async with runtime_here(settings) as runtime:
        actor = officer_actor(runtime, by)
        for case_id in await stopped_cases(runtime) if all_stopped else case_ids:
            await actions.take_up(runtime, case_id, actor=actor)
            say("taken_up", {"case": case_id})


async def open_cases(runtime: Runtime) -> list[str]:
    """Every open case, the latest opened first."""
    async with runtime.ledger.read() as connection:
        return [one.id for one in await reading.cases_where(connection, limit=MOST, state="open")]


async def stopped_cases(runtime: Runtime) -> list[str]:
    """Open cases whose run failed or was stopped in Prefect, the latest opened first."""
    async with runtime.ledger.read() as connection:
        found = await reading.cases_where(connection, limit=MOST, state="open")
    return [one.id for one in found if one.run_state in TAKEN_UP]


async def cancel(settings: Settings, case_id: str, *, by: str, reason: str) -> None:
    """:raises UnknownOfficer, UnknownCase, CaseIsClosed, CalledCaseIsNeeded:"""
    async with runtime_here(settings) as runtime:
        await actions.cancel_case(runtime, case_id, reason=reason, actor=officer_actor(runtime, by))
    say("cancelled", {"case": case_id})


# --- clock -------------------------------------------------------------------------------------------------


async def show_time(settings: Settings) -> None:
    """:raises ClockIsNotSet:"""
    async with runtime_here(settings, furnished=False) as runtime:
        try:
            _say_time(await runtime.ledger.now())
        except LookupError:
            raise ClockIsNotSet from None


async def set_time(settings: Settings, text: str) -> None:
    """:raises ClockIsReal, UnreadableMoment, ClockGoesForward:"""
    if settings.clock is not ClockKind.SIMULATED:
        raise ClockIsReal
    moment = moment_of(text)
    async with runtime_here(settings, furnished=False) as runtime:
        try:
            await ledger_clock.set_clock(runtime.ledger.engine, moment)
        except ValueError as backwards:
            raise ClockGoesForward(why=backwards) from None
    _say_time(moment)


def moment_of(text: str) -> datetime:
    """A moment as it was typed, in Bangkok time unless it says otherwise; years from 2400 on are of the Buddhist era.

    :raises UnreadableMoment:
    """
    try:
        moment = datetime.fromisoformat(re.sub(r"^\d{4}", lambda year: f"{year_ce(int(year[0]))}", text))
    except ValueError:
        raise UnreadableMoment(text=text) from None
    return moment.replace(tzinfo=BANGKOK) if moment.tzinfo is None else moment


def _say_time(moment: datetime) -> None:
    say("clock", {"thai": thai_moment(moment), "iso": in_bangkok(moment).isoformat(timespec="seconds")})
