"""What is not a case: the organisation, drafts, accounts and the security log."""

from __future__ import annotations

import asyncio
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from ledger import accounts, drafts, organisations, security, tables
from ledger.clock import machine_now
from ledger.errors import DraftIsTooLarge, NoOrganisation, OfficerExists, UnknownHandOff
from ledger.hand_offs import hand_off_id
from ledger.work import Ledger
from schemas.organisation import Duty, Officer, Organisation, Unit, UnitRole
from schemas.policy import Policy, WeeklyPolicy
from tests.conftest import FRIDAY_NOON, ClockThatIsSet
from tests.ledger.scene import (
    DIRECTIVE,
    REPORT,
    SOMCHAI,
    handed_off,
    opened,
    order,
    rows,
    submission,
    submitted,
    withdrawn,
)

# --- organisations -----------------------------------------------------------------------------------------

SUDA = Officer(id="suda", unit="ministry", name="นางสาวสุดา แก้วใส", email="suda@example.go.th")
MINISTRY = Organisation(
    ministry="ministry",
    units=(Unit(id="ministry", th="กระทรวงตัวอย่าง", role=UnitRole.MINISTRY),),
    officers=(
        Officer(
            id="somchai", unit="ministry", name="นายสมชาย ใจดี", email="somchai@example.go.th", duties=frozenset(Duty)
        ),
    ),
)
LATER = Policy(weekly=WeeklyPolicy(cut_off=time(15, 0)))


async def stored(ledger: Ledger, organisation: Organisation = MINISTRY, policy: Policy | None = None) -> int:
    async with ledger.begin() as work:
        version = await organisations.store(work, organisation, policy or Policy(), actor=SOMCHAI, reason="นำเข้า")
        await work.commit()
    return version


async def added(ledger: Ledger, officer: Officer) -> int:
    async with ledger.begin() as work:
        version = await organisations.add_officer(work, officer, actor=SOMCHAI, reason="ขอ User เพิ่ม")
        await work.commit()
    return version


async def test_before_the_first_organisation_there_is_version_zero(ledger: Ledger) -> None:
    async with ledger.read() as connection:
        assert await organisations.latest(connection) is None
        assert await organisations.latest_version(connection) == 0


async def test_an_organisation_is_read_as_it_was_stored(ledger: Ledger) -> None:
    assert await stored(ledger, policy=LATER) == 1
    async with ledger.read() as connection:
        found = await organisations.latest(connection)
    assert found is not None
    assert (found.organisation, found.policy, found.at, found.actor, found.reason) == (
        MINISTRY, LATER, FRIDAY_NOON, SOMCHAI, "นำเข้า",
    )  # fmt: skip


async def test_storing_the_same_again_writes_nothing(ledger: Ledger) -> None:
    assert [await stored(ledger), await stored(ledger)] == [1, 1]
    assert await rows(ledger, tables.organisations, "version") == [(1,)]


async def test_a_change_of_either_makes_a_version(ledger: Ledger) -> None:
    renamed = MINISTRY.replace(units=(MINISTRY.units[0].replace(th="กระทรวงใหม่"),))
    assert [await stored(ledger), await stored(ledger, policy=LATER), await stored(ledger, renamed, LATER)] == [1, 2, 3]
    async with ledger.read() as connection:
        assert await organisations.latest_version(connection) == 3


async def test_two_that_store_at_once_get_versions_of_their_own(ledger: Ledger) -> None:
    await stored(ledger)
    policies = [Policy(weekly=WeeklyPolicy(cut_off=time(hour, 0))) for hour in range(9, 14)]
    assert sorted(await asyncio.gather(*(stored(ledger, policy=policy) for policy in policies))) == [2, 3, 4, 5, 6]


async def test_an_officer_is_added_to_the_standing_version(ledger: Ledger) -> None:
    await stored(ledger, policy=LATER)
    assert [await added(ledger, SUDA), await added(ledger, SUDA)] == [2, 2]
    async with ledger.read() as connection:
        found = await organisations.latest(connection)
    assert found is not None
    assert (found.organisation.officers, found.policy) == ((*MINISTRY.officers, SUDA), LATER)


