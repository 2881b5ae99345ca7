"""The portal under a real uvicorn, in a thread with a loop of its own, for a real browser."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import uvicorn

from engine.runtime import Runtime
from ledger.database import open_database
from ledger.work import Ledger
from portal.app import create_app
from tests.conftest import FRIDAY_NOON, ClockThatIsSet
from tests.portal import scene


async def ministry_at_work(ledger: Ledger) -> None:
    await scene.furnished(ledger)
    await scene.ministry_at_work(ledger)


@contextmanager
def portal_server(
    migrated_file: Path, folder: Path, story: Callable[[Ledger], Awaitable[None]] = ministry_at_work,
    now: datetime = FRIDAY_NOON,
) -> Iterator[str]:  # fmt: skip
    """The address of a portal over what `story` has made of an empty ledger, on a free port."""
    shutil.copyfile(migrated_file, folder / "served.db")
    started, address = threading.Event(), []
    stop: list[uvicorn.Server] = []

    async def serve() -> None:
        engine = open_database(f"sqlite+aiosqlite:///{folder / 'served.db'}")
        ledger = Ledger(engine, ClockThatIsSet(now))
        await story(ledger)
        runtime = Runtime(scene.settings(mailbox_folder=folder / "mail"), ledger)
        config = uvicorn.Config(create_app(runtime), host="127.0.0.1", port=0, log_level="warning", lifespan="on")
        server = uvicorn.Server(config)
        stop.append(server)
        task = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 (uvicorn offers no event)
            await asyncio.sleep(0.02)
        address.append(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}")
        started.set()
        await task
        await engine.dispose()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert started.wait(30)
    try:
        yield address[0]
    finally:
        stop[0].should_exit = True
        thread.join(10)
