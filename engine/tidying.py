"""What nobody needs any more is dropped by age; the history never is."""

from __future__ import annotations

from datetime import timedelta

from engine.runtime import Runtime
from ledger import drafts, enclosures

AT_ONCE = 200
TIDY_SECONDS = 3600.0


async def tidy_once(runtime: Runtime) -> int:
    """Drop what nobody will hand in any more: of how many pieces of work, and files of pages that start something.

    Drafts of work that was withdrawn long ago go with their files; files of a page, when its session must have ended.
    """
    await runtime.refresh()
    kept = timedelta(days=runtime.policy.office.drafts_kept_days)
    async with runtime.ledger.begin() as work:
        dropped = await drafts.drop_outlived(work, closed_before=work.now - kept, limit=AT_ONCE)
        session = timedelta(hours=runtime.settings.session_hours)
        dropped += await enclosures.drop_outlived(work, chosen_before=work.now - session, limit=AT_ONCE)
        await work.commit()
    return dropped
