"""Points at which a process can die or lose its database, counted; and one of them at which it does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine

T = TypeVar("T")


class Fault(StrEnum):
    """What happens at the chosen point."""

    DEATH = "death"
    """The process is gone: nothing more is written or sent, its connections break without a rollback."""
    LOST_CONNECTION = "lost connection"
    """Only for commits: the connection breaks before COMMIT arrives, or before its reply; the process lives on."""


class Killed(BaseException):
    """No code of ours may catch it, as none catches SIGKILL."""


class Faults:
    """Counts the points that one life of a process passes; at the number `at` the fault happens, once."""

    def __init__(self, at: int | None = None, fault: Fault = Fault.DEATH) -> None:
        self.at, self.fault = at, fault
        self.points: list[str] = []
        self.struck = False
        self.death = asyncio.Event()

    def point(self, what: str) -> bool:
        """Pass a point; True when the connection is to be lost here."""
        if self.death.is_set():
            raise Killed(what)
        self.points.append(what)
        if self.struck or len(self.points) - 1 != self.at:
            return False
        if self.fault is Fault.LOST_CONNECTION:
            self.struck = what.endswith("commit")
            return self.struck
        self.struck = True
        self.death.set()
        raise Killed(what)

    def watch(self, engine: AsyncEngine) -> None:
        """Make every COMMIT of this engine two points: before it, and after it but before anybody knows."""
        dialect: Any = engine.sync_engine.dialect
        commit = dialect.do_commit

        def do_commit(connection: Any) -> None:
            if self.point("before commit"):
                self._lose(dialect, connection)
            commit(connection)
            if self.point("after commit"):
                self._lose(dialect, connection)

        dialect.do_commit = do_commit

    @staticmethod
    def _lose(dialect: Any, connection: Any) -> None:
        """What the driver says when the server hangs up; the transaction, if still open, is rolled back there."""
        if dialect.name == "postgresql":
            connection._connection.terminate()
            raise dialect.loaded_dbapi.Error("connection was closed in the middle of operation")
        connection.rollback()
        raise dialect.loaded_dbapi.OperationalError("disk I/O error")

    async def around(self, what: str, work: Callable[[], Awaitable[T]]) -> T:
        """A piece of work with a point on either side."""
        self.point(f"before {what}")
        done = await work()
        self.point(f"after {what}")
        return done


async def lived(life: Coroutine[Any, Any, None], faults: Faults) -> bool:
    """Live a process's life to its end, or to its death: True when it came to its end. Its errors are raised."""
    others = asyncio.all_tasks()
    living = asyncio.create_task(life, name="process")
    death = asyncio.create_task(faults.death.wait(), name="death")
    await asyncio.wait({living, death}, return_when=asyncio.FIRST_COMPLETED)
    died = faults.death.is_set()
    death.cancel()
    await _bury(living, asyncio.all_tasks() - others)
    if not died:
        living.result()
    return not died


async def _bury(living: asyncio.Task[None], tasks: set[asyncio.Task[Any]]) -> None:
    """Nothing of a dead process runs on; what its tasks still try, `Faults` refuses.

    Connections are given the time to close: a task that is cancelled while it closes one leaves its thread behind.
    """
    for doomed, patience in (((), 0.05), ((living,), 1.0), (tasks, None)):
        for task in doomed:
            task.cancel()
        if not (await asyncio.wait(tasks, timeout=patience))[1]:
            break
    await asyncio.gather(*tasks, return_exceptions=True)
