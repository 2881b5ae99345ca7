"""`sangkan audit export` and `xes`: what leaves the house for an auditor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import flows
from audit.bundle import case_ids_of_year, pack
from audit.xes import write_log
from deployments.errors import NameCasesOrYear, NoCaseOfThatYear
from deployments.opening import runtime_here
from deployments.wording import say
from deployments.writing import writing
from engine.runtime import Runtime
from engine.settings import Settings

assert flows.__all__, "importing the package has registered the processes"


async def export_bundle(settings: Settings, case_ids: Sequence[str], fiscal_year: int | None, to: Path) -> None:
    """:raises NameCasesOrYear, NoCaseOfThatYear, UnknownCase, CannotBeWritten:
    :raises DocumentIsMissing, DocumentIsDamaged, ProofDoesNotHold:
    """
    if not case_ids and fiscal_year is None:
        raise NameCasesOrYear
    async with runtime_here(settings, furnished=False) as runtime:
        wanted = await _wanted(runtime, case_ids, fiscal_year)
        with writing(to):
            packed = await pack(runtime.ledger, wanted, to)
    say("exported", asdict(packed) | {"file": to})
    if packed.uncovered:
        say("uncovered", {"events": packed.uncovered})


async def export_xes(settings: Settings, case_ids: Sequence[str], fiscal_year: int | None, to: Path) -> None:
    """:raises UnknownCase, NoCaseOfThatYear, CannotBeWritten:"""
    async with runtime_here(settings, furnished=False) as runtime:
        everything = not case_ids and fiscal_year is None
        wanted = None if everything else await _wanted(runtime, case_ids, fiscal_year)
        with writing(to):
            written = await write_log(runtime.ledger, wanted, to)
    say("exported_xes", asdict(written) | {"file": to})


async def _wanted(runtime: Runtime, case_ids: Sequence[str], fiscal_year: int | None) -> list[str]:
    if fiscal_year is None:
        return list(case_ids)
    async with runtime.ledger.read() as connection:
        of_year = await case_ids_of_year(connection, fiscal_year)
    if not of_year:
        raise NoCaseOfThatYear(year=fiscal_year)
    return sorted({*case_ids, *of_year})
