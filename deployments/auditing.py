"""The auditor's commands: is every history whole, and are the tables what the histories say?"""

from __future__ import annotations

from deployments.errors import HistoryIsNotWhole
from deployments.opening import runtime_here
from deployments.wording import say
from engine.settings import Settings
from ledger.restore import differences_everywhere
from ledger.verify import verify_all

SHOWN = 50


async def verify_history(settings: Settings) -> None:
    """Check the hash chain of every case. :raises HistoryIsNotWhole: with exit code 3, after naming each break."""
    async with runtime_here(settings, furnished=False) as runtime:
        found = await verify_all(runtime.ledger)
    for broken in found.broken[:SHOWN]:
        print(f"{broken.message_th}\n  {broken.message_en}")
    if not found.whole:
        raise HistoryIsNotWhole(count=len(found.broken))
    say("verified", {"cases": found.cases, "events": found.events})


async def compare_tables(settings: Settings) -> None:
    """Rebuild every case from its events and compare. :raises HistoryIsNotWhole:"""
    async with runtime_here(settings, furnished=False) as runtime:
        found = await differences_everywhere(runtime.ledger)
    for difference in found[:SHOWN]:
        print(difference)
    if found:
        raise HistoryIsNotWhole(count=len(found))
    say("restorable", {})
