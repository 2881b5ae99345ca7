"""What nobody needs any more is dropped by age; the history never is."""

from __future__ import annotations

from datetime import timedelta

from engine.runtime import Runtime
from ledger import drafts

AT_ONCE = 200
TIDY_SECONDS = 3600.0


async def tidy_once(runtime: Runtime) -> int:
    """Drop drafts of work that was withdrawn long ago, and the files attached to them; returns of how many."""
    await runtime.refresh()
    kept = timedelta(days=runtime.policy.office.drafts_kept_days)
    async with runtime.ledger.begin() as work:
        dropped = await drafts.drop_outlived(work, closed_before=work.now - kept, limit=AT_ONCE)
        await work.commit()
    return dropped
