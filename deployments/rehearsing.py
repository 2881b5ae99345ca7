"""`sangkan case rehearse` and `migrate`: does the code still fit what has happened?"""

from __future__ import annotations

from collections.abc import Sequence

from deployments.errors import DoNotFit
from deployments.opening import runtime_here
from deployments.operating import officer_actor, open_cases
from deployments.wording import say
from engine.rehearsal import Rehearsed, migrate_case, rehearse
from engine.settings import Settings


async def rehearse_cases(settings: Settings, case_ids: Sequence[str], *, all_open: bool, version: int | None) -> None:
    """Rehearse the cases one by one and say what each would do.

    :raises UnknownCase, CaseIsClosed, UnknownProcess:
    :raises DoNotFit: the code does not fit the history of at least one.
    """
    misfits = 0
    async with runtime_here(settings) as runtime:
        for case_id in await open_cases(runtime) if all_open else case_ids:
            rehearsed = await rehearse(runtime, case_id, version=version)
            _say(rehearsed)
            misfits += not rehearsed.fits
    if misfits:
        raise DoNotFit(cases=misfits)


def _say(rehearsed: Rehearsed) -> None:
    facts = {"case": rehearsed.case_id, "version": rehearsed.version}
    if not rehearsed.fits:
        say("rehearsed_mismatch", facts | {"why": rehearsed.mismatch})
    elif rehearsed.changes_nothing:
        say("rehearsed_same", facts)
    else:
        following = [*rehearsed.carries_out, *rehearsed.opens, *(["end"] if rehearsed.closes else [])]
        say("rehearsed_goes_on", facts | {"next": ", ".join(following)})


async def migrate_cases(settings: Settings, case_ids: Sequence[str], *, version: int, by: str) -> None:
    """Move the cases one by one; each is rehearsed first.

    :raises UnknownOfficer, UnknownCase, CaseIsClosed, UnknownProcess, DoesNotFit:
    """
    async with runtime_here(settings) as runtime:
        actor = officer_actor(runtime, by)
        for case_id in case_ids:
            await migrate_case(runtime, case_id, version=version, actor=actor)
            say("migrated_case", {"case": case_id, "version": version})
