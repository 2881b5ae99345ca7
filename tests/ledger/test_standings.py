"""How many cases a process has, how many are open, compared, and depart from their model."""

from __future__ import annotations

from ledger import cases, conformances
from ledger.conformances import Kept
from ledger.standings import Standing, standings
from ledger.work import Ledger
from tests.ledger.scene import DIRECTIVE, SOMCHAI, WEEK, opened


async def read(ledger: Ledger) -> dict[str, Standing]:
    async with ledger.read() as connection:
        return await standings(connection)


async def test_a_ledger_without_cases_has_no_process(ledger: Ledger) -> None:
    assert await read(ledger) == {}


async def test_each_process_is_counted_by_itself(ledger: Ledger) -> None:
    for case_id in (DIRECTIVE, "directive-2", "directive-3"):
        await opened(ledger, case_id)
    await opened(ledger, WEEK, process="weekly-cycle")
    async with ledger.begin() as work:
        await work.lock("directive-3")
        await cases.cancel_case(work, "directive-3", reason="ยกเลิก", actor=SOMCHAI)
        found = {DIRECTIVE: None, "directive-2": '{"why":"skipped"}', WEEK: None}
        await conformances.keep(
            work,
            [
                Kept(case_id=case_id, head_seq=1, model="0" * 64, deviation=deviation, checked_at=work.now)
                for case_id, deviation in found.items()
            ],
        )
        await work.commit()
    assert await read(ledger) == {
        "directive": Standing(process="directive", cases=3, open=2, compared=2, departs=1),
        "weekly-cycle": Standing(process="weekly-cycle", cases=1, open=1, compared=1, departs=0),
    }
