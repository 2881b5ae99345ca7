"""Opening the ledger for a command or a part of the system."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from deployments.errors import LedgerIsBehind
from engine.runtime import Runtime, ledger_of
from engine.settings import Settings
from ledger import migrate


@asynccontextmanager
async def runtime_here(settings: Settings, *, furnished: bool = True) -> AsyncIterator[Runtime]:
    """The runtime of this process over a ledger of this version's revision.

    :param furnished: an organisation must have been loaded.
    :raises LedgerIsBehind: the ledger was not migrated.
    :raises NoOrganisation: the ledger is empty.
    """
    runtime = Runtime(settings, ledger_of(settings))
    try:
        found, needed = await migrate.current(runtime.ledger.engine), migrate.newest()
        if found != needed:
            raise LedgerIsBehind(found=found or "0", needed=needed)
        if furnished:
            await runtime.refresh(at_once=True)
        yield runtime
    finally:
        await runtime.close()
