"""The register of findings: numbered through, chained, and honest about what was signed and what came after."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import update

from ledger import conformances, findings, reading, tables
from ledger.anchor_key import AnchorKey
from ledger.anchoring import anchor
from ledger.chain import Break
from ledger.conformances import Kept
from ledger.findings import REGISTER, Finding, Judgement, NewFinding, Standing
from ledger.verify import verify_all
from ledger.work import Ledger
from schemas.actor import Actor, ActorKind
from tests.conftest import ClockThatIsSet
from tests.portal import scene

CASE, OTHER = "directive-2561-0001-dept", "directive-2561-0002-dept"
AUDITOR = Actor(kind=ActorKind.OFFICER, officer="ops-audit.1", unit="ops-audit", name="ผู้ตรวจสอบ", through="session")


async def signed(ledger: Ledger, case_id: str = CASE, *, deviation: str | None = None, **changes: Any) -> Finding:
    async with ledger.begin() as work:
        case = await reading.case(work.connection, case_id)
        said: dict[str, Any] = {"judgement": Judgement.ACCEPTED, "remark": "ตรวจสอบคำสั่งแล้ว", "head_seq": case.head_seq}
        new = NewFinding(case_id=case_id, deviation=deviation, head_hash=case.head_hash, **said | changes)
        finding = await findings.sign(work, new, actor=AUDITOR)
        await work.commit()
    return finding


async def departing(ledger: Ledger, case_id: str, deviation: str | None, *, head_seq: int = 1) -> None:
    async with ledger.begin() as work:
        kept = Kept(case_id=case_id, head_seq=head_seq, model="0" * 64, deviation=deviation, checked_at=work.now)
        await conformances.keep(work, [kept])
        await work.commit()


async def stood(ledger: Ledger, standing: Standing | None = None) -> dict[str, Standing]:
    async with ledger.read() as connection:
        found = await findings.departures(connection, standing=standing, limit=9)
        assert await findings.count_departures(connection, standing=standing) == len(found)
    return {each.case_id: each.standing for each in found}


async def test_the_register_is_numbered_through_over_all_cases_and_says_what_was_seen(
    ledger: Ledger, clock: ClockThatIsSet
) -> None:
    await scene.opened(ledger, CASE)
    await scene.opened(ledger, OTHER)
    first = await signed(ledger)
    clock.advance(hours=1)
    second = await signed(ledger, OTHER, judgement=Judgement.REFER, remark="ส่งกองนิติการ")
    assert (first.number, second.number, second.prev_hash) == (1, 2, first.hash)
    assert (second.by, second.head_seq, second.at) == (AUDITOR, 1, clock.moment)
    async with ledger.read() as connection:
        assert await findings.register(connection, limit=9) == (second, first)
        assert await findings.register(connection, judgement=Judgement.REFER, limit=9) == (second,)
        assert await findings.count(connection, judgement=Judgement.CORRECT) == 0
        assert await findings.of_case(connection, CASE, limit=9) == (first,)
    async with ledger.read_through() as connection:
        assert await findings.check_register(connection) == (2, ())


async def test_a_finding_leaves_the_history_of_its_case_alone(ledger: Ledger) -> None:
    await scene.opened(ledger, CASE)
    async with ledger.read() as connection:
        before = await reading.case(connection, CASE)
    await signed(ledger)
    async with ledger.read() as connection:
        assert await reading.case(connection, CASE) == before


async def test_what_is_signed_twice_stands_there_once_and_what_is_signed_anew_stands_there_again(
    ledger: Ledger,
) -> None:
    await scene.opened(ledger, CASE)
    first = await signed(ledger)
    assert await signed(ledger) == first
    assert (await signed(ledger, remark="ตรวจสอบซ้ำแล้ว")).number == 2
    assert (await signed(ledger)).number == 3


@pytest.mark.parametrize(
    ("change", "where", "said"),
    [
        ({"remark": "ไม่พบข้อบกพร่อง"}, 2, (2, Break.CHANGED)),
        ({"judgement": "correct"}, 1, (1, Break.CHANGED)),
        ({"case_id": OTHER}, 3, (3, Break.CHANGED)),
        (None, 2, (3, Break.GAP)),
        (None, 1, (2, Break.GAP)),
    ],
)
async def test_whoever_changes_or_removes_a_finding_is_told_of(
    ledger: Ledger, change: dict[str, str] | None, where: int, said: tuple[int, Break]
) -> None:
    await scene.opened(ledger, CASE)
    for number in range(3):
        await signed(ledger, remark=f"ครั้งที่ {number}")
    f = tables.findings
    touched = f.delete() if change is None else update(f).values(**change)
    async with ledger.begin() as work:
        await work.connection.execute(touched.where(f.c.number == where))
        await work.commit()
    async with ledger.read_through() as connection:
        _, (broken,) = await findings.check_register(connection)
    assert (broken.facts["finding"], broken.facts["reason"]) == said
    found = await verify_all(ledger)
    assert [error.message_en for error in found.broken] == [broken.message_en]


async def test_a_departure_is_new_until_it_is_judged_and_another_one_is_new_again(ledger: Ledger) -> None:
    for case_id in (CASE, OTHER):
        await scene.opened(ledger, case_id)
    await departing(ledger, CASE, '{"seq":3}')
    await departing(ledger, OTHER, None)
    assert await stood(ledger) == {CASE: Standing.NEW}
    await signed(ledger)  # on the case in general: the departure is not judged by it
    assert await stood(ledger, Standing.NEW) == {CASE: Standing.NEW}
    finding = await signed(ledger, deviation='{"seq":3}')
    assert await stood(ledger) == await stood(ledger, Standing.JUDGED) == {CASE: Standing.JUDGED}
    async with ledger.read() as connection:
        assert await findings.on_deviations(connection, [CASE, OTHER]) == {CASE: finding}
    await scene.handed_off(ledger, scene.directive_order("receive"), case_id=CASE)
    assert await stood(ledger) == await stood(ledger, Standing.GONE_ON) == {CASE: Standing.GONE_ON}
    await departing(ledger, CASE, '{"seq":2}', head_seq=2)
    assert await stood(ledger) == await stood(ledger, Standing.NEW) == {CASE: Standing.NEW}
    async with ledger.read() as connection:
        assert await findings.on_deviations(connection, [CASE, OTHER]) == {}
        assert await findings.departures(connection, process="weekly-cycle", limit=9) == ()
        (departure,) = await findings.departures(connection, process="directive", limit=9)
    assert (departure.head_seq, departure.compared_seq, departure.deviation) == (2, 2, '{"seq":2}')


async def test_an_anchor_covers_the_register_and_sees_it_cut_off_or_computed_anew(
    ledger: Ledger, clock: ClockThatIsSet
) -> None:
    key = AnchorKey(Ed25519PrivateKey.generate())
    await scene.opened(ledger, CASE)
    for number in range(3):
        await signed(ledger, remark=f"ครั้งที่ {number}")
    first = await anchor(ledger, key)
    assert first is not None
    assert (first.cases, first.events, first.refused) == (2, 4, ())  # one case with an event, the register with three
    assert await anchor(ledger, key) is None
    await signed(ledger, remark="ครั้งที่ 4")
    clock.advance(hours=1)
    second = await anchor(ledger, key)
    assert second is not None
    assert (second.cases, second.events, second.refused) == (2, 5, ())
    assert (await verify_all(ledger)).whole
    f = tables.findings
    async with ledger.begin() as work:
        await work.connection.execute(f.delete().where(f.c.number == 4))
        await work.commit()
    (broken,) = (await verify_all(ledger)).broken
    assert (broken.facts["finding"], broken.facts["reason"]) == (3, Break.TRUNCATED)
    await signed(ledger, remark="แต่งขึ้นใหม่")
    (broken,) = (await verify_all(ledger)).broken
    assert (broken.facts["finding"], broken.facts["reason"]) == (4, Break.RECOMPUTED)
    third = await anchor(ledger, key)
    assert third is not None
    assert third.refused == (REGISTER,)
