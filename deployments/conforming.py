"""`sangkan audit conformance`: do the histories keep to their models? Here, and not before, the flows are loaded."""

from __future__ import annotations

from collections.abc import Sequence

from audit.checking import compare, modelled
from audit.verdict import Conformance
from deployments.auditing import SHOWN
from deployments.errors import CasesDeviate
from deployments.opening import runtime_here
from deployments.wording import say
from engine.settings import Settings
from ledger import reading
from ledger.errors import UnknownCase
from rules.thai import thai_moment


async def check_conformance(settings: Settings, case_ids: Sequence[str]) -> None:
    """Play the histories of these cases, or of all, on their models and keep what comes of it.

    :raises CasesDeviate: with exit code 3, after naming the first deviation of each and what somebody has altered.
    :raises UnknownCase: one of those that were named does not exist, and nothing worse is to be told.
    """
    async with runtime_here(settings, furnished=False) as runtime:
        ledger = runtime.ledger
        if not case_ids:
            async with ledger.read() as connection:
                case_ids = await reading.ids_of_processes(connection, modelled())
        compared = await compare(ledger, case_ids)
    unknown = [lost.why for lost in compared.missed if isinstance(lost.why, UnknownCase)]
    deviating = [each for each in compared.found if not each.conforms]
    if unknown and len(unknown) == len(compared.missed) and not (deviating or compared.altered):
        raise unknown[0]
    for each in deviating[:SHOWN]:
        print(_told(each))
    for lost in compared.missed[:SHOWN]:
        print(f"{lost.case}: {lost.why}")
    for case_id in compared.altered[:SHOWN]:
        say("result_altered", {"case": case_id})
    if deviating or compared.missed or compared.altered:
        raise CasesDeviate(deviating=len(deviating), missed=len(compared.missed), of=len(case_ids))
    say("conforms", {"cases": len(compared.found)})


def _told(found: Conformance) -> str:
    deviation = found.deviation
    assert deviation is not None
    return (
        f"{found.case} #{deviation.seq} {thai_moment(deviation.at)} {deviation.actor.name}\n"
        f"  {deviation.th}\n  {deviation.en}"
    )