async def test_an_officer_needs_an_organisation_and_an_id_of_his_own(ledger: Ledger) -> None:
    with pytest.raises(NoOrganisation):
        await added(ledger, SUDA)
    await stored(ledger)
    with pytest.raises(OfficerExists):
        await added(ledger, SUDA.replace(id="somchai"))


# --- drafts ------------------------------------------------------------------------------------------------

REPORT_ID = hand_off_id(DIRECTIVE, "report")


async def drafted(ledger: Ledger, data: dict[str, Any], officer: str = "suda") -> bool:
    return await drafts.save(ledger, REPORT_ID, officer, data, await ledger.now())


async def test_a_draft_takes_the_place_of_the_officers_earlier_one(ledger: Ledger, clock: ClockThatIsSet) -> None:
    await opened(ledger)
    await handed_off(ledger, order("report"))
    assert await drafted(ledger, {"result": "ร่าง"})
    assert await drafted(ledger, {"result": "ของสมชาย"}, "somchai")
    saved_at = clock.advance(minutes=5)
    assert await drafted(ledger, REPORT)
    async with ledger.read() as connection:
        assert await drafts.load(connection, REPORT_ID, "suda") == drafts.Draft(
            hand_off=REPORT_ID, officer="suda", data=REPORT, saved_at=saved_at
        )
        assert (await drafts.load(connection, REPORT_ID, "somchai")).data == {"result": "ของสมชาย"}  # type: ignore[union-attr]
        assert await drafts.load(connection, REPORT_ID, "nobody") is None


async def test_all_drafts_of_submitted_work_are_dropped_and_no_later_one_is_kept(ledger: Ledger) -> None:
    await opened(ledger)
    await handed_off(ledger, order("report"))
    await drafted(ledger, REPORT)
    await drafted(ledger, REPORT, "somchai")
    await submitted(ledger, submission("report"))
    async with ledger.begin() as work:
        await drafts.discard(work, REPORT_ID)
        await work.commit()
    assert not await drafted(ledger, REPORT)
    assert await rows(ledger, tables.drafts, "officer") == []


