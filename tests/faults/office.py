"""A whole office in one process: forms come in, runs go on, deadlines fire, mails leave. It may die at any point.

The worker's loops are driven by hand, one round after the other; what they call is the product's own. Only Prefect is
not there: a piece of work is performed in place, and a run sleeps by ending.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self, TypeVar
from uuid import UUID

from prefect.exceptions import Pause
from pydantic import SecretStr
from sqlalchemy import and_, event, func, or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

import ledger.clock
from engine import prefect_run
from engine.intake import Intake
from engine.lease import claim
from engine.mail_out import MailOut
from engine.runtime import Runtime
from engine.settings import Settings
from engine.sweep import sweep_once
from ledger import reading, tables, waits
from ledger.database import open_database
from ledger.hand_offs import Accepted
from ledger.work import Ledger
from notifications.mailer import Delivery, Mailer, MailServer
from tests.conftest import ClockThatIsSet
from tests.faults.dying import Faults

T = TypeVar("T")
SETTINGS = Settings(secret_key=SecretStr("k" * 40), smtp_connections=1, _env_file=None)
MOST_ROUNDS = 40


class _Compiled(dict[Any, Any]):
    """Statements as they were compiled. SQLAlchemy asks by dialect, of which every engine has its own; here by name."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__((key[0].name, *key[1:]), compiled)


_COMPILED = _Compiled()


def quick(engine: AsyncEngine) -> AsyncEngine:
    """Processes die here by the hundred, and no plug is pulled: statements are compiled once, commits do not wait."""

    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        if engine.dialect.name == "sqlite":
            connection.execute("PRAGMA synchronous=OFF")

    return engine.execution_options(compiled_cache=_COMPILED)


class MachineClock:
    """The machine's time, which can be set on so that leases, claims and pauses run out."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Screens:
    """What officers have before them: it survives the death of any server."""

    forms: dict[str, str] = field(default_factory=dict)
    """Id of the hand-off by what the officer is doing."""
    receipts: dict[str, Accepted] = field(default_factory=dict)


class WatchedMailer(Mailer):
    """The product's mailer, with a point on either side of each mail."""

    faults: Faults

    async def send(self, message: Any, recipients: Any) -> Delivery:
        return await self.faults.around("mail", lambda: super(WatchedMailer, self).send(message, recipients))


class InPlace:
    """Performs work at once, with a point on either side, and again as Prefect would."""

    faults: Faults

    async def perform(
        self, work: Callable[[], Awaitable[T]], *, element: str, name: str, retries: int, retry_delay_seconds: float
    ) -> T:
        for left in reversed(range(retries + 1)):
            try:
                return await self.faults.around(f"task {element}", work)
            except Exception as error:
                if not left or not isinstance(error, DBAPIError | OSError):
                    raise
        raise AssertionError("every attempt returns or raises")


class Office:
    """One life of the office's processes. All that it knows is lost when it ends."""

    def __init__(
        self, url: str, clock: ClockThatIsSet, machine: MachineClock, faults: Faults, screens: Screens, smtp: int
    ) -> None:
        self.clock, self.machine, self.faults, self.screens = clock, machine, faults, screens
        self.engine = quick(open_database(url))
        faults.watch(self.engine)
        self.runtime = Runtime(SETTINGS, Ledger(self.engine, clock))
        self.intake = Intake(self.runtime)
        self.mailer = WatchedMailer(MailServer(host="127.0.0.1", port=smtp, timeout=5), connections=1)
        self.mailer.faults = faults
        self.troubles: list[Exception] = []
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._stack.push_async_callback(self.engine.dispose)
        await self.runtime.refresh(at_once=True)
        await self._stack.enter_async_context(self.intake)
        await self._stack.enter_async_context(self.mailer)
        self.mail_out = MailOut(self.runtime, self.mailer)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    # --- the people ------------------------------------------------------------------------------------

    async def patiently(self, act: Callable[[Office], Awaitable[None]]) -> None:
        """Officers who meet an error page do it again."""
        for _ in range(MOST_ROUNDS):
            try:
                return await act(self)
            except Exception as trouble:
                self.troubles.append(trouble)
        raise self.troubles[-1]

    async def hand_in(
        self, subject: str, element: str, data: Mapping[str, Any], *, unit: str = "", again: bool = False
    ) -> None:
        """The holder opens the form and sends it; on a second attempt the very form that is on the screen."""
        screen = f"{subject}/{element}/{unit}/{again}"
        async with self.runtime.ledger.read() as connection:
            if screen not in self.screens.forms:
                found = await reading.hand_offs_of_subject(connection, subject)
                (work,) = [h for h in found if h.state == "open" and h.element == element and unit in ("", h.unit)]
                self.screens.forms[screen] = work.id
            work = await reading.hand_off(connection, self.screens.forms[screen])
        (holder, *_) = self.runtime.post.holders_of(work)
        receipt = await self.intake.submit(work.id, data, officer=holder.id, through="test")
        first = self.screens.receipts.setdefault(work.id, receipt)
        assert (first.seq, first.hash) == (receipt.seq, receipt.hash), "two receipts for one form"

    # --- the machinery ---------------------------------------------------------------------------------

    async def pass_to(self, moment: datetime) -> None:
        """Time passes: everything that falls due until then happens at its own moment, what was left undone first."""
        await self.come_to_rest()
        while (upcoming := await self._upcoming()) is not None and upcoming <= moment:
            self.clock.moment = max(self.clock.moment, upcoming)
            await self.come_to_rest()
        self.clock.moment = max(self.clock.moment, moment)

    async def _upcoming(self) -> datetime | None:
        async with self.runtime.ledger.begin() as work:
            return await waits.next_moment(work.connection)

    async def come_to_rest(self) -> None:
        """Go round the loops until nothing is wanted, due or queued."""
        for _ in range(MOST_ROUNDS):
            found = await self._round(lambda: sweep_once(self.runtime))
            found += await self._round(self.run_wanted)
            found += await self._round(self.mail_out.once)
            if not found and not await self._left():
                return
            if not found:
                self.machine.ahead += timedelta(minutes=10)
        raise AssertionError(f"the office does not come to rest: {self.troubles}")

    async def _round(self, once: Callable[[], Awaitable[int]]) -> int:
        """As the worker's loops do: one that fails goes on the next time, so the office is not at rest yet."""
        try:
            return await once()
        except Exception as trouble:
            self.troubles.append(trouble)
            return 1

    async def _left(self) -> int:
        c, m = tables.cases.c, tables.mails.c
        async with self.runtime.ledger.read() as connection:
            wanted = await connection.scalar(select(func.count()).where(c.wanted == "run"))
            queued = await connection.scalar(select(func.count()).where(m.state == "queued"))
        return int(wanted or 0) + int(queued or 0)

    async def run_wanted(self) -> int:
        """Run every case that wants a run and that no other run holds."""
        c, now = tables.cases.c, ledger.clock.machine_now()
        free = or_(c.lease_until.is_(None), c.lease_until < now)
        async with self.runtime.ledger.read() as connection:
            wanted = select(c.id).where(and_(c.wanted == "run", c.wanted_at <= now, free)).order_by(c.id)
            ids = list((await connection.scalars(wanted)).all())
        await self.runtime.refresh(at_once=True)
        for case_id in ids:
            await self._run(case_id)
        return len(ids)

    async def _run(self, case_id: str) -> None:
        lease = await claim(self.runtime.ledger, case_id, runner="office", seconds=60, flow_run_id=str(UUID(int=0)))
        if lease is not None:
            with contextlib.suppress(Pause):
                await prefect_run._carry_out_leased(self.runtime, lease, UUID(int=0))
