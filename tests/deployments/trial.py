"""A ledger of the trial organisation that several processes share, and its people."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from pydantic import SecretStr

from engine.runtime import Runtime, ledger_of
from engine.settings import Dispatch, Settings
from ledger import migrate, reading
from ledger.cases import CaseView
from ledger.hand_offs import OPEN
from tests.engine.driver import Stage, stage_on

T = TypeVar("T")
SECRET = "k" * 40


def settings_for(folder: Path, *, dispatch: Dispatch, pool: str) -> Settings:
    return Settings(
        database_url=f"sqlite+aiosqlite:///{folder / 'ledger.db'}", dispatch=dispatch, work_pool=pool,
        secret_key=SecretStr(SECRET), sweep_seconds=0.2, _env_file=None,
    )  # fmt: skip


def environment_of(settings: Settings) -> dict[str, str]:
    """The same settings for another process."""
    return {
        "SANGKAN_DATABASE_URL": settings.database_url,
        "SANGKAN_DISPATCH": settings.dispatch.value,
        "SANGKAN_WORK_POOL": settings.work_pool,
        "SANGKAN_SECRET_KEY": SECRET,
    }


@asynccontextmanager
async def trial_ministry(settings: Settings) -> AsyncIterator[Stage]:
    """A migrated ledger with the trial organisation."""
    ledger = ledger_of(settings)
    await migrate.upgrade(ledger.engine)
    furnished = await stage_on(ledger)
    stage = Stage(Runtime(settings, furnished.runtime.ledger))
    await stage.runtime.refresh(at_once=True)
    try:
        async with stage.intake:
            yield stage
    finally:
        await ledger.engine.dispose()


async def until(look: Callable[[], Awaitable[T]], *, seconds: float = 60.0) -> T:
    """What `look` finds as soon as it finds something."""
    give_up = time.monotonic() + seconds
    while True:
        found = await look()
        if found:
            return found
        assert time.monotonic() < give_up, f"still {found!r} after {seconds:.0f} s"
        await asyncio.sleep(0.1)


async def case_of(stage: Stage, case_id: str) -> CaseView:
    async with stage.runtime.ledger.read() as connection:
        return await reading.case(connection, case_id)


async def asked_for(stage: Stage, key: str, case_id: str) -> bool:
    """Is this work open, and has the run gone to sleep?"""
    async with stage.runtime.ledger.read() as connection:
        work = await reading.hand_offs_of_case(connection, case_id)
    return any(h.key == key and h.state == OPEN for h in work) and (await case_of(stage, case_id)).run_state == "asleep"