async def test_a_draft_needs_work_and_has_a_limit(ledger: Ledger) -> None:
    with pytest.raises(UnknownHandOff):
        await drafted(ledger, REPORT)
    await opened(ledger)
    await handed_off(ledger, order("report"))
    thai = "ก" * (drafts.LARGEST // 3)
    with pytest.raises(DraftIsTooLarge):
        await drafted(ledger, {"result": thai})
    assert await drafted(ledger, {"result": thai[:-10]})


async def test_drafts_of_work_that_was_withdrawn_long_ago_are_dropped(ledger: Ledger, clock: ClockThatIsSet) -> None:
    await opened(ledger)
    await handed_off(ledger, order("report"), order("check"))
    await drafted(ledger, REPORT)
    await drafted(ledger, REPORT, "somchai")
    await drafts.save(ledger, hand_off_id(DIRECTIVE, "check"), "suda", REPORT, await ledger.now())
    withdrawn_at = await ledger.now()
    await withdrawn(ledger, "report")

    async def dropped(before: datetime) -> int:
        async with ledger.begin() as work:
            count = await drafts.drop_outlived(work, closed_before=before, limit=10)
            await work.commit()
        return count

    assert await dropped(withdrawn_at) == 0, "in that moment it is not old yet"
    assert await dropped(withdrawn_at + timedelta(seconds=1)) == 1
    left = await rows(ledger, tables.drafts, "hand_off_id")
    assert left == [(hand_off_id(DIRECTIVE, "check"),)], "open work keeps its drafts, however old"


# --- accounts ----------------------------------------------------------------------------------------------


async def test_each_change_of_a_password_begins_an_epoch(ledger: Ledger, clock: ClockThatIsSet) -> None:
    seen = []
    for password_hash in ("$argon2id$1", "$argon2id$2"):
        changed_at = clock.advance(days=1)
        async with ledger.begin() as work:
            await accounts.set_password_hash(work, "suda", password_hash)
            await work.commit()
        async with ledger.read() as connection:
            seen.append(await accounts.account(connection, "suda"))
    assert [account and (account.password_hash, account.epoch) for account in seen] == [
        ("$argon2id$1", 1), ("$argon2id$2", 2),
    ]  # fmt: skip
    assert seen[1] is not None
    assert seen[1].changed_at == changed_at


async def test_creating_accounts_leaves_those_that_exist(ledger: Ledger) -> None:
    async with ledger.begin() as work:
        await accounts.set_password_hash(work, "suda", "own")
        await accounts.create_accounts(work, {"suda": "sample", "somchai": "sample"})
        await accounts.create_accounts(work, {})
        await work.commit()
    assert await rows(ledger, tables.accounts, "officer", "password_hash", "epoch") == [
        ("somchai", "sample", 1), ("suda", "own", 1),
    ]  # fmt: skip


async def test_an_officer_without_a_password_has_no_account(ledger: Ledger) -> None:
    async with ledger.read() as connection:
        assert await accounts.account(connection, "suda") is None


# --- the security log --------------------------------------------------------------------------------------


async def noted(ledger: Ledger, kind: str, officer: str | None = "suda", address: str = "192.0.2.1") -> None:
    await security.note(ledger, kind, officer=officer, address=address, path="/sign-in")


async def test_the_latest_entries_come_first(ledger: Ledger) -> None:
    for kind in ("sign_in:fail", "sign_in:ok", "sign_out"):
        await noted(ledger, kind)
    async with ledger.read() as connection:
        assert [entry.kind for entry in await security.recent(connection, 2)] == ["sign_out", "sign_in:ok"]
        assert [entry.kind for entry in await security.recent(connection, 2, 2)] == ["sign_in:fail"]
        (only,) = await security.recent(connection, 9, kinds=["sign_in:ok"])
    assert (only.officer, only.address, only.path, only.detail) == ("suda", "192.0.2.1", "/sign-in", "")


async def test_an_entry_within_a_unit_of_work_stands_and_falls_with_it(ledger: Ledger) -> None:
    for keep in (False, True):
        async with ledger.begin() as work:
            await security.note(work, "password:change", officer="suda", address="192.0.2.1")
            if keep:
                await work.commit()
    assert await rows(ledger, tables.security_events, "kind") == [("password:change",)]


@pytest.mark.parametrize(
    ("officer", "address", "number"),
    [(None, "192.0.2.1", 3), (None, "192.0.2.2", 1), ("suda", "192.0.2.1", 2), ("nobody", "192.0.2.1", 0)],
)
async def test_failures_are_counted_by_address_and_by_officer(
    ledger: Ledger, officer: str | None, address: str, number: int
) -> None:
    before = machine_now() - timedelta(seconds=1)
    for who, where in [("suda", "192.0.2.1")] * 2 + [("suda", "192.0.2.2"), ("somchai", "192.0.2.1")]:
        await noted(ledger, "sign_in:fail", who, where)
    await noted(ledger, "sign_in:ok")
    async with ledger.read() as connection:
        found = [
            await security.nth_last_failure(connection, n, since=before, address=address, officer=officer)
            for n in range(1, 5)
        ]
        later = machine_now() + timedelta(seconds=1)
        assert await security.nth_last_failure(connection, 1, since=later, address=address, officer=officer) is None
    assert [moment is not None for moment in found] == [n <= number for n in range(1, 5)]
    assert [m for m in found if m] == sorted((m for m in found if m), reverse=True)


async def test_what_a_stranger_types_is_cut_to_size(ledger: Ledger) -> None:
    hostile = "ก\0\ud800" * 3000
    await security.note(ledger, "sign_in:fail", officer=hostile, address=hostile, path=hostile, detail=hostile)
    async with ledger.read() as connection:
        (entry,) = await security.recent(connection, 1)
        since = entry.at - timedelta(seconds=1)
        found = await security.nth_last_failure(connection, 1, officer=hostile, address=hostile, since=since)
    assert found == entry.at
    assert (entry.officer, len(entry.path), len(entry.detail)) == (("ก?" * 64), 500, 2000)


async def test_a_kind_outside_the_vocabulary_is_refused(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="vocabulary"):
        await noted(ledger, "sign_in:maybe")
