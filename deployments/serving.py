"""Running one part of the system in this process: signals in the main thread, the event loop in a second one.

Prefect's flow engine exchanges the main thread's SIGTERM handler for the time of each run. Where its loop runs in
another thread it leaves signals alone, and a SIGTERM means what it should: finish what is under way, then end.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import uvloop

Main = Callable[[asyncio.Event], Awaitable[None]]
"""Runs until the event is set."""

SIGNALS = (signal.SIGTERM, signal.SIGINT)
TALKATIVE = ("httpx", "httpcore", "alembic", "mail.log", "aiosqlite", "asyncio")


def serve(main: Main) -> None:
    """Run `main` until SIGTERM or SIGINT; what it raises is raised here. Called in the main thread."""
    thread = _LoopThread(main)
    thread.start()
    thread.ready.wait()
    for number in SIGNALS:
        signal.signal(number, thread.ask_to_stop)
    thread.join()
    if thread.trouble is not None:
        raise thread.trouble


class _LoopThread(threading.Thread):
    def __init__(self, main: Main) -> None:
        super().__init__(name="loop")
        self.ready = threading.Event()
        self.trouble: BaseException | None = None
        self._main = main
        self._loop: asyncio.AbstractEventLoop
        self._asked: asyncio.Event

    def run(self) -> None:
        try:
            uvloop.run(self._run())
        except BaseException as trouble:
            self.trouble = trouble
        finally:
            self.ready.set()

    async def _run(self) -> None:
        self._loop, self._asked = asyncio.get_running_loop(), asyncio.Event()
        self.ready.set()
        await self._main(self._asked)

    def ask_to_stop(self, *_: Any) -> None:
        with suppress(RuntimeError):  # the loop has ended by itself
            self._loop.call_soon_threadsafe(self._asked.set)


def log_to_stderr(level: int = logging.INFO) -> None:
    """One line an entry, with the time in UTC; the supervisor or the service manager keeps it.

    Called before Prefect is imported, which otherwise puts a handler of its own on the root.
    """
    formatter = logging.Formatter("%(asctime)sZ %(levelname)s %(name)s: %(message)s")
    formatter.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler])
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
