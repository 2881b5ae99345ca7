"""What would a run do? A case is replayed with every side effect closed: nothing is written, sent or carried out.

Before a case is moved to another version of its process, and before new code is put into service, this says whether
the code still fits the history, and what it would do next (design, rule 6).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

from sqlalchemy.exc import DBAPIError

from engine.branches import NEVER
from engine.case_run import CaseRun, Closed, Parked
from engine.errors import CaseEnded, EngineError, ReplayMismatch
from engine.history import Recorded
from engine.process import Process, process_named
from engine.runtime import Runtime
from engine.step import Effect, StepTask
from ledger import reading
from ledger.errors import CaseIsClosed, LedgerError
from schemas.actor import Actor
from schemas.base import Record

T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Rehearsed:
    """The outcome of a rehearsal."""

    case_id: str
    version: int
    opens: list[str] = field(default_factory=list)
    """Keys of the waits that it would open now."""
    carries_out: list[str] = field(default_factory=list)
    """Keys of the steps and decisions that it would carry out now."""
    closes: bool = False
    mismatch: str = ""
    """Why the code does not fit the history; empty when it does."""

    @property
    def fits(self) -> bool:
        return not self.mismatch

    @property
    def changes_nothing(self) -> bool:
        """The case would wait exactly as it does."""
        return self.fits and not (self.opens or self.carries_out or self.closes)


class DoesNotFit(EngineError):
    """The case cannot be moved: the other version does not fit its history."""

    def __init__(self, rehearsed: Rehearsed) -> None:
        self.rehearsed = rehearsed
        super().__init__(
            f"case «{rehearsed.case_id}» does not fit version {rehearsed.version}: {rehearsed.mismatch} | "
            f"เรื่อง «{rehearsed.case_id}» ย้ายไปรุ่น {rehearsed.version} ไม่ได้ เพราะประวัติไม่ตรงกับกระบวนงาน"
        )


class _NoPerformer:
    async def perform(
        self, work: Callable[[], Awaitable[T]], *, element: str, name: str, retries: int, retry_delay_seconds: float
    ) -> NoReturn:
        raise AssertionError(f"a rehearsal carries nothing out, not even «{name}»")


class ClosedRun(CaseRun):
    """A run whose every door to the outside is closed: nothing is written, sent or carried out."""

    def __init__(self, runtime: Runtime, case_id: str, *, version: int | None) -> None:
        super().__init__(runtime, case_id, fence=0, performer=_NoPerformer())
        self._wanted_version = version
        self._read = False
        self.rehearsed = Rehearsed(case_id=case_id, version=version or 0)

    async def _version(self) -> Process:
        standing = await super()._version()
        chosen = process_named(standing.id, self._wanted_version) if self._wanted_version else standing
        self.rehearsed.version = chosen.version
        return chosen

    async def _absorb_news(self) -> bool:
        if self._read:
            return False
        self._read = True
        return await super()._absorb_news()

    async def _open_pending(self) -> None:
        self.rehearsed.opens += list(self._pending)
        self._pending.clear()

    async def perform(
        self, task: StepTask[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], *, element: str, key: str
    ) -> Recorded:
        return await self._stop_at(key)

    async def record_step(
        self, key: str, element: str, result: Any, effects: Sequence[Effect], *, locks: Sequence[str] = ()
    ) -> Recorded:
        return await self._stop_at(key)

    async def drop(
        self, key: str, kind: str, said: dict[str, Any], branches: Sequence[str], keys: Sequence[str], reason: str
    ) -> bool:
        self.leave(branches, keys)
        return await self._stop_at(key)

    async def _stop_at(self, key: str) -> NoReturn:
        self.rehearsed.carries_out.append(key)
        await self.branches.park([NEVER], 1)
        raise AssertionError("a parked branch of a rehearsal is never released")

    async def _close(self, key: str, result: Record) -> Closed:
        self.rehearsed.closes = True
        return Closed(result=result.model_dump(mode="json"))

    async def _park(self) -> Parked | None:
        return Parked(waiting_for="")


async def rehearse(runtime: Runtime, case_id: str, *, version: int | None = None) -> Rehearsed:
    """Replay an open case under a version (its own by default) without any effect.

    :raises UnknownCase, CaseIsClosed, UnknownProcess:
    """
    run = ClosedRun(runtime, case_id, version=version)
    try:
        await run.go()
    except ReplayMismatch as mismatch:
        run.rehearsed.mismatch = str(mismatch)
    except CaseEnded as ended:
        raise CaseIsClosed(case=case_id, state=ended.state) from ended
    except (EngineError, LedgerError, DBAPIError, OSError):
        raise
    except Exception as error:
        # What the flow function itself stumbles over would stop the case just as well.
        run.rehearsed.mismatch = f"{type(error).__name__}: {error}"
    return run.rehearsed


async def migrate_case(runtime: Runtime, case_id: str, *, version: int, actor: Actor) -> Rehearsed:
    """Move an open case to another version of its process; refused unless the rehearsal fits.

    :raises DoesNotFit: the version does not fit what has happened in the case.
    """
    rehearsed = await rehearse(runtime, case_id, version=version)
    if not rehearsed.fits:
        raise DoesNotFit(rehearsed)
    async with runtime.ledger.read() as connection:
        seen = await reading.case(connection, case_id)
    if seen.version == version:
        return rehearsed
    async with runtime.ledger.begin() as work:
        (head,) = await work.lock(case_id)
        if head.state != "open":
            raise CaseIsClosed(case=case_id, state=head.state)
        work.append(case_id, "case:migrate", "", actor, {"from": seen.version, "to": version})
        work.want_run(case_id)
        await work.commit()
    return rehearsed
