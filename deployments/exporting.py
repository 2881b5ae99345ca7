"""`sangkan audit export` and `xes`: what leaves the house for an auditor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import flows
from audit.bundle import Asked, case_ids_of_year, pack
from audit.xes import write_log
from deployments.errors import NameCasesOrYear, NoCaseOfThatYear, WrittenWithDamage
from deployments.opening import runtime_here
from deployments.recording import record_readings
from deployments.wording import say
from deployments.writing import writing
from engine.runtime import Runtime
from engine.settings import Settings
from ledger import reading
from ledger.errors import LedgerError, UnknownCase

assert flows.__all__, "importing the package has registered the processes"


async def export_bundle(settings: Settings, case_ids: Sequence[str], fiscal_year: int | None, to: Path) -> None:
    """What was spoiled is exported as it stands, since it is evidence, and named.

    :raises NameCasesOrYear, NoCaseOfThatYear, UnknownCase, CannotBeWritten, ProofDoesNotHold:
    :raises WrittenWithDamage: with exit code 3, after naming each damage.
    """
    if not case_ids and fiscal_year is None:
        raise NameCasesOrYear
    async with runtime_here(settings, furnished=False) as runtime:
        wanted = await _wanted(runtime, case_ids, fiscal_year)
        await record_readings(runtime.ledger, wanted, "export")
        with writing(to):
            packed = await pack(runtime.ledger, wanted, to, asked=Asked(fiscal_year, tuple(case_ids) or None))
    say("exported", {
        "file": to, "cases": packed.cases, "events": packed.events, "documents": packed.documents,
        "anchors": packed.anchors, "sha256": packed.sha256,
    })  # fmt: skip
    if packed.uncovered:
        say("uncovered", {"events": packed.uncovered})
    _tell(packed.damage, to)


async def export_xes(settings: Settings, case_ids: Sequence[str], fiscal_year: int | None, to: Path) -> None:
    """What cannot be read is left out and named.

    :raises UnknownCase, NoCaseOfThatYear, CannotBeWritten, HistoryIsGone, HistoryCannotBeRead:
    :raises WrittenWithDamage: with exit code 3, after naming each case that was left out.
    """
    async with runtime_here(settings, furnished=False) as runtime:
        everything = not case_ids and fiscal_year is None
        wanted = None if everything else await _wanted(runtime, case_ids, fiscal_year)
        await record_readings(runtime.ledger, wanted, "export")
        with writing(to):
            written = await write_log(runtime.ledger, wanted, to)
    say("exported_xes", {"file": to, "cases": written.cases, "events": written.events})
    _tell(written.damage, to)


def _tell(damage: Sequence[LedgerError], file: Path) -> None:
    """:raises WrittenWithDamage:"""
    for one in damage:
        print(f"{one.message_th}\n  {one.message_en}")
    if damage:
        raise WrittenWithDamage(file=file, count=len(damage))


async def _wanted(runtime: Runtime, case_ids: Sequence[str], fiscal_year: int | None) -> list[str]:
    if fiscal_year is None:
        return await _known(runtime, case_ids)
    async with runtime.ledger.read() as connection:
        of_year = await case_ids_of_year(connection, fiscal_year)
    if not of_year:
        raise NoCaseOfThatYear(year=fiscal_year)
    return sorted({*await _known(runtime, case_ids), *of_year})


async def _known(runtime: Runtime, case_ids: Sequence[str]) -> list[str]:
    """:raises UnknownCase: before anything is recorded as read."""
    async with runtime.ledger.read() as connection:
        found = await reading.titles_of(connection, case_ids)
    for missing in sorted(set(case_ids) - found.keys()):
        raise UnknownCase(case=missing)
    return list(case_ids)
